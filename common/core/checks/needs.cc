#include "common/core/checks/needs.h"

#include <tuple>

#include "common/core/base/text.h"
#include "common/core/manifest/resource_names.h"
#include "common/core/profile/cluster_profile.h"

namespace datafly::checks {

namespace {

using Key = std::tuple<std::string, std::string, std::string, std::string>;
using NeedMap = std::map<Key, Need>;

/// Names add up; a need without names covers them all; required wins over optional.
void Add(NeedMap& map, Need need) {
  Key key{need.name_space, need.group, need.resource, need.verb};
  auto [it, inserted] = map.emplace(std::move(key), need);
  if (inserted) return;
  Need& known = it->second;
  known.optional = known.optional && need.optional;
  if (known.names.empty() || need.names.empty()) {
    known.names.clear();
    return;
  }
  for (std::string& name : need.names) {
    bool there = std::find(known.names.begin(), known.names.end(), name) != known.names.end();
    if (!there) known.names.push_back(std::move(name));
  }
}

std::vector<Need> ToVector(NeedMap&& map) {
  std::vector<Need> needs;
  for (auto& [key, need] : map) needs.push_back(std::move(need));
  return needs;
}

struct Resource {
  std::string group;
  manifest::ResourceName name;
};

Resource ResourceOf(const RenderedObject& object) {
  auto slash = object.api_version.find('/');
  std::string group = slash == std::string::npos ? "" : object.api_version.substr(0, slash);
  manifest::ResourceName name = manifest::ResourceNameOf(group, object.kind);
  return {std::move(group), std::move(name)};
}

Need Plain(std::string_view verb, std::string_view group, std::string_view resource,
           const std::string& name_space, bool optional = false) {
  Need need;
  need.verb = verb;
  need.group = group;
  need.resource = resource;
  need.name_space = name_space;
  need.optional = optional;
  return need;
}

/// Helm's storage: it lists and reads all revisions, creates one, updates the last two, prunes.
/// Nothing when the records are not in the cluster.
void AddRecords(NeedMap& map, const Facts& facts, std::initializer_list<std::string_view> verbs) {
  const std::string_view resource = release::ResourceOf(facts.record_store);
  if (resource.empty()) return;
  for (std::string_view verb : verbs) Add(map, Plain(verb, "", resource, facts.scope.name_space));
}

/// Helm gets each object, patches it or creates it; what is no longer rendered it deletes, and a
/// rollback deletes what is new. `update` is only for
/// --force-replace. A create cannot be limited to a name.
void AddObject(NeedMap& map, const RenderedObject& object, const std::string& name_space) {
  Resource resource = ResourceOf(object);
  const std::string& own = object.name_space.empty() ? name_space : object.name_space;
  for (std::string_view verb : {"get", "create", "patch", "delete"}) {
    Need need = Plain(verb, resource.group, resource.name.plural,
                      resource.name.namespaced ? own : std::string());
    if (verb != "create") need.names = {object.name};
    need.guessed = resource.name.guessed;
    Add(map, std::move(need));
  }
}

/// Helm deletes what a hook left before, creates it anew (Helm 4 by a patch, server-side) and
/// watches a Job or a Pod until it ends (helm pkg/action/hooks.go, pkg/kube).
void AddHook(NeedMap& map, const RenderedObject& hook, const std::string& name_space) {
  const Resource resource = ResourceOf(hook);
  std::string own = hook.name_space.empty() ? name_space : hook.name_space;
  if (!resource.name.namespaced) own.clear();
  const auto add = [&](std::string_view verb, bool by_name) {
    Need need = Plain(verb, resource.group, resource.name.plural, own);
    if (by_name) need.names = {hook.name};
    need.guessed = resource.name.guessed;
    Add(map, std::move(need));
  };
  for (const std::string_view verb : {"get", "patch", "delete"}) add(verb, true);
  add("create", false);
  if (hook.kind != "Job" && hook.kind != "Pod") return;
  for (const std::string_view verb : {"list", "watch"}) add(verb, false);
}

void AddManifest(NeedMap& map, const Rendered& rendered, const std::string& name_space) {
  for (const RenderedObject& object : rendered.objects) AddObject(map, object, name_space);
  for (const RenderedObject& hook : rendered.hooks) AddHook(map, hook, name_space);
}

struct ListedResource {
  std::string_view group;
  std::string_view resource;
};

/// What the gatherers list in the namespace, beside the release records.
constexpr std::array<ListedResource, 7> kListed = {{{"", "pods"},
                                                    {"", "resourcequotas"},
                                                    {"apps", "daemonsets"},
                                                    {"apps", "deployments"},
                                                    {"apps", "statefulsets"},
                                                    {"autoscaling", "horizontalpodautoscalers"},
                                                    {"policy", "poddisruptionbudgets"}}};

void AddReading(NeedMap& map, const Facts& facts) {
  const std::string& name_space = facts.scope.name_space;
  for (const ListedResource& listed : kListed) {
    Add(map, Plain("list", listed.group, listed.resource, name_space));
  }
  AddRecords(map, facts, {"get", "list"});
  Need own_profile = Plain("get", "", "configmaps", name_space, true);
  own_profile.names = {std::string(kClusterProfileName)};
  Add(map, std::move(own_profile));
  Add(map, Plain("list", "", "nodes", "", true));
}

/// With a target: what helm gets for its own dry-run, the server-side dry-run of its objects, the
/// live objects that they are compared with, the CRDs, pull secrets, pods elsewhere for the surge.
void AddTargetReading(NeedMap& map, const Facts& facts) {
  if (!facts.target) return;
  std::map<std::string, int> seen;  // by kind and namespace
  for (const RenderedObject& object : facts.target->rendered.objects) {
    Resource resource = ResourceOf(object);
    std::string own = object.name_space.empty() ? facts.scope.name_space : object.name_space;
    if (!resource.name.namespaced) own.clear();
    auto add = [&](std::string_view verb) {
      Need need = Plain(verb, resource.group, resource.name.plural, own, true);
      need.guessed = resource.name.guessed;
      Add(map, std::move(need));
    };
    for (std::string_view verb : {"get", "create", "patch"}) add(verb);
    // Live objects are got by their names where there are few of a kind.
    constexpr int kFewNames = 2;
    const std::string kind = fmt::format("{}/{}/{}", resource.group, resource.name.plural, own);
    if (++seen[kind] == kFewNames + 1) add("list");
  }
  Add(map, Plain("get", "apiextensions.k8s.io", "customresourcedefinitions", "", true));
  Add(map, Plain("list", "", "pods", "", true));
  Add(map, Plain("get", "", "secrets", facts.scope.name_space, true));
}

/// Beside workloads and pods: what tells causes, and the last lines of a log. `watch`: followed,
/// not only looked at.
void AddCauseReading(NeedMap& map, const Facts& facts, bool watch) {
  const std::string& name_space = facts.scope.name_space;
  constexpr std::array<ListedResource, 3> kTelling = {
      {{"", "events"}, {"apps", "replicasets"}, {"discovery.k8s.io", "endpointslices"}}};
  for (const ListedResource& listed : kTelling)
    Add(map, Plain("list", listed.group, listed.resource, name_space, true));
  Add(map, Plain("get", "", "pods/log", name_space, true));
  if (!watch) return;
  for (const std::string_view resource :
       {"daemonsets", "deployments", "replicasets", "statefulsets"}) {
    Add(map, Plain("watch", "apps", resource, name_space));
  }
  Add(map, Plain("watch", "", "pods", name_space));
  Add(map, Plain("watch", "", "events", name_space, true));
  Add(map, Plain("watch", "autoscaling", "horizontalpodautoscalers", name_space, true));
}

/// The TLS Secrets of the release's Ingresses, each by its name.
void AddCertificateReading(NeedMap& map, const Facts& facts) {
  const std::string& name_space = facts.scope.name_space;
  Add(map, Plain("list", "networking.k8s.io", "ingresses", name_space, true));
  if (!facts.tls_secrets || facts.tls_secrets->empty()) return;
  Need need = Plain("get", "", "secrets", name_space, true);
  for (const TlsSecretFacts& secret : *facts.tls_secrets) need.names.push_back(secret.secret);
  Add(map, std::move(need));
}

/// What a command reads beside today's state.
enum class Reading { Target, Causes, Rollout, Certificates };

std::vector<Need> NeedsOfReading(const Facts& facts, std::initializer_list<Reading> readings) {
  NeedMap map;
  AddReading(map, facts);
  for (const Reading reading : readings) {
    if (reading == Reading::Target) AddTargetReading(map, facts);
    if (reading == Reading::Causes) AddCauseReading(map, facts, false);
    if (reading == Reading::Rollout) AddCauseReading(map, facts, true);
    if (reading == Reading::Certificates) AddCertificateReading(map, facts);
  }
  return ToVector(std::move(map));
}

/// The journal's entries, each a ConfigMap whose name nobody knows before.
void AddJournalReading(NeedMap& map, const Facts& facts) {
  Add(map, Plain("list", "", "configmaps", facts.scope.name_space));
}

/// What helm signal writes itself: its lease, its journal, and the record of a revision that a dead
/// helm has left pending.
void AddOwnWriting(NeedMap& map, const Facts& facts) {
  const std::string& name_space = facts.scope.name_space;
  for (const std::string_view verb : {"get", "update"}) {
    Need lease = Plain(verb, "coordination.k8s.io", "leases", name_space);
    if (!facts.scope.release.empty()) lease.names = {"signal-" + facts.scope.release};
    Add(map, std::move(lease));
  }
  Add(map, Plain("create", "coordination.k8s.io", "leases", name_space));
  AddJournalReading(map, facts);
  for (const std::string_view verb : {"get", "create", "update"})
    Add(map, Plain(verb, "", "configmaps", name_space));
  Add(map, Plain("delete", "", "configmaps", name_space, true));  // old entries of the journal
  AddRecords(map, facts, {"get", "list", "update"});
}

std::vector<Need> NeedsOfChange(const Facts& facts) {
  NeedMap map;
  AddReading(map, facts);
  AddTargetReading(map, facts);
  AddCauseReading(map, facts, true);
  AddOwnWriting(map, facts);
  for (Need& need : NeedsOfUpgrade(facts)) Add(map, std::move(need));
  return ToVector(std::move(map));
}

std::vector<Need> NeedsOfHistory(const Facts& facts) {
  NeedMap map;
  AddRecords(map, facts, {"get", "list"});
  Need journal = Plain("list", "", "configmaps", facts.scope.name_space, true);
  Add(map, std::move(journal));
  return ToVector(std::move(map));
}

/// Evidence is what a helm wrote last (managedFields of the release's objects) and hooks that run.
std::vector<Need> NeedsOfUnlock(const Facts& facts) {
  NeedMap map;
  AddOwnWriting(map, facts);
  if (facts.release) {
    for (const RenderedObject& object : facts.release->rendered.objects) {
      const Resource resource = ResourceOf(object);
      Need need = Plain("get", resource.group, resource.name.plural, facts.scope.name_space, true);
      if (!resource.name.namespaced) need.name_space.clear();
      if (resource.name.namespaced && !object.name_space.empty())
        need.name_space = object.name_space;
      need.names = {object.name};
      Add(map, std::move(need));
    }
  }
  Add(map, Plain("get", "batch", "jobs", facts.scope.name_space, true));
  return ToVector(std::move(map));
}

}  // namespace

std::string Need::Resource() const {
  return group.empty() ? resource : fmt::format("{}.{}", resource, group);
}

std::vector<Need> NeedsOfUpgrade(const Facts& facts) {
  NeedMap map;
  const std::string& name_space = facts.scope.name_space;
  AddRecords(map, facts, {"get", "list", "create", "update", "delete"});
  if (facts.release) AddManifest(map, facts.release->rendered, name_space);
  if (facts.target) AddManifest(map, facts.target->rendered, name_space);
  return ToVector(std::move(map));
}

std::vector<std::string> CommandsWithNeeds() {
  return {"preflight", "health",   "rollout", "diagnose", "snapshot",
          "upgrade",   "rollback", "history", "unlock"};
}

bool TakesAllNamespaces(std::string_view command) {
  return command == "preflight" || command == "health";
}

std::vector<Need> AcrossNamespaces(const std::vector<Need>& needs) {
  NeedMap map;
  for (Need need : needs) {
    need.name_space.clear();
    // Elsewhere objects have other names; only the profile's is the same everywhere.
    if (need.names != std::vector<std::string>{std::string(kClusterProfileName)})
      need.names.clear();
    Add(map, std::move(need));
  }
  Add(map, Plain("list", "", "namespaces", "", true));
  return ToVector(std::move(map));
}

Result<std::vector<Need>> NeedsOfCommand(std::string_view command, const Facts& facts) {
  if (command == "preflight") return NeedsOfReading(facts, {Reading::Target});
  if (command == "health") return NeedsOfReading(facts, {Reading::Causes, Reading::Certificates});
  if (command == "diagnose") return NeedsOfReading(facts, {Reading::Causes});
  if (command == "rollout") return NeedsOfReading(facts, {Reading::Rollout});
  if (command == "snapshot")
    return NeedsOfReading(facts, {Reading::Target, Reading::Causes, Reading::Certificates});
  if (command == "upgrade" || command == "rollback") return NeedsOfChange(facts);
  if (command == "history") return NeedsOfHistory(facts);
  if (command == "unlock") return NeedsOfUnlock(facts);
  std::string nearest = NearestWord(command, CommandsWithNeeds());
  std::string remedy = fmt::format("the commands are {}", fmt::join(CommandsWithNeeds(), ", "));
  if (!nearest.empty()) remedy = fmt::format("did you mean \"{}\"?", nearest);
  return Fail(Error::NotFound(fmt::format("no needs are known of a command \"{}\"", command),
                              std::move(remedy)));
}

}  // namespace datafly::checks

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

void AddManifest(NeedMap& map, const Rendered& rendered, const std::string& name_space) {
  for (const RenderedObject& object : rendered.objects) AddObject(map, object, name_space);
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

std::vector<Need> NeedsOfChange(const Facts& facts) {
  NeedMap map;
  AddReading(map, facts);
  AddTargetReading(map, facts);
  for (Need& need : NeedsOfUpgrade(facts)) Add(map, std::move(need));
  return ToVector(std::move(map));
}

bool Has(const std::vector<std::string>& list, std::string_view value) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& entry) { return entry == value || entry == "*"; });
}

/// A rule for named objects covers a need only for those, and never a create or a list.
bool CoversNames(const AccessRule& rule, const Need& need) {
  if (rule.names.empty()) return true;
  if (need.names.empty() || need.verb == "create" || need.verb == "list") return false;
  return std::all_of(need.names.begin(), need.names.end(),
                     [&](const std::string& name) { return Has(rule.names, name); });
}

bool RuleGrants(const AccessRule& rule, const Need& need) {
  return Has(rule.verbs, need.verb) && Has(rule.groups, need.group) &&
         Has(rule.resources, need.resource) && CoversNames(rule, need);
}

bool IsAbout(const AccessAnswer& answer, const Need& need) {
  return answer.verb == need.verb && answer.group == need.group &&
         answer.resource == need.resource && answer.name_space == need.name_space;
}

/// What single questions said of a need. Denied for any object, it may still be granted for the
/// named ones.
enum class Answered { No, Allowed, Denied, DeniedForAny };

Answered ByAnswer(const AccessAnswer& answer, const Need& need) {
  bool of_interest = answer.name.empty() || Has(need.names, answer.name);
  if (!of_interest || !IsAbout(answer, need)) return Answered::No;
  bool settles = answer.name.empty() || need.names.size() == 1;
  if (answer.allowed) return settles ? Answered::Allowed : Answered::No;
  return answer.name.empty() && !need.names.empty() ? Answered::DeniedForAny : Answered::Denied;
}

Answered ByAnswers(const Need& need, const Facts& facts) {
  Answered result = Answered::No;
  if (!facts.access_answers) return result;
  for (const AccessAnswer& answer : *facts.access_answers) {
    Answered one = ByAnswer(answer, need);
    if (one == Answered::Allowed || one == Answered::Denied) return one;
    if (one == Answered::DeniedForAny) result = one;
  }
  return result;
}

/// A review is of one namespace and mixes in what RoleBindings there grant; elsewhere it can only
/// say that no rule at all is about the need.
Grant ByReview(const Need& need, const Facts& facts, bool denied_for_any) {
  if (!facts.access) return Grant::Unknown;
  bool here = need.name_space == facts.scope.name_space;
  if (Grants(*facts.access, need)) return here ? Grant::Yes : Grant::Unknown;
  if (facts.access->incomplete) return Grant::Unknown;
  return here || denied_for_any ? Grant::No : Grant::Unknown;
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
  return {"preflight", "health", "rollout", "diagnose", "snapshot", "upgrade", "rollback"};
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
  std::string nearest = NearestWord(command, CommandsWithNeeds());
  std::string remedy = fmt::format("the commands are {}", fmt::join(CommandsWithNeeds(), ", "));
  if (!nearest.empty()) remedy = fmt::format("did you mean \"{}\"?", nearest);
  return Fail(Error::NotFound(fmt::format("no needs are known of a command \"{}\"", command),
                              std::move(remedy)));
}

bool Grants(const AccessReview& review, const Need& need) {
  return std::any_of(review.rules.begin(), review.rules.end(),
                     [&](const AccessRule& rule) { return RuleGrants(rule, need); });
}

Grant GrantOf(const Need& need, const Facts& facts) {
  Answered answered = ByAnswers(need, facts);
  if (answered == Answered::Allowed) return Grant::Yes;
  if (answered == Answered::Denied) return Grant::No;
  return ByReview(need, facts, answered == Answered::DeniedForAny);
}

std::vector<NeedGap> MissingNeeds(const std::vector<Need>& needs, const Facts& facts) {
  std::vector<NeedGap> gaps;
  for (const Need& need : needs) {
    Grant grant = GrantOf(need, facts);
    if (grant != Grant::Yes) gaps.push_back({need, grant});
  }
  return gaps;
}

}  // namespace datafly::checks

#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/removed_apis.h"
#include "common/core/checks/target.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kSource =
    "kubernetes.io/docs/reference/using-api/deprecation-guide; GET /apis of the server";

constexpr std::array kSpecs = {
    CheckSpec{"SIG-API-001", "The server serves every API version of today's manifest",
              Requirement::Required, true,
              "Helm builds the objects of the deployed revision before it compares: an API version "
              "that is gone stops every upgrade and rollback with \"no matches for kind\".",
              "Rewrite the release record to API versions that are served, with Helm's plugin "
              "mapkubeapis: helm mapkubeapis RELEASE.",
              kSource},
    CheckSpec{"SIG-API-002", "The server serves every API version of the target's manifest",
              Requirement::Required, true,
              "An object of an API version that the server does not have cannot be applied: the "
              "upgrade fails before it changes anything.",
              "Choose a chart version that renders a served API version, or install what serves "
              "it; or switch the object off in the values.",
              kSource},
    CheckSpec{"SIG-API-003", "The server serves every API version of the revision to roll back to",
              Requirement::Advisory, true,
              "A rollback applies the old manifest as it stands in its record. If the server no "
              "longer has one of its API versions, there is no way back to it.",
              "Plan the way back by another revision: helm history shows them.", kSource},
};

/// What is known of the server: either may be missing.
struct Server {
  const ServedApis* served = nullptr;
  std::optional<int> minor;
};

Server ReadServer(const Facts& facts) {
  Server server;
  if (facts.served_apis) server.served = &*facts.served_apis;
  if (facts.server_version) server.minor = KubernetesMinor(facts.server_version->git_version);
  return server;
}

enum class ApiState { Served, Deprecated, NotServed, Unknown };

/// "policy/v1beta1" -> "policy"; "v1" -> "".
std::string_view GroupOf(std::string_view group_version) {
  auto slash = group_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : group_version.substr(0, slash);
}

/// Groups of Kubernetes itself: without a dot, or under k8s.io.
bool IsBuiltIn(std::string_view group) {
  return group.find('.') == std::string_view::npos || group.ends_with(".k8s.io");
}

ApiState StateOf(const RenderedObject& object, const Server& server) {
  const RemovedApi* removed = FindRemovedApi(object.api_version, object.kind);
  if (removed != nullptr && server.minor && *server.minor >= removed->minor) {
    return ApiState::NotServed;
  }
  if (server.served != nullptr && !server.served->group_versions.contains(object.api_version)) {
    return ApiState::NotServed;
  }
  bool table_is_enough = server.minor && IsBuiltIn(GroupOf(object.api_version));
  if (server.served == nullptr && !table_is_enough) return ApiState::Unknown;
  return removed != nullptr ? ApiState::Deprecated : ApiState::Served;
}

/// Objects of one API version and kind.
struct Group {
  ApiState state;
  std::string api_version;
  std::string kind;
  std::vector<std::string> objects;
};

std::vector<Group> GroupObjects(const std::vector<RenderedObject>& objects, const Server& server) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (const RenderedObject& object : objects) {
    auto& group = groups[{object.api_version, object.kind}];
    group.state = StateOf(object, server);
    group.api_version = object.api_version;
    group.kind = object.kind;
    group.objects.push_back(object.kind + "/" + object.name);
  }
  std::vector<Group> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  return out;
}

std::string Replacement(const Group& group) {
  const RemovedApi* removed = FindRemovedApi(group.api_version, group.kind);
  if (removed == nullptr) return {};
  if (removed->replacement.empty())
    return fmt::format("removed in Kubernetes 1.{}", removed->minor);
  return fmt::format("removed in Kubernetes 1.{}, use {}", removed->minor, removed->replacement);
}

std::string DescribeNotServed(const Group& group) {
  std::string replacement = Replacement(group);
  return replacement.empty() ? "the server does not serve it" : replacement;
}

/// The manifest that a code is about.
struct Subject {
  std::string_view code;
  CheckVerdict when_not_served;
  std::string remedy;
};

Finding GroupFinding(const Subject& subject, CheckVerdict verdict, const Group& group,
                     std::string seen) {
  Finding finding = Make(subject.code, verdict, fmt::format("{} {}", group.api_version, group.kind),
                         std::move(seen), subject.remedy);
  finding.evidence = group.objects;
  return finding;
}

void AddGroup(const Subject& subject, const Group& group, const Facts& facts,
              std::vector<Finding>& out) {
  switch (group.state) {
    case ApiState::Served:
      break;
    case ApiState::NotServed:
      out.push_back(
          GroupFinding(subject, subject.when_not_served, group, DescribeNotServed(group)));
      break;
    case ApiState::Deprecated:
      out.push_back(GroupFinding(subject, CheckVerdict::Warn, group,
                                 "served today, will be " + Replacement(group)));
      break;
    case ApiState::Unknown:
      out.push_back(MakeUnknown(subject.code, fmt::format("{} {}", group.api_version, group.kind),
                                facts.served_apis.absence(), facts.scope));
      break;
  }
}

std::vector<Finding> JudgeManifest(const Subject& subject,
                                   const std::vector<RenderedObject>& objects, const Facts& facts) {
  std::vector<Finding> out;
  std::vector<Group> groups = GroupObjects(objects, ReadServer(facts));
  for (const Group& group : groups) AddGroup(subject, group, facts, out);
  if (out.empty() && objects.empty()) {
    out.push_back(MakeSkipped(subject.code, "the manifest holds no object"));
  } else if (out.empty()) {
    out.push_back(Make(subject.code, CheckVerdict::Pass, {},
                       fmt::format("{} objects of {} kinds", objects.size(), groups.size())));
  }
  return out;
}

/// Groups that the target's own CRDs bring: SIG-CRD judges those.
bool BroughtByTarget(const TargetFacts& target, std::string_view group) {
  if (!target.crds) return false;
  return std::any_of(target.crds->begin(), target.crds->end(), [&](const CrdFacts& crd) {
    auto dot = crd.name.find('.');
    return dot != std::string::npos && std::string_view(crd.name).substr(dot + 1) == group;
  });
}

std::vector<RenderedObject> WithoutOwnCrds(const TargetFacts& target) {
  std::vector<RenderedObject> out;
  for (const RenderedObject& object : target.rendered.objects) {
    if (!BroughtByTarget(target, GroupOf(object.api_version))) out.push_back(object);
  }
  return out;
}

std::vector<Finding> Today(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-API-001";
  if (!facts.release) return {SkippedWithoutRelease(kCode)};
  std::string remedy =
      fmt::format("{} mapkubeapis {}", Helm(facts.scope), ShellQuote(facts.release->name));
  return JudgeManifest({kCode, CheckVerdict::Fail, std::move(remedy)},
                       facts.release->rendered.objects, facts);
}

/// Helm could not render the target because the server lacks kinds of it: its error names them.
std::vector<Finding> NamedByHelm(const Subject& subject, const Facts& facts) {
  const std::string& error = facts.target.absence().reason;
  if (IsAboutTodaysManifest(error)) {
    return {MakeSkipped(subject.code, "today's manifest stops helm (SIG-API-001)")};
  }
  std::vector<Finding> out;
  std::set<std::string> seen;
  for (const MissingKind& missing : MissingKindsIn(error)) {
    Group group{ApiState::NotServed, missing.api_version, missing.kind, {}};
    if (!seen.insert(missing.api_version + " " + missing.kind).second) continue;
    AddGroup(subject, group, facts, out);
  }
  return out;
}

std::vector<Finding> Target(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-API-002";
  if (!facts.target) {
    bool named = !MissingKindsIn(facts.target.absence().reason).empty();
    if (named) return NamedByHelm({kCode, CheckVerdict::Fail, {}}, facts);
    return {SkippedWithoutTarget(kCode, facts)};
  }
  return JudgeManifest({kCode, CheckVerdict::Fail, {}}, WithoutOwnCrds(*facts.target), facts);
}

std::vector<Finding> Rollback(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-API-003";
  if (!facts.release) return {SkippedWithoutRelease(kCode)};
  const ReleaseFacts& release = *facts.release;
  if (release.rollback) {
    std::string remedy =
        fmt::format("{} history {}", Helm(facts.scope), ShellQuote(facts.release->name));
    return JudgeManifest({kCode, CheckVerdict::Warn, std::move(remedy)}, release.rollback->objects,
                         facts);
  }
  AbsenceKind kind = release.rollback.absence().kind;
  if (kind == AbsenceKind::NotFound || kind == AbsenceKind::NotAsked) {
    return {MakeSkipped(kCode, "no earlier revision to go back to")};
  }
  return {MakeUnknown(kCode, fmt::format("revision {}", release.rollback_revision),
                      release.rollback.absence(), facts.scope)};
}

std::vector<Finding> JudgeApis(const Input& input) {
  std::vector<Finding> out;
  for (auto& part : {Today(input.facts), Target(input.facts), Rollback(input.facts)}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace

const Family kApisFamily{"apis", "API versions", kSpecs, JudgeApis};

}  // namespace datafly::checks

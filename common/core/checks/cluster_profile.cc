#include "common/core/profile/cluster_profile.h"

#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kCode = "SIG-PROF-001";

constexpr std::array kSpecs = {
    CheckSpec{kCode, "What the cluster's own profile asks for is in force", Requirement::Advisory,
              true,
              "Whoever runs the cluster may ask for more than your profile does, by a ConfigMap "
              "signal-profile in the namespace: higher minimums, younger backups, fewer restarts. "
              "It can never loosen anything.",
              "Correct the ConfigMap: kubectl edit configmap signal-profile; kubectl signal config "
              "explain says which keys it may set.",
              "ConfigMap signal-profile, key profile.yaml, in the release's namespace"},
};

std::string Object() { return fmt::format("ConfigMap/{}", kClusterProfileName); }

std::string Edit(const Scope& scope) {
  return fmt::format("{} edit configmap {}", Kubectl(scope), kClusterProfileName);
}

/// "tightens backups.maxAge and restarts.warn", by the keys; the values are evidence.
std::string Summary(const TightenedProfile& in_force) {
  std::vector<std::string> keys;
  for (const std::string& line : in_force.tightened) keys.push_back(line.substr(0, line.find(':')));
  if (keys.empty()) return "asks for nothing stricter than your profile";
  return "tightens " + JoinNames(keys);
}

void Append(Finding& finding, const std::vector<std::string>& lines, std::string_view prefix) {
  for (const std::string& line : lines)
    finding.evidence.push_back(OneLine(fmt::format("{}{}", prefix, line)));
}

Finding Judged(const ClusterProfile& cluster, const Input& input) {
  const TightenedProfile in_force = Tighten(input.own ? *input.own : input.profile, cluster);
  const std::string summary = Summary(in_force);
  Finding finding =
      cluster.refused.empty()
          ? Make(kCode, CheckVerdict::Pass, Object(), summary)
          : Make(kCode, CheckVerdict::Warn, Object(),
                 fmt::format("{}; {} not taken", summary,
                             Count(static_cast<std::int64_t>(cluster.refused.size()), "key")),
                 Edit(input.facts.scope));
  Append(finding, cluster.refused, "not taken: ");
  Append(finding, in_force.tightened, "");
  Append(finding, in_force.looser, "your profile is stricter: ");
  BoundEvidence(finding.evidence, 20);
  return finding;
}

std::vector<Finding> JudgeClusterProfile(const Input& input) {
  const Facts& facts = input.facts;
  if (facts.cluster_profile) return {Judged(*facts.cluster_profile, input)};
  const Absence& absence = facts.cluster_profile.absence();
  if (absence.kind == AbsenceKind::NotFound) {
    return {MakeSkipped(kCode, fmt::format("there is no ConfigMap {} in namespace {}",
                                           kClusterProfileName, facts.scope.name_space))};
  }
  Finding finding = MakeUnknown(kCode, Object(), absence, facts.scope);
  if (absence.kind == AbsenceKind::Invalid) finding.remedy = Edit(facts.scope);
  return {finding};
}

}  // namespace

const Family kProfileFamily{"profile", "The cluster's profile", kSpecs, JudgeClusterProfile};

}  // namespace datafly::checks

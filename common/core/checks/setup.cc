#include "common/core/checks/causes.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kVolumes = "SIG-DIA-001";
constexpr std::string_view kSandbox = "SIG-DIA-002";

constexpr std::array kSpecs = {
    CheckSpec{kVolumes, "Every pod gets its volumes", Requirement::Advisory, true,
              "A pod starts no container before all its volumes are mounted.",
              "Create the Secret or ConfigMap that is missing, or look at the volume with kubectl "
              "describe pod.",
              "events FailedMount and FailedAttachVolume on the pod (kubelet, attach-detach "
              "controller)"},
    CheckSpec{kSandbox, "Every pod gets its sandbox and its network", Requirement::Advisory, true,
              "Without a network from the node's CNI plugin no container of the pod starts.",
              "Look at the node's CNI plugin and its free addresses.",
              "events FailedCreatePodSandBox and NetworkNotReady on the pod (kubelet)"},
};

Finding FindingOf(const FoundGroup& found, const Scope& scope) {
  const rollout::Cause& first = found.group.members.front();
  Finding finding =
      Make(found.group.spec().code, found.certain ? CheckVerdict::Fail : CheckVerdict::Warn,
           JoinNames(found.group.Workloads()),
           fmt::format("{}: {}", Count(std::ssize(found.group.members), "pod"), first.summary),
           fmt::format("{} describe {}", Kubectl(scope), first.object));
  for (const rollout::Cause& cause : found.group.members)
    finding.evidence.push_back(cause.object + ": " + cause.detail);
  BoundEvidence(finding.evidence);
  return finding;
}

/// Only events tell these, and a preflight does not read them: then there is nothing to say.
std::vector<Finding> JudgeSetup(const Input& input) {
  std::vector<Finding> out;
  const Facts& facts = input.facts;
  const AbsenceKind why = facts.events.absence().kind;
  const bool asked = why != AbsenceKind::NotAsked && why != AbsenceKind::Snapshot;
  if (!facts.events && asked) {
    for (const CheckSpec& spec : kSpecs)
      out.push_back(MakeUnknown(spec.code, "events", facts.events.absence(), facts.scope));
  }
  if (!facts.events || !facts.pods) return out;
  const auto groups = GroupFound(FindCauses(input));
  for (const CheckSpec& spec : kSpecs) {
    const std::size_t before = out.size();
    for (const FoundGroup& found : groups) {
      if (found.group.spec().code == spec.code) out.push_back(FindingOf(found, input.facts.scope));
    }
    if (out.size() == before) {
      out.push_back(Make(spec.code, CheckVerdict::Pass, {},
                         Count(std::ssize(*input.facts.pods), "pod") + " looked at"));
    }
  }
  return out;
}

}  // namespace

const Family kSetupFamily{"setup", "Volumes and network", kSpecs, JudgeSetup};

}  // namespace datafly::checks

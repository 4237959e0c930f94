#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/pod_causes.h"
#include "common/core/checks/replica_failure.h"
#include "common/core/checks/wording.h"
#include "common/core/facts/pod_index.h"
#include "common/core/rollout/completion.h"

namespace datafly::checks {

namespace {

using kinds::Workload;

constexpr std::string_view kExists = "SIG-WRK-001";
constexpr std::string_view kComplete = "SIG-WRK-002";
constexpr std::string_view kDeadline = "SIG-WRK-003";
constexpr std::string_view kPaused = "SIG-WRK-004";

constexpr std::array kSpecs = {
    CheckSpec{kExists, "Every workload of the release exists", Requirement::Required, true,
              "What the manifest names and the cluster does not have was deleted by hand; the "
              "service is not there.",
              "Bring it back with helm rollback to the revision that is deployed.",
              "the release's manifest against apps/v1 Deployments, StatefulSets and DaemonSets"},
    CheckSpec{kComplete, "Every workload is complete for its current generation",
              Requirement::Required, true,
              "A rollout that is still going on, or has stopped half-way, mixes with the next one, "
              "and neither can be judged.",
              "Wait for it with kubectl rollout status.",
              "kubectl rollout status: generation, observedGeneration, updated, old and available "
              "replicas"},
    CheckSpec{kDeadline, "No rollout has exceeded its progress deadline", Requirement::Required,
              true, "The controller has given up waiting: the last change never became available.",
              "Find out why with kubectl describe, or go back with helm rollback.",
              "condition Progressing False: ProgressDeadlineExceeded"},
    CheckSpec{kPaused, "No rollout is paused", Requirement::Required, true,
              "A paused Deployment takes a new template and rolls out nothing: the upgrade would "
              "wait for ever.",
              "Resume it with kubectl rollout resume.", "apps/v1 DeploymentSpec.paused"},
    CheckSpec{kReplicaFailureCode, "The controllers can create pods", Requirement::Required, true,
              "The API server refuses the pods (quota, admission, service account). No pod exists, "
              "so nothing shows among the pods.",
              "Remove what the message names as the reason.",
              "condition ReplicaFailure True: FailedCreate"},
};

/// Where a workload stands, in the order of kubectl rollout status.
struct Standing {
  std::string_view code;  ///< "" when complete
  std::string seen;
  std::string remedy;
};

std::string Target(const Workload& workload) {
  return ShellQuote(ToLower(workload.kind) + "/" + workload.meta.name);
}

std::string RolloutStatus(const Workload& workload, const Scope& scope) {
  return fmt::format("{} rollout status {} --timeout=5m", Kubectl(scope), Target(workload));
}

std::string Progress(const Workload& workload) {
  return fmt::format("{} of {} replicas updated, {} available", workload.updated_replicas,
                     workload.DesiredReplicas(), workload.available_replicas);
}

Standing StandingOf(const Workload& workload, const Scope& scope) {
  if (workload.paused) {
    return {kPaused, "the rollout is paused; " + Progress(workload),
            fmt::format("{} rollout resume {}", Kubectl(scope), Target(workload))};
  }
  if (rollout::IsStale(workload)) {
    return {kComplete, "its controller has not seen the newest change yet",
            RolloutStatus(workload, scope)};
  }
  if (rollout::FindDeadlineExceeded(workload) != nullptr) {
    return {kDeadline, "gave up waiting: " + Progress(workload),
            fmt::format("{} describe {}", Kubectl(scope), Target(workload))};
  }
  const std::string waits_for = rollout::WaitsFor(workload);
  if (waits_for.empty()) return {};
  return {kComplete, waits_for, RolloutStatus(workload, scope)};
}

/// The code under which a pod of the workload already fails, or empty.
std::string_view CodeInPods(const Workload& workload, const PodIndex& pods, const Input& input) {
  for (const kinds::Pod* pod : pods.Of(workload)) {
    const auto cause = FindPodCause(*pod, input);
    if (cause && cause->code != kPodStuckTerminating) return cause->code;
  }
  return {};
}

Finding JudgeOne(const Workload& workload, const PodIndex& pods, const Input& input) {
  const Scope& scope = input.facts.scope;
  const Standing standing = StandingOf(workload, scope);
  if (standing.code == kPaused) {
    return Make(kPaused, CheckVerdict::Fail, workload.Id(), standing.seen, standing.remedy);
  }
  if (auto failure = FindReplicaFailure(workload, scope)) return std::move(*failure);
  if (standing.code.empty()) {
    return Make(
        kComplete, CheckVerdict::Pass, workload.Id(),
        fmt::format("{} updated and available", Count(workload.DesiredReplicas(), "replica")));
  }
  const std::string_view in_pods = CodeInPods(workload, pods, input);
  if (!in_pods.empty()) {
    return MakeSkipped(standing.code, fmt::format("{}; see {}", standing.seen, in_pods),
                       workload.Id());
  }
  return Make(standing.code, CheckVerdict::Fail, workload.Id(), standing.seen, standing.remedy);
}

bool IsLive(const Facts& facts, const Workload& rendered) {
  return std::any_of(facts.workloads->begin(), facts.workloads->end(), [&](const Workload& live) {
    return live.kind == rendered.kind && live.meta.name == rendered.meta.name;
  });
}

/// helm rollback to the revision that is deployed brings its objects back.
std::string BringBack(const Facts& facts) {
  return fmt::format("{} rollback {} {}", Helm(facts.scope), ShellQuote(facts.release->name),
                     facts.release->rendered_revision);
}

/// Of another namespace than the one that was listed: nothing can be said about it.
bool IsElsewhere(const Workload& rendered, const Scope& scope) {
  return !rendered.meta.name_space.empty() && rendered.meta.name_space != scope.name_space;
}

std::vector<Finding> JudgeExistence(const Facts& facts, std::size_t live_count) {
  std::vector<Finding> out;
  if (!facts.release) return {SkippedWithoutRelease(kExists)};
  bool hidden = false;  // by a list that was refused: Unlisted() says so
  for (const Workload& rendered : facts.release->rendered.workloads) {
    if (IsElsewhere(rendered, facts.scope) || IsLive(facts, rendered)) continue;
    if (facts.unlisted_workload_kinds.contains(rendered.kind)) {
      hidden = true;
      continue;
    }
    out.push_back(Make(kExists, CheckVerdict::Fail, rendered.Id(),
                       "named by the release's manifest, and not in the cluster",
                       BringBack(facts)));
  }
  if (!out.empty() || hidden) return out;
  const auto verdict = live_count == 0 ? CheckVerdict::Warn : CheckVerdict::Pass;
  const std::string seen = live_count == 0
                               ? "the release has no workloads"
                               : Count(static_cast<std::int64_t>(live_count), "workload");
  return {Make(kExists, verdict, ReleaseObject(facts), seen)};
}

bool Renders(const Facts& facts, const std::string& kind) {
  const auto& workloads = facts.release->rendered.workloads;
  return std::any_of(workloads.begin(), workloads.end(),
                     [&](const Workload& rendered) { return rendered.kind == kind; });
}

/// Kinds that could not be listed while others could. When the release's manifest holds none of the
/// kind, nothing of the release is hidden, and the line is only advisory.
std::vector<Finding> Unlisted(const Facts& facts) {
  std::vector<Finding> out;
  for (const auto& [kind, absence] : facts.unlisted_workload_kinds) {
    Finding finding = MakeUnknown(kExists, kind + "s", absence, facts.scope);
    if (facts.release && !Renders(facts, kind)) finding.requirement = Requirement::Advisory;
    out.push_back(std::move(finding));
  }
  return out;
}

Finding NothingFound(const CheckSpec& spec, std::size_t count) {
  return Make(spec.code, CheckVerdict::Pass, {},
              Count(static_cast<std::int64_t>(count), "workload"));
}

std::vector<Finding> WithoutWorkloads(const Facts& facts) {
  std::vector<Finding> out{
      MakeUnknown(kExists, "workloads", facts.workloads.absence(), facts.scope)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    out.push_back(MakeSkipped(spec.code, "the workloads are not known (SIG-WRK-001)"));
  }
  return out;
}

std::vector<Finding> JudgeWorkloads(const Input& input) {
  const Facts& facts = input.facts;
  if (!facts.workloads) return WithoutWorkloads(facts);
  const auto workloads = WorkloadsOfRelease(facts, input.profile.part_of_label);
  const PodIndex pods(facts);
  std::vector<Finding> judged;
  for (const Workload* workload : workloads) judged.push_back(JudgeOne(*workload, pods, input));
  std::vector<Finding> out = JudgeExistence(facts, workloads.size());
  for (Finding& finding : Unlisted(facts)) out.push_back(std::move(finding));
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    const std::size_t before = out.size();
    for (const Finding& finding : judged) {
      if (finding.code == spec.code) out.push_back(finding);
    }
    if (out.size() != before) continue;
    // Without a release and without a workload nothing was looked at.
    const bool nothing_seen = !facts.release && workloads.empty();
    out.push_back(nothing_seen ? SkippedWithoutRelease(spec.code)
                               : NothingFound(spec, workloads.size()));
  }
  return out;
}

}  // namespace

const Family kWorkloadsFamily{"workloads", "Workloads", kSpecs, JudgeWorkloads};

}  // namespace datafly::checks

#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/pod_causes.h"
#include "common/core/checks/wording.h"
#include "common/core/facts/pod_index.h"

namespace datafly::checks {

namespace {

using kinds::ContainerStatus;
using kinds::Pod;
using kinds::Workload;

constexpr std::array kSpecs = {
    CheckSpec{kPodNotReadyOtherwise, "Every pod of the release is Running and Ready",
              Requirement::Required, true,
              "An upgrade replaces pods one by one and counts on the others to serve. One that is "
              "not Ready before it starts makes a failing upgrade look like an old fault.",
              "Wait until the pods are Ready, or find out what holds them up with kubectl describe "
              "pod.",
              "core/v1 PodStatus.phase and the condition Ready; kubectl's STATUS column"},
    CheckSpec{kPodCrashLoop, "No container keeps ending", Requirement::Required, true,
              "The process starts and ends again and again; the service runs on what is left of "
              "its pods, or not at all.",
              "Read the last run's log with kubectl logs POD -c CONTAINER --previous.",
              "containerStatuses[].state.waiting.reason CrashLoopBackOff, lastState.terminated"},
    CheckSpec{kPodInitFails, "Every init container succeeds", Requirement::Required, true,
              "The containers of a pod start only when its init containers are done.",
              "Read its log with kubectl logs POD -c CONTAINER.",
              "initContainerStatuses[].state, lastState"},
    CheckSpec{kPodMigrationFails, "The database migrations succeed", Requirement::Required, true,
              "A failed migration leaves the schema dirty: each further run fails until somebody "
              "has looked at it.",
              "Read the migration's log with kubectl logs POD -c migrate before anything is tried "
              "again.",
              "initContainerStatuses[] of the profile's migrations.container; the product's docs: "
              "deployment/upgrades"},
    CheckSpec{kPodImageNotFound, "The images of all pods are in their registries",
              Requirement::Required, true,
              "The registry says that the tag or the repository does not exist: the pod can never "
              "start.",
              "Correct the tag in the values, or push the image.",
              "state.waiting.message of ErrImagePull and ImagePullBackOff: not found"},
    CheckSpec{kPodImageUnauthorized, "The registries let the nodes in", Requirement::Required, true,
              "The registry refuses the node: imagePullSecrets is missing, names a Secret that is "
              "not there, or holds an account without the right to read.",
              "Name a valid pull secret in the values' imagePullSecrets.",
              "state.waiting.message: 401, 403, pull access denied"},
    CheckSpec{kPodImageUnreachable, "The nodes reach the registries", Requirement::Required, true,
              "The node pulls, not the pod: its DNS, firewall, proxy, mirror and trusted CAs "
              "count, and NetworkPolicies do not apply.",
              "Check DNS, firewall, proxy and trusted CAs of the node that the evidence names.",
              "state.waiting.message: lookup, dial tcp, x509, 5xx"},
    CheckSpec{kPodImageRateLimited, "No registry limits the pulls", Requirement::Required, true,
              "Until the limit is over no node can pull; a rollout stands still in the middle.",
              "Use a pull secret of an account with a higher limit, or a mirror.",
              "state.waiting.message: 429, toomanyrequests"},
    CheckSpec{kPodImagePlatform, "The images run on the nodes' platforms", Requirement::Required,
              true, "The image was not built for the architecture of the node.",
              "Use an image that is built for the nodes, or nodes that the image is built for.",
              "state.waiting.message: no match for platform in manifest"},
    CheckSpec{kPodImageOther, "Nothing else keeps an image from a node", Requirement::Required,
              true,
              "The image cannot be put on the node: its disk is full, the name is not valid, or a "
              "policy refuses it.",
              "Read the pod's events with kubectl describe pod.",
              "state.waiting.reason ErrImageNeverPull, InvalidImageName, ImageInspectError, …"},
    CheckSpec{kPodConfigError, "Every container can be started", Requirement::Required, true,
              "A ConfigMap, Secret or key that the pod names is missing, or the runtime refuses "
              "the command.",
              "Create what is missing, or correct the name in the values.",
              "state.waiting.reason CreateContainerConfigError, CreateContainerError, "
              "RunContainerError; terminated.reason StartError"},
    CheckSpec{kPodOomKilled, "No container is killed for its memory limit", Requirement::Required,
              true,
              "The kernel killed the container at its limit, with what it was working on. Under "
              "the load of a rollout it happens again.",
              "Raise the container's memory limit in the values.",
              "terminated.reason OOMKilled, in state, or in lastState within restart_window; exit "
              "code 137 alone does not say so"},
    CheckSpec{kPodUnschedulable, "Every pod finds a node", Requirement::Required, true,
              "No node takes the pod; the surge pods of an upgrade will find none either.",
              "Make room on the nodes, or correct selectors, taints and volumes.",
              "condition PodScheduled False: Unschedulable, SchedulingGated"},
    CheckSpec{kPodFailed, "No pod was evicted or failed", Requirement::Advisory, true,
              "Pods were put off their node (disk or memory of the node, node shutdown). They are "
              "replaced, but what put them off may do it again.",
              "Look at the node's pressure and disks, then delete the failed pods.",
              "core/v1 PodStatus.phase Failed, reason Evicted, NodeLost, Preempting, …"},
    CheckSpec{kPodProbe, "Every running pod passes its readiness probe", Requirement::Required,
              true,
              "A pod that is not Ready gets no traffic, and a rollout waits for it until its "
              "deadline.",
              "Read why the probe fails with kubectl describe pod, and the container's log.",
              "condition Ready False: ContainersNotReady, ReadinessGatesNotReady"},
    CheckSpec{
        kPodStuckTerminating, "No pod is stuck in Terminating", Requirement::Advisory, true,
        "Its node does not answer, or a finalizer or volume holds it. A StatefulSet or a "
        "Recreate strategy waits for it for ever.",
        "Look at the pod's node first; only when it is gone for good, delete the pod by force.",
        "metadata.deletionTimestamp, which includes the grace period, is long past"},
    CheckSpec{
        kPodRestarts, "No container restarted often of late", Requirement::Required, true,
        "A container that is restarted again and again runs, but drops what it was working "
        "on each time.",
        "Read the last run's log with kubectl logs POD -c CONTAINER --previous.",
        "restartCount and lastState.terminated.finishedAt against the profile's restarts.warn "
        "and restarts.window"},
};

/// One pod of a workload and what is the matter with it.
struct Case {
  const Workload* workload;
  const Pod* pod;
  PodCause cause;
};

struct Survey {
  std::size_t pods = 0;
  std::size_t workloads = 0;
  std::vector<Case> cases;
  std::vector<Case> restarting;  ///< ready pods that restarted often
};

bool RestartedOften(const ContainerStatus& container, const Input& input) {
  const auto& last = container.last_state.finished_at;
  return container.restart_count >= std::max<std::int64_t>(1, input.profile.restarts_warn) &&
         last && input.facts.taken_at - *last <= input.profile.restart_window;
}

std::optional<PodCause> RestartCause(const Pod& pod, const Input& input) {
  for (const ContainerStatus& container : pod.containers) {
    if (!RestartedOften(container, input)) continue;
    const Millis ago = input.facts.taken_at - *container.last_state.finished_at;
    return PodCause{
        kPodRestarts,
        container.name,
        fmt::format("container {} restarted {}, last {} ago", container.name,
                    Count(container.restart_count, "time"), FormatAge(std::max(Millis{0}, ago))),
        {}};
  }
  return std::nullopt;
}

void SurveyPod(const Workload& workload, const Pod& pod, const Input& input, Survey& survey) {
  if (auto cause = FindPodCause(pod, input)) {
    survey.cases.push_back({&workload, &pod, std::move(*cause)});
  } else if (auto restarts = RestartCause(pod, input)) {
    survey.restarting.push_back({&workload, &pod, std::move(*restarts)});
  }
}

/// A failed pod is not one of the workload's any more, but why it failed is this family's business;
/// one that has succeeded is nobody's.
Survey TakeSurvey(const Input& input) {
  Survey survey;
  const PodIndex pods(input.facts);
  for (const Workload* workload : WorkloadsOfRelease(input.facts, input.profile.part_of_label)) {
    ++survey.workloads;
    for (const Pod* pod : pods.Matching(*workload)) {
      if (pod->phase == "Succeeded") continue;
      if (pod->phase != "Failed") ++survey.pods;
      SurveyPod(*workload, *pod, input, survey);
    }
  }
  return survey;
}

using Group = std::vector<const Case*>;

/// Pods of one workload with one cause in one container make one finding.
std::vector<Group> GroupCases(const std::vector<Case>& cases, std::string_view code) {
  std::vector<Group> groups;
  std::map<std::pair<const Workload*, std::string_view>, std::size_t> index;
  for (const Case& one : cases) {
    if (one.cause.code != code) continue;
    const auto [found, is_new] =
        index.try_emplace({one.workload, one.cause.container}, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(&one);
  }
  return groups;
}

const ContainerStatus* FindContainer(const Pod& pod, std::string_view name) {
  for (const ContainerStatus& container : pod.containers) {
    if (container.name == name) return &container;
  }
  return nullptr;
}

std::string LogsCommand(const Case& one, const Scope& scope) {
  const ContainerStatus* container = FindContainer(*one.pod, one.cause.container);
  const bool previous = container != nullptr &&
                        container->last_state.kind == kinds::ContainerState::Kind::Terminated &&
                        container->state.kind != kinds::ContainerState::Kind::Terminated;
  return fmt::format("{} logs {} -c {}{}", Kubectl(scope), ShellQuote(one.pod->meta.name),
                     ShellQuote(one.cause.container), previous ? " --previous" : "");
}

std::string DescribeCommand(const Case& one, const Scope& scope) {
  return fmt::format("{} describe pod {}", Kubectl(scope), ShellQuote(one.pod->meta.name));
}

std::optional<Quantity> MemoryLimit(const Workload& workload, std::string_view container) {
  for (const auto* list : {&workload.pod.containers, &workload.pod.init_containers}) {
    for (const kinds::ContainerSpec& spec : *list) {
      const auto limit = spec.limits.find("memory");
      if (spec.name == container && limit != spec.limits.end()) return limit->second;
    }
  }
  return std::nullopt;
}

/// Twice the limit, in a form that kubectl takes: whole mebibytes.
std::string OomRemedy(const Case& one, const Scope& scope) {
  const auto limit = MemoryLimit(*one.workload, one.cause.container);
  if (!limit || limit->milli <= 0) return LogsCommand(one, scope);
  constexpr std::int64_t kMebibyte = 1 << 20;
  const std::int64_t mebibytes = std::max<std::int64_t>(1, limit->Units() / kMebibyte * 2);
  return fmt::format("{} set resources {} -c {} --limits=memory={}Mi", Kubectl(scope),
                     ShellQuote(ToLower(one.workload->kind) + "/" + one.workload->meta.name),
                     ShellQuote(one.cause.container), mebibytes);
}

std::string DeleteFailedPods(const Group& group, const Scope& scope) {
  std::string command = Kubectl(scope) + " delete pod";
  for (std::size_t i = 0; i < group.size() && i < 20; ++i) {
    command += " " + ShellQuote(group[i]->pod->meta.name);
  }
  return command;
}

std::string RemedyFor(const Group& group, const Scope& scope) {
  const Case& first = *group.front();
  const std::string_view code = first.cause.code;
  if (code == kPodCrashLoop || code == kPodInitFails || code == kPodMigrationFails ||
      code == kPodRestarts) {
    return LogsCommand(first, scope);
  }
  if (code == kPodOomKilled) return OomRemedy(first, scope);
  if (code == kPodFailed) return DeleteFailedPods(group, scope);
  return DescribeCommand(first, scope);
}

/// Whether the next pod of the workload has to wait for this one to be gone.
bool WaitsForOldPods(const Workload& workload) {
  return workload.kind != "Deployment" || workload.strategy == "Recreate";
}

CheckVerdict VerdictOf(const Case& one) {
  const std::string_view code = one.cause.code;
  if (code == kPodFailed || code == kPodRestarts) return CheckVerdict::Warn;
  if (code == kPodStuckTerminating && !WaitsForOldPods(*one.workload)) return CheckVerdict::Warn;
  return CheckVerdict::Fail;
}

std::string EvidenceLine(const Case& one) {
  std::string line = "pod " + one.pod->meta.name;
  if (!one.pod->node.empty()) line += " on " + one.pod->node;
  line += ": " + DisplayStatus(*one.pod);
  const ContainerStatus* container = FindContainer(*one.pod, one.cause.container);
  if (container != nullptr && container->restart_count > 0) {
    line += ", " + Count(container->restart_count, "restart");
  }
  if (!one.cause.detail.empty()) line += ": " + one.cause.detail;
  return line;
}

Finding FindingOf(const Group& group, const Scope& scope) {
  const Case& first = *group.front();
  Finding finding =
      Make(first.cause.code, VerdictOf(first), first.workload->Id(),
           fmt::format("{}: {}", Count(std::ssize(group), "pod"), first.cause.summary),
           RemedyFor(group, scope));
  for (const Case* one : group) finding.evidence.push_back(EvidenceLine(*one));
  BoundEvidence(finding.evidence);
  return finding;
}

/// The codes that other findings of the survey carry: "SIG-POD-002, SIG-POD-005".
std::string OtherCodes(const Survey& survey) {
  std::set<std::string_view> codes;
  for (const Case& one : survey.cases) {
    if (VerdictOf(one) == CheckVerdict::Fail) codes.insert(one.cause.code);
  }
  return fmt::format("{}", fmt::join(codes, ", "));
}

Finding NothingFound(const CheckSpec& spec, const Survey& survey) {
  if (spec.code != kPodNotReadyOtherwise) {
    return Make(spec.code, CheckVerdict::Pass, {},
                Count(static_cast<std::int64_t>(survey.pods), "pod"));
  }
  const std::string others = OtherCodes(survey);
  if (!others.empty()) return MakeSkipped(spec.code, "not all are; see " + others);
  return Make(spec.code, CheckVerdict::Pass, {},
              fmt::format("{} of {}", Count(static_cast<std::int64_t>(survey.pods), "pod"),
                          Count(static_cast<std::int64_t>(survey.workloads), "workload")));
}

/// One line says it for all: the first code carries `finding`, the others are skipped.
std::vector<Finding> OnlyFirst(Finding finding) {
  const std::string first = finding.code;
  std::vector<Finding> out{std::move(finding)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    out.push_back(MakeSkipped(spec.code, "the pods are not known (" + first + ")"));
  }
  return out;
}

std::vector<Finding> JudgePods(const Input& input) {
  const Facts& facts = input.facts;
  constexpr std::string_view kFirst = kPodNotReadyOtherwise;
  if (!facts.pods) return OnlyFirst(MakeUnknown(kFirst, "pods", facts.pods.absence(), facts.scope));
  if (!facts.workloads) {
    return OnlyFirst(MakeUnknown(kFirst, "workloads", facts.workloads.absence(), facts.scope));
  }
  const Survey survey = TakeSurvey(input);
  if (survey.pods == 0 && survey.cases.empty()) {
    return OnlyFirst(MakeSkipped(kFirst, "the release has no pods; see SIG-WRK"));
  }
  std::vector<Finding> out;
  for (const CheckSpec& spec : kSpecs) {
    const auto& cases = spec.code == kPodRestarts ? survey.restarting : survey.cases;
    const std::vector<Group> groups = GroupCases(cases, spec.code);
    if (groups.empty()) out.push_back(NothingFound(spec, survey));
    for (const Group& group : groups) out.push_back(FindingOf(group, facts.scope));
  }
  return out;
}

}  // namespace

const Family kPodsFamily{"pods", "Pods", kSpecs, JudgePods};

}  // namespace datafly::checks

#include "common/core/checks/pod_causes.h"

#include "common/core/checks/image_pull.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::ContainerState;
using kinds::ContainerStatus;
using kinds::Pod;
using Kind = ContainerState::Kind;

/// Beyond deletionTimestamp, which already includes the grace period.
constexpr Millis kTerminationSlack{60 * 1000};
/// The longest back-off of the kubelet is five minutes: a container that ended this recently and is
/// not ready is in a loop, whatever the moment shows.
constexpr Millis kBackOffWindow{6 * 60 * 1000};

bool Within(const std::optional<Time>& time, Time now, Millis window) {
  return time && now - *time <= window;
}

bool IsMigration(const ContainerStatus& container, const Profile& profile) {
  return container.init && container.name == profile.migrate_container;
}

std::string Named(const ContainerStatus& container, const Profile& profile) {
  if (IsMigration(container, profile))
    return "the migrations (init container " + container.name + ")";
  const bool init = container.init && !container.restart_always;
  return (init ? "init container " : "container ") + container.name;
}

/// What the exit codes mean that are no choice of the program's.
std::string_view ExitCodeMeaning(std::int32_t exit_code) {
  constexpr std::pair<std::int32_t, std::string_view> kMeanings[] = {
      {0, "the process ends by itself"},
      {126, "the command cannot be executed"},
      {127, "the command is not in the image"},
      {134, "SIGABRT"},
      {137, "SIGKILL, not for memory: liveness probe, end of the grace period, or the node"},
      {139, "SIGSEGV"},
      {143, "SIGTERM: liveness or startup probe, or a stop from outside"},
  };
  for (const auto& [code, meaning] : kMeanings) {
    if (code == exit_code) return meaning;
  }
  return {};
}

/// "exit code 1", "exit code 127 (the command is not in the image)".
std::string DescribeEnd(const ContainerState& end) {
  const std::string_view known = ExitCodeMeaning(end.exit_code);
  const bool speaks = !end.reason.empty() && end.reason != "Error" && end.reason != "Completed";
  const std::string_view meaning = known.empty() && speaks ? end.reason : known;
  if (meaning.empty()) return fmt::format("exit code {}", end.exit_code);
  return fmt::format("exit code {} ({})", end.exit_code, OneLine(meaning));
}

std::string_view PullCode(PullClass kind) {
  switch (kind) {
    case PullClass::NotFound:
      return kPodImageNotFound;
    case PullClass::Unauthorized:
      return kPodImageUnauthorized;
    case PullClass::Unreachable:
      return kPodImageUnreachable;
    case PullClass::RateLimited:
      return kPodImageRateLimited;
    case PullClass::Platform:
      return kPodImagePlatform;
    case PullClass::Other:
      return kPodImageOther;
  }
  return kPodImageOther;
}

PodCause PullCause(const ContainerStatus& container) {
  const PullFailure failure = ClassifyPull(container.state.reason, container.state.message);
  return {
      PullCode(failure.kind), container.name,
      fmt::format("image {} of container {}: {}", container.image, container.name, failure.words),
      OneLine(container.state.message)};
}

bool IsCreateReason(std::string_view reason) {
  constexpr std::string_view kReasons[] = {"CreateContainerConfigError", "CreateContainerError",
                                           "RunContainerError",          "PreCreateHookError",
                                           "PreStartHookError",          "PostStartHookError",
                                           "CreatePodSandboxError",      "ConfigPodSandboxError"};
  return std::find(std::begin(kReasons), std::end(kReasons), reason) != std::end(kReasons);
}

bool IsStartError(const ContainerState& end) {
  return end.reason == "StartError" || end.reason == "ContainerCannotRun";
}

PodCause CannotStart(const ContainerStatus& container, const ContainerState& state) {
  return {kPodConfigError, container.name,
          fmt::format("container {} cannot be started: {}", container.name, state.reason),
          OneLine(state.message)};
}

PodCause OomCause(const ContainerStatus& container, const Profile& profile) {
  return {kPodOomKilled,
          container.name,
          Named(container, profile) + " was killed for its memory limit (OOMKilled)",
          {}};
}

/// A container that ends and is started again, or will be.
PodCause LoopCause(const ContainerStatus& container, const Profile& profile,
                   const ContainerState& end) {
  if (end.reason == "OOMKilled") return OomCause(container, profile);
  if (IsStartError(end)) return CannotStart(container, end);
  const bool init = container.init && !container.restart_always;
  const std::string_view code = IsMigration(container, profile) ? kPodMigrationFails
                                : init                          ? kPodInitFails
                                                                : kPodCrashLoop;
  return {code, container.name,
          fmt::format("{} {} with {}", Named(container, profile), init ? "fails" : "keeps ending",
                      DescribeEnd(end)),
          OneLine(end.message)};
}

std::optional<PodCause> WaitingCause(const ContainerStatus& container, const Profile& profile) {
  const ContainerState& state = container.state;
  if (IsPullReason(state.reason)) return PullCause(container);
  if (IsCreateReason(state.reason)) return CannotStart(container, state);
  if (state.reason != "CrashLoopBackOff") return std::nullopt;
  const ContainerState* end = LastEnd(container);
  return LoopCause(container, profile, end != nullptr ? *end : ContainerState{});
}

/// An init container ends with 0 when it is done; a main container or sidecar should not end at
/// all.
bool EndIsNormal(const ContainerStatus& container) {
  return container.init && !container.restart_always && container.state.exit_code == 0;
}

/// Runs, but a run before this one failed just now: the same loop, seen between two ends.
bool RunsBetweenEnds(const ContainerStatus& container, Time now) {
  const ContainerState& last = container.last_state;
  return !container.ready && container.restart_count > 0 && last.kind == Kind::Terminated &&
         Within(last.finished_at, now, kBackOffWindow);
}

std::optional<PodCause> ContainerCause(const ContainerStatus& container, const Input& input) {
  const ContainerState& state = container.state;
  switch (state.kind) {
    case Kind::Waiting:
      return WaitingCause(container, input.profile);
    case Kind::Terminated:
      if (EndIsNormal(container)) return std::nullopt;
      return LoopCause(container, input.profile, state);
    case Kind::Running:
      if (!RunsBetweenEnds(container, input.facts.taken_at)) return std::nullopt;
      return LoopCause(container, input.profile, container.last_state);
    case Kind::None:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<PodCause> FirstContainerCause(const Pod& pod, const Input& input) {
  for (const ContainerStatus& container : pod.containers) {
    if (auto cause = ContainerCause(container, input)) return cause;
  }
  return std::nullopt;
}

/// Killed for memory within the window and running again: it will happen again.
std::optional<PodCause> RecentOom(const Pod& pod, const Input& input) {
  for (const ContainerStatus& container : pod.containers) {
    const ContainerState& last = container.last_state;
    if (last.reason == "OOMKilled" &&
        Within(last.finished_at, input.facts.taken_at, input.profile.restart_window)) {
      return OomCause(container, input.profile);
    }
  }
  return std::nullopt;
}

std::optional<PodCause> SchedulingCause(const Pod& pod) {
  const kinds::Condition* scheduled = FindCondition(pod.conditions, "PodScheduled");
  if (!pod.node.empty() || scheduled == nullptr || scheduled->status == "True") return std::nullopt;
  if (scheduled->reason == "SchedulingGated") {
    return PodCause{kPodUnschedulable, {}, "held back by its scheduling gates", {}};
  }
  const std::string words = OneLine(WithoutPreemption(scheduled->message));
  return PodCause{
      kPodUnschedulable, {}, words.empty() ? "no node takes it" : "no node takes it: " + words, {}};
}

std::string UnreadyContainers(const Pod& pod) {
  std::vector<std::string> names;
  for (const ContainerStatus& container : pod.containers) {
    const bool counts = !container.init || container.restart_always;
    if (counts && !container.ready) names.push_back(container.name);
  }
  return JoinNames(names);
}

std::string SinceReadyChanged(const Pod& pod, Time now) {
  const kinds::Condition* ready = FindCondition(pod.conditions, "Ready");
  if (ready == nullptr || !ready->last_transition) return {};
  return fmt::format(" for {}", FormatAge(std::max(Millis{0}, now - *ready->last_transition)));
}

/// Runs and is not ready: the readiness probe, a startup probe, or a readiness gate.
PodCause ProbeCause(const Pod& pod, Time now) {
  const std::string since = SinceReadyChanged(pod, now);
  const std::string names = UnreadyContainers(pod);
  const kinds::Condition* ready = FindCondition(pod.conditions, "Ready");
  const std::string words = ready == nullptr ? "" : OneLine(ready->message);
  if (names.empty()) {
    return {kPodProbe, {}, fmt::format("runs, but has not been Ready{}", since), words};
  }
  return {kPodProbe, names,
          fmt::format("container {} runs, but its readiness probe has not passed{}", names, since),
          words};
}

PodCause StartingCause(const Pod& pod, Time now) {
  return {kPodNotReadyOtherwise,
          {},
          fmt::format("{} for {}", DisplayStatus(pod),
                      FormatAge(std::max(Millis{0}, now - pod.meta.creation))),
          OneLine(pod.message)};
}

PodCause FailedCause(const Pod& pod) {
  return {kPodFailed,
          {},
          pod.reason.empty() ? std::string("Failed") : pod.reason,
          OneLine(pod.message)};
}

std::optional<PodCause> TerminatingCause(const Pod& pod, Time now) {
  if (now <= *pod.meta.deletion + kTerminationSlack) return std::nullopt;
  return PodCause{kPodStuckTerminating,
                  {},
                  fmt::format("should have been gone {} ago", FormatAge(now - *pod.meta.deletion)),
                  {}};
}

}  // namespace

const ContainerState* LastEnd(const ContainerStatus& container) {
  if (container.state.kind == Kind::Terminated) return &container.state;
  return container.last_state.kind == Kind::Terminated ? &container.last_state : nullptr;
}

std::string_view WithoutPreemption(std::string_view message) {
  const std::size_t tail = message.find(" preemption:");
  std::string_view head = message.substr(0, tail);
  while (!head.empty() && (head.back() == '.' || head.back() == ' ')) head.remove_suffix(1);
  return head;
}

std::optional<PodCause> FindPodCause(const Pod& pod, const Input& input) {
  const Time now = input.facts.taken_at;
  if (pod.phase == "Succeeded") return std::nullopt;
  if (pod.phase == "Failed") return FailedCause(pod);
  if (pod.meta.deletion) return TerminatingCause(pod, now);
  if (auto cause = SchedulingCause(pod)) return cause;
  if (IsReady(pod)) return RecentOom(pod, input);
  if (auto cause = FirstContainerCause(pod, input)) return cause;
  if (auto cause = RecentOom(pod, input)) return cause;
  return pod.phase == "Running" ? ProbeCause(pod, now) : StartingCause(pod, now);
}

}  // namespace datafly::checks

#include "common/core/rollout/pod_causes.h"

#include "common/core/base/one_line.h"
#include "common/core/rollout/container_causes.h"
#include "common/core/rollout/pod_events.h"
#include "common/core/rollout/scheduling.h"

namespace datafly::rollout {

namespace {

using kinds::ContainerStatus;
using kinds::Pod;
using Kind = kinds::ContainerState::Kind;
using enum CauseClass;

bool EndsByItself(CauseClass id) {
  return id == CrashLoop || id == EndsNormally || id == CrashBySignal || id == KilledNotForMemory;
}

/// What the containers' status says, made more exact by the pod's events.
std::optional<Cause> ContainerCause(const ContainerStatus& container, const PodView& view) {
  auto cause = FindContainerCause(container, view);
  if (cause && cause->id == ImageUnauthorized) {
    if (const kinds::Event* missing = FindMissingPullSecret(view)) {
      Cause exact = MakeCause(ImagePullSecretMissing, container.name, OneLine(missing->message),
                              cause->summary + "; its pull secret does not exist", cause->detail);
      exact.since = missing->first_seen;
      return exact;
    }
    // The event that says that its pull secret is missing may come a moment after the pod.
    if (view.spec != nullptr && !view.spec->image_pull_secrets.empty())
      cause->grace = std::chrono::seconds(2);
  }
  if (cause && !EndsByItself(cause->id)) return cause;
  // A kill by a probe is the root of the end that the status shows, or will show in a moment.
  if (auto kill = FindProbeKill(container, view)) return kill;
  return cause;
}

std::optional<Cause> FirstContainerCause(const PodView& view) {
  for (const ContainerStatus& container : view.pod.containers) {
    if (auto cause = ContainerCause(container, view)) return cause;
  }
  return std::nullopt;
}

/// Killed for memory within the window and running again: it will happen again.
std::optional<Cause> RecentOom(const PodView& view) {
  for (const ContainerStatus& container : view.pod.containers) {
    const kinds::ContainerState& last = container.last_state;
    if (last.reason != "OOMKilled" || !last.finished_at) continue;
    if (view.now - *last.finished_at > view.oom_window) continue;
    Cause cause = OomCause(container, view);
    cause.since = last.finished_at;
    cause.confirmed = container.restart_count >= 2;
    return cause;
  }
  return std::nullopt;
}

std::optional<Cause> SchedulingCause(const Pod& pod) {
  const kinds::Condition* scheduled = FindCondition(pod.conditions, "PodScheduled");
  if (!pod.node.empty() || scheduled == nullptr || scheduled->status == "True") return std::nullopt;
  Cause cause;
  if (scheduled->reason == "SchedulingGated") {
    cause = MakeCause(SchedulingGated, {}, {}, "held back by its scheduling gates", {});
  } else {
    const std::string words = OneLine(WithoutPreemption(scheduled->message));
    cause = MakeCause(ClassifyScheduling(ParseSchedulingReasons(scheduled->message)), {}, words,
                      words.empty() ? "no node takes it" : "no node takes it: " + words, {});
  }
  cause.since = scheduled->last_transition;
  return cause;
}

std::vector<const ContainerStatus*> UnreadyContainers(const Pod& pod) {
  std::vector<const ContainerStatus*> unready;
  for (const ContainerStatus& container : pod.containers) {
    const bool counts = !container.init || container.restart_always;
    if (counts && !container.ready) unready.push_back(&container);
  }
  return unready;
}

std::string NamesOf(const std::vector<const ContainerStatus*>& containers) {
  std::vector<std::string_view> names;
  for (const ContainerStatus* container : containers) names.push_back(container->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string SinceReadyChanged(const Pod& pod, Time now) {
  const kinds::Condition* ready = FindCondition(pod.conditions, "Ready");
  if (ready == nullptr || !ready->last_transition) return {};
  return fmt::format(" for {}", FormatAge(std::max(Millis{0}, now - *ready->last_transition)));
}

const kinds::ContainerSpec* SpecOf(const ContainerStatus& container, const PodView& view) {
  if (view.spec == nullptr) return nullptr;
  for (const auto* list : {&view.spec->containers, &view.spec->init_containers}) {
    for (const kinds::ContainerSpec& spec : *list) {
      if (spec.name == container.name) return &spec;
    }
  }
  return nullptr;
}

/// What a probe may take until it has failed for good, by its own numbers.
Millis ProbeGrace(const kinds::Probe& probe) {
  const std::int64_t seconds = std::int64_t{probe.initial_delay_seconds} + probe.timeout_seconds +
                               std::int64_t{probe.failure_threshold} * probe.period_seconds +
                               probe.period_seconds / 2;
  return std::chrono::seconds(seconds);
}

/// Runs and is not ready: the readiness probe, a startup probe, or a readiness gate.
Cause ProbeCause(const PodView& view) {
  const Pod& pod = view.pod;
  const std::string since = SinceReadyChanged(pod, view.now);
  const kinds::Condition* ready = FindCondition(pod.conditions, "Ready");
  const std::string words = ready == nullptr ? "" : OneLine(ready->message);
  const auto unready = UnreadyContainers(pod);
  if (unready.empty()) {
    Cause cause = MakeCause(ReadinessGate, {}, words,
                            fmt::format("runs, but has not been Ready{}", since), words);
    if (ready != nullptr) cause.since = ready->last_transition;
    return cause;
  }
  const ContainerStatus& first = *unready.front();
  const kinds::Event* unhealthy = NewestUnhealthy(first.name, "Readiness probe", view);
  const std::string detail = unhealthy == nullptr ? words : OneLine(unhealthy->message);
  const std::string names = NamesOf(unready);
  Cause cause = MakeCause(
      ReadinessFails, names, detail,
      fmt::format("container {} runs, but its readiness probe has not passed{}", names, since),
      detail);
  cause.since = first.state.started_at;
  const kinds::ContainerSpec* spec = SpecOf(first, view);
  if (spec != nullptr && spec->readiness)
    cause.grace = std::max(cause.grace, ProbeGrace(*spec->readiness));
  // Before `started` the startup probe decides, and the kubelet ends the container when it fails.
  const bool startup_decides = spec != nullptr && spec->startup && !first.started;
  cause.confirmed = !startup_decides;
  return cause;
}

/// Pulling an image takes as long as it takes: never certain by itself.
Cause StartingCause(const Pod& pod, Time now) {
  Cause cause = MakeCause(Starting, {}, {},
                          fmt::format("{} for {}", DisplayStatus(pod),
                                      FormatAge(std::max(Millis{0}, now - pod.meta.creation))),
                          OneLine(pod.message));
  cause.since = pod.meta.creation;
  cause.confirmed = false;
  return cause;
}

/// A container that ends within its grace period leaves a pod without the kubelet's reason, and as
/// Succeeded when it ends with 0: only the event tells that the pod was evicted.
std::optional<Cause> GracefullyEvictedCause(const PodView& view) {
  const kinds::Event* evicted = FindEviction(view);
  if (evicted == nullptr) return std::nullopt;
  Cause cause = MakeCause(Evicted, {}, "Evicted", "Evicted", OneLine(evicted->message));
  cause.since = evicted->first_seen;
  return cause;
}

Cause FailedCause(const PodView& view) {
  const Pod& pod = view.pod;
  if (auto evicted = GracefullyEvictedCause(view)) return *std::move(evicted);
  return MakeCause(pod.reason == "Evicted" ? Evicted : PodFailed, {}, OneLine(pod.reason),
                   pod.reason.empty() ? std::string("Failed") : OneLine(pod.reason),
                   OneLine(pod.message));
}

/// deletionTimestamp includes the pod's own grace period.
std::optional<Cause> TerminatingCause(const Pod& pod, Time now) {
  if (now <= *pod.meta.deletion) return std::nullopt;
  Cause cause = MakeCause(
      StuckTerminating, {}, {},
      fmt::format("should have been gone {} ago", FormatAge(now - *pod.meta.deletion)), {});
  cause.since = pod.meta.deletion;
  return cause;
}

}  // namespace

std::optional<Cause> FindPodCause(const PodView& view) {
  const Pod& pod = view.pod;
  std::optional<Cause> cause;
  // First of all: a pod that was told to end ends as Failed when its process does not end with 0.
  if (pod.meta.deletion) {
    cause = TerminatingCause(pod, view.now);
  } else if (pod.phase == "Succeeded") {
    cause = GracefullyEvictedCause(view);
  } else if (pod.phase == "Failed") {
    cause = FailedCause(view);
  } else if (auto scheduling = SchedulingCause(pod)) {
    cause = std::move(scheduling);
  } else if (IsReady(pod)) {
    cause = RecentOom(view);
  } else if (auto container = FirstContainerCause(view)) {
    cause = std::move(container);
  } else if (auto oom = RecentOom(view)) {
    cause = std::move(oom);
  } else if (auto setup = FindSetupCause(view)) {
    cause = std::move(setup);
  } else {
    cause = pod.phase == "Running" ? ProbeCause(view) : StartingCause(pod, view.now);
  }
  if (cause) cause->object = "Pod/" + pod.meta.name;
  return cause;
}

}  // namespace datafly::rollout

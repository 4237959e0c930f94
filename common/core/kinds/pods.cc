#include "common/core/kinds/pods.h"

#include <fmt/format.h>

#include "common/core/base/precompiled.h"

namespace datafly::kinds {

namespace {

using Kind = ContainerState::Kind;

bool IsTrue(const Pod& pod, std::string_view type) {
  const Condition* condition = FindCondition(pod.conditions, type);
  return condition != nullptr && condition->status == "True";
}

/// "Error", or "Signal:9", or "ExitCode:2": what printPod shows for a terminated container.
std::string TerminatedReason(const ContainerState& state) {
  if (!state.reason.empty()) return state.reason;
  if (state.signal != 0) return fmt::format("Signal:{}", state.signal);
  return fmt::format("ExitCode:{}", state.exit_code);
}

bool IsSchedulingGated(const Pod& pod) {
  const Condition* scheduled = FindCondition(pod.conditions, "PodScheduled");
  return scheduled != nullptr && scheduled->reason == "SchedulingGated";
}

std::string PhaseReason(const Pod& pod) {
  if (IsSchedulingGated(pod)) return "SchedulingGated";
  return pod.reason.empty() ? pod.phase : pod.reason;
}

std::int64_t CountInit(const Pod& pod) {
  return std::count_if(pod.containers.begin(), pod.containers.end(),
                       [](const ContainerStatus& container) { return container.init; });
}

/// Whether the pod is past this init container: done, or a sidecar that has started.
bool IsPast(const ContainerStatus& container) {
  if (container.state.kind == Kind::Terminated && container.state.exit_code == 0) return true;
  return container.restart_always && container.started;
}

/// "Init:…" for the first init container that holds the pod up; empty when none does.
std::string InitReason(const Pod& pod) {
  std::int64_t index = 0;
  for (const ContainerStatus& container : pod.containers) {
    if (!container.init) continue;
    if (IsPast(container)) {
      ++index;
      continue;
    }
    const ContainerState& state = container.state;
    if (state.kind == Kind::Terminated) return "Init:" + TerminatedReason(state);
    const bool waits = state.kind == Kind::Waiting && !state.reason.empty();
    if (waits && state.reason != "PodInitializing") return "Init:" + state.reason;
    return fmt::format("Init:{}/{}", index, CountInit(pod));
  }
  return {};
}

/// "Completed" is not the whole story while other containers run or failed (printPod, 1.36).
std::string CompletedReason(const Pod& pod, bool has_running, const std::string& error_reason) {
  if (has_running && IsTrue(pod, "Ready")) return "Running";
  if (!error_reason.empty()) return error_reason;
  return has_running ? "NotReady" : "Completed";
}

/// The main containers in reverse order, so that the first one that is not just running wins.
std::string MainReason(const Pod& pod, std::string reason) {
  bool has_running = false;
  std::string error_reason;
  for (auto it = pod.containers.rbegin(); it != pod.containers.rend() && !it->init; ++it) {
    const ContainerState& state = it->state;
    if (state.kind == Kind::Waiting && !state.reason.empty()) {
      reason = state.reason;
    } else if (state.kind == Kind::Terminated) {
      reason = TerminatedReason(state);
      if (state.exit_code != 0) error_reason = reason;
    } else if (it->ready && state.kind == Kind::Running) {
      has_running = true;
    }
  }
  return reason == "Completed" ? CompletedReason(pod, has_running, error_reason) : reason;
}

bool IsTerminal(const Pod& pod) { return pod.phase == "Succeeded" || pod.phase == "Failed"; }

}  // namespace

std::string DisplayStatus(const Pod& pod) {
  const std::string init = InitReason(pod);
  std::string reason = init.empty() ? PhaseReason(pod) : init;
  if (init.empty() || IsTrue(pod, "Initialized")) reason = MainReason(pod, std::move(reason));
  if (!pod.meta.deletion) return reason;
  if (pod.reason == "NodeLost") return "Unknown";
  return IsTerminal(pod) ? reason : "Terminating";
}

bool IsReady(const Pod& pod) {
  if (pod.phase == "Succeeded") return true;
  if (pod.phase != "Running" || !IsTrue(pod, "Ready")) return false;
  return std::all_of(
      pod.containers.begin(), pod.containers.end(), [](const ContainerStatus& container) {
        return container.init ? !container.restart_always || container.ready : container.ready;
      });
}

}  // namespace datafly::kinds

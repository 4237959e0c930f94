#include "common/core/rollout/container_causes.h"

#include "common/core/base/one_line.h"
#include "common/core/rollout/image_pull.h"
#include "common/core/rollout/start_failures.h"

namespace datafly::rollout {

namespace {

using kinds::ContainerState;
using kinds::ContainerStatus;
using Kind = ContainerState::Kind;
using enum CauseClass;

/// The longest back-off of the kubelet is five minutes: a container that ended this recently and is
/// not ready is in a loop, whatever the moment shows.
constexpr Millis kBackOffWindow{6 * 60 * 1000};

bool IsMigration(const ContainerStatus& container, std::string_view migrate_container) {
  return container.init && container.name == migrate_container;
}

bool IsPlainInit(const ContainerStatus& container) {
  return container.init && !container.restart_always;
}

struct EndMeaning {
  std::int32_t exit_code;
  CauseClass id;
  std::string_view words;
};

/// Exit codes that are no choice of the program's. 137 is for memory only when the reason says so
/// (OOMKilled); 126 and 127 are a shell's.
constexpr EndMeaning kEndMeanings[] = {
    {0, EndsNormally, "the process ends by itself"},
    {126, CommandNotExecutable, "the command cannot be executed"},
    {127, CommandNotFound, "the command is not in the image"},
    {134, CrashBySignal, "SIGABRT"},
    {137, KilledNotForMemory,
     "SIGKILL, not for memory: liveness probe, end of the grace period, or the node"},
    {139, CrashBySignal, "SIGSEGV"},
    {143, KilledNotForMemory, "SIGTERM: liveness or startup probe, or a stop from outside"},
};

const EndMeaning* MeaningOf(std::int32_t exit_code) {
  for (const EndMeaning& meaning : kEndMeanings) {
    if (meaning.exit_code == exit_code) return &meaning;
  }
  return nullptr;
}

/// "exit code 1", "exit code 127 (the command is not in the image)".
std::string DescribeEnd(const ContainerState& end) {
  const EndMeaning* known = MeaningOf(end.exit_code);
  const bool speaks = !end.reason.empty() && end.reason != "Error" && end.reason != "Completed";
  const std::string_view meaning = known != nullptr ? known->words
                                   : speaks         ? std::string_view(end.reason)
                                                    : std::string_view();
  if (meaning.empty()) return fmt::format("exit code {}", end.exit_code);
  return fmt::format("exit code {} ({})", end.exit_code, OneLine(meaning));
}

Cause PullCause(const ContainerStatus& container) {
  const PullFailure failure = ClassifyPull(container.state.reason, container.state.message);
  return MakeCause(
      failure.id, container.name, container.image,
      fmt::format("image {} of container {}: {}", container.image, container.name, failure.words),
      OneLine(container.state.message));
}

/// Ended at least twice, or the kubelet calls it a loop: one end alone may be a service that came
/// up before what it needs, and runs with the next start.
bool EndsAgain(const ContainerStatus& container) {
  const bool now_ended = container.state.kind == Kind::Terminated;
  return container.state.reason == "CrashLoopBackOff" ||
         container.restart_count + (now_ended ? 1 : 0) >= 2;
}

CauseClass ClassOfEnd(const ContainerStatus& container, const ContainerState& end,
                      const PodView& view) {
  // runc's words in the log, where the pod lets the log speak (FallbackToLogsOnError): the kernel
  // refuses the program only after the container has started.
  if (end.message.find("exec format error") != std::string::npos) return WrongArchitecture;
  if (IsMigration(container, view.migrate_container)) return MigrationFails;
  if (IsPlainInit(container)) return InitFails;
  const EndMeaning* meaning = MeaningOf(end.exit_code);
  return meaning == nullptr ? CrashLoop : meaning->id;
}

/// A container that ends and is started again, or will be.
Cause LoopCause(const ContainerStatus& container, const PodView& view, const ContainerState& end) {
  Cause cause;
  if (end.reason == "OOMKilled") {
    cause = OomCause(container, view);
  } else if (IsStartError(end)) {
    return StartCause(container, end);
  } else {
    cause =
        MakeCause(ClassOfEnd(container, end, view), container.name, DescribeEnd(end),
                  fmt::format("{} {} with {}", Named(container, view.migrate_container),
                              IsPlainInit(container) ? "fails" : "keeps ending", DescribeEnd(end)),
                  OneLine(end.message));
  }
  cause.since = end.finished_at;
  cause.confirmed = EndsAgain(container);
  return cause;
}

std::optional<Cause> WaitingCause(const ContainerStatus& container, const PodView& view) {
  const ContainerState& state = container.state;
  if (IsPullReason(state.reason)) return PullCause(container);
  if (IsCreateReason(state.reason)) return StartCause(container, state);
  if (state.reason != "CrashLoopBackOff") return std::nullopt;
  const ContainerState* end = LastEnd(container);
  return LoopCause(container, view, end != nullptr ? *end : ContainerState{});
}

/// An init container ends with 0 when it is done; a main container or sidecar should not end at
/// all.
bool EndIsNormal(const ContainerStatus& container) {
  return IsPlainInit(container) && container.state.exit_code == 0;
}

/// Runs, but a run before this one failed just now: the same loop, seen between two ends.
bool RunsBetweenEnds(const ContainerStatus& container, Time now) {
  const ContainerState& last = container.last_state;
  return !container.ready && container.restart_count > 0 && last.kind == Kind::Terminated &&
         last.finished_at && now - *last.finished_at <= kBackOffWindow;
}

}  // namespace

const ContainerState* LastEnd(const ContainerStatus& container) {
  if (container.state.kind == Kind::Terminated) return &container.state;
  return container.last_state.kind == Kind::Terminated ? &container.last_state : nullptr;
}

std::string Named(const ContainerStatus& container, std::string_view migrate_container) {
  if (IsMigration(container, migrate_container))
    return "the migrations (init container " + container.name + ")";
  return (IsPlainInit(container) ? "init container " : "container ") + container.name;
}

Cause OomCause(const ContainerStatus& container, const PodView& view) {
  return MakeCause(
      OomKilled, container.name, container.name,
      Named(container, view.migrate_container) + " was killed for its memory limit (OOMKilled)",
      {});
}

std::optional<Cause> FindContainerCause(const ContainerStatus& container, const PodView& view) {
  const ContainerState& state = container.state;
  switch (state.kind) {
    case Kind::Waiting:
      return WaitingCause(container, view);
    case Kind::Terminated:
      if (EndIsNormal(container)) return std::nullopt;
      return LoopCause(container, view, state);
    case Kind::Running:
      if (!RunsBetweenEnds(container, view.now)) return std::nullopt;
      return LoopCause(container, view, container.last_state);
    case Kind::None:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace datafly::rollout

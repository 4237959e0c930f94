#include "common/core/rollout/pod_events.h"

#include "common/core/base/one_line.h"

namespace datafly::rollout {

namespace {

using kinds::Event;
using enum CauseClass;

template <class Accept>
const Event* Newest(const PodView& view, Accept accept) {
  const Event* newest = nullptr;
  if (view.events == nullptr) return nullptr;
  for (const Event* event : *view.events) {
    if (!accept(*event)) continue;
    // Of the same second, the later in the list: events of one pod come in the order of creation.
    if (newest == nullptr || event->last_seen >= newest->last_seen) newest = event;
  }
  return newest;
}

enum class Step { None, Setback, Progress };

/// What an event says about the way from "scheduled" to "containers are being made".
Step StepOf(const Event& event) {
  constexpr std::string_view kSetbacks[] = {"FailedMount", "FailedAttachVolume",
                                            "FailedCreatePodSandBox", "NetworkNotReady",
                                            "FailedMapVolume"};
  constexpr std::string_view kProgress[] = {"Pulling", "Pulled",  "Created",
                                            "Started", "BackOff", "Failed"};
  const auto named = [&](std::string_view reason) { return event.reason == reason; };
  if (std::any_of(std::begin(kSetbacks), std::end(kSetbacks), named)) return Step::Setback;
  if (std::any_of(std::begin(kProgress), std::end(kProgress), named)) return Step::Progress;
  return Step::None;
}

/// `MountVolume.SetUp failed for volume "v" : secret "x" not found` -> `secret "x" not found`.
std::string_view MountReason(std::string_view message) {
  const std::size_t at = message.find("\" : ");
  return at == std::string_view::npos ? message : message.substr(at + 4);
}

bool NamesMissingSource(std::string_view message) {
  const bool object = message.find("secret \"") != std::string_view::npos ||
                      message.find("configmap \"") != std::string_view::npos;
  return (object && message.find("not found") != std::string_view::npos) ||
         message.find("references non-existent") != std::string_view::npos;
}

Cause SetupCause(const Event& event) {
  const std::string words = OneLine(event.message);
  Cause cause;
  if (event.reason == "FailedCreatePodSandBox" || event.reason == "NetworkNotReady") {
    cause =
        MakeCause(SandboxFails, {}, event.reason, "gets no sandbox or network on its node", words);
  } else if (NamesMissingSource(event.message)) {
    const std::string what = OneLine(MountReason(event.message));
    cause = MakeCause(VolumeSourceMissing, {}, what, "cannot mount a volume: " + what, words);
  } else if (event.message.find("Multi-Attach") != std::string::npos) {
    cause = MakeCause(VolumeInUse, {}, words, "waits for a volume that another node still holds",
                      words);
  } else {
    cause = MakeCause(VolumeMountFails, {}, OneLine(MountReason(event.message)),
                      "cannot mount a volume", words);
  }
  cause.since = event.first_seen;
  return cause;
}

/// "Container x failed liveness probe, will be restarted".
CauseClass KilledBy(const Event& event) {
  return event.message.find("startup probe") != std::string::npos ? StartupKilled : LivenessKilled;
}

bool IsProbeKill(const Event& event, std::string_view container) {
  return event.reason == "Killing" && kinds::ContainerOf(event) == container &&
         event.message.find("probe, will be restarted") != std::string::npos;
}

}  // namespace

std::optional<Cause> FindSetupCause(const PodView& view) {
  const Event* newest =
      Newest(view, [](const Event& event) { return StepOf(event) != Step::None; });
  if (newest == nullptr || StepOf(*newest) != Step::Setback) return std::nullopt;
  return SetupCause(*newest);
}

std::optional<Cause> FindProbeKill(const kinds::ContainerStatus& container, const PodView& view) {
  const Event* kill =
      Newest(view, [&](const Event& event) { return IsProbeKill(event, container.name); });
  if (kill == nullptr) return std::nullopt;
  const bool startup = KilledBy(*kill) == StartupKilled;
  const Event* unhealthy =
      NewestUnhealthy(container.name, startup ? "Startup probe" : "Liveness probe", view);
  const std::string words = OneLine(unhealthy != nullptr ? unhealthy->message : kill->message);
  Cause cause = MakeCause(KilledBy(*kill), container.name, words,
                          fmt::format("container {} is restarted because its {} probe fails",
                                      container.name, startup ? "startup" : "liveness"),
                          words);
  cause.since = kill->last_seen;
  return cause;
}

const Event* NewestUnhealthy(std::string_view container, std::string_view probe,
                             const PodView& view) {
  return Newest(view, [&](const Event& event) {
    return event.reason == "Unhealthy" && kinds::ContainerOf(event) == container &&
           event.message.starts_with(probe);
  });
}

const Event* FindMissingPullSecret(const PodView& view) {
  return Newest(
      view, [](const Event& event) { return event.reason == "FailedToRetrieveImagePullSecret"; });
}

const Event* FindEviction(const PodView& view) {
  return Newest(view, [](const Event& event) { return event.reason == "Evicted"; });
}

}  // namespace datafly::rollout

#include "common/core/checks/pod_causes.h"

#include "common/core/rollout/pod_causes.h"

namespace datafly::checks {

std::optional<PodCause> FindPodCause(const kinds::Pod& pod, const Input& input) {
  const Time now = input.facts.taken_at;
  const auto cause = rollout::FindPodCause({.pod = pod,
                                            .now = now,
                                            .migrate_container = input.profile.migrate_container,
                                            .oom_window = input.profile.restart_window});
  if (!cause) return std::nullopt;
  // The one class that is no finding while its grace lasts: every pod that ends looks so.
  if (cause->id == rollout::CauseClass::StuckTerminating && now <= *cause->since + cause->grace)
    return std::nullopt;
  return PodCause{rollout::SpecOf(cause->id).code, cause->container, cause->summary, cause->detail};
}

}  // namespace datafly::checks

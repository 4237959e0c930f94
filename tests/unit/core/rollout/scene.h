#pragma once

#include <chrono>
#include <string>

#include "common/core/rollout/tracker.h"

/// A small release to put before the tracker: objects as the API server and the controllers make
/// them, with the fields that matter. Times are seconds after kStart.
namespace datafly::rollout::test {

inline constexpr Time kStart{std::chrono::milliseconds(1'790'000'000'000)};
inline Time At(double seconds) {
  return kStart + Millis(static_cast<std::int64_t>(seconds * 1000));
}

/// Deployment "gateway" of two replicas in its generation 2, whose ReplicaSet "new" (revision 2)
/// comes up beside "old" (revision 1).
kinds::Workload Deployment(std::string name, std::int64_t desired = 2);
/// As the controller leaves it when all is done.
kinds::Workload Completed(kinds::Workload workload);
kinds::ReplicaSet ReplicaSetOf(const kinds::Workload& workload, std::string suffix,
                               std::int64_t revision);
/// A pod of the ReplicaSet, bound to a node, created at kStart, with one container "app" that is
/// being made.
kinds::Pod PodOf(const kinds::ReplicaSet& replica_set, std::string suffix);

kinds::ContainerStatus Waiting(std::string reason, std::string message = {});
kinds::ContainerStatus Running(double since, bool ready);
kinds::ContainerStatus Ended(std::int32_t exit_code, double at, std::int64_t restarts,
                             std::string reason = "Error");
/// CrashLoopBackOff after `restarts` restarts, the last end at `at`.
kinds::ContainerStatus BackOff(std::int32_t exit_code, double at, std::int64_t restarts);

kinds::Pod With(kinds::Pod pod, kinds::ContainerStatus container);
/// The container as an init container of that name, before the others.
kinds::Pod WithInit(kinds::Pod pod, std::string name, kinds::ContainerStatus container);
kinds::Pod Ready(kinds::Pod pod);
kinds::Event EventOn(const kinds::Pod& pod, std::string reason, std::string message, double at,
                     std::string container = {});

}  // namespace datafly::rollout::test

#include "common/core/rollout/completion.h"

namespace datafly::rollout {

bool IsStale(const kinds::Workload& workload) {
  return workload.meta.generation > workload.observed_generation;
}

namespace {

std::int64_t ReplicasToUpdate(const kinds::Workload& workload) {
  if (workload.strategy == "OnDelete") return 0;
  return std::max<std::int64_t>(0, workload.DesiredReplicas() - workload.partition);
}

}  // namespace

std::string WaitsFor(const kinds::Workload& workload) {
  const std::int64_t desired = workload.DesiredReplicas();
  const std::int64_t to_update = ReplicasToUpdate(workload);
  if (workload.updated_replicas < to_update) {
    return fmt::format("{} of {} replicas are updated", workload.updated_replicas, to_update);
  }
  if (workload.kind == "Deployment" && workload.status_replicas > workload.updated_replicas) {
    const std::int64_t old = workload.status_replicas - workload.updated_replicas;
    return fmt::format("{} old replica{} still to end", old, old == 1 ? "" : "s");
  }
  if (workload.available_replicas < desired) {
    return fmt::format("{} of {} replicas are available", workload.available_replicas, desired);
  }
  return {};
}

std::string LeavesBehind(const kinds::Workload& workload) {
  const std::int64_t desired = workload.DesiredReplicas();
  if (workload.updated_replicas >= desired) return {};
  const std::string updated =
      fmt::format("{} of {} replicas are updated", workload.updated_replicas, desired);
  if (workload.strategy == "OnDelete")
    return updated + "; the others stay until they are deleted (OnDelete)";
  if (workload.partition > 0)
    return fmt::format("{}; the others stay (partition {})", updated, workload.partition);
  return {};
}

const kinds::Condition* FindDeadlineExceeded(const kinds::Workload& workload) {
  const kinds::Condition* progressing = FindCondition(workload.conditions, "Progressing");
  const bool exceeded = progressing != nullptr && progressing->reason == "ProgressDeadlineExceeded";
  return exceeded ? progressing : nullptr;
}

}  // namespace datafly::rollout

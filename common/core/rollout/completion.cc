#include "common/core/rollout/completion.h"

namespace datafly::rollout {

bool IsStale(const kinds::Workload& workload) {
  return workload.meta.generation > workload.observed_generation;
}

std::string WaitsFor(const kinds::Workload& workload) {
  const std::int64_t desired = workload.DesiredReplicas();
  const bool on_delete = workload.strategy == "OnDelete";
  if (!on_delete && workload.updated_replicas < desired) {
    return fmt::format("{} of {} replicas are updated", workload.updated_replicas, desired);
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

const kinds::Condition* FindDeadlineExceeded(const kinds::Workload& workload) {
  const kinds::Condition* progressing = FindCondition(workload.conditions, "Progressing");
  const bool exceeded = progressing != nullptr && progressing->reason == "ProgressDeadlineExceeded";
  return exceeded ? progressing : nullptr;
}

}  // namespace datafly::rollout

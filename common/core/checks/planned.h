#pragma once

#include <vector>

#include "common/core/checks/check.h"

/// What the next rollout works with: the target's workloads, autoscalers and budgets when --to was
/// given, else today's.
namespace datafly::checks {

struct PlannedWorkload {
  const kinds::Workload* workload;  ///< of the target, or live
  const kinds::Workload* live;      ///< nullptr when it is new
  const kinds::Hpa* hpa;            ///< that will scale it, or nullptr
  /// What is always there: the autoscaler's minimum, or the replicas written.
  [[nodiscard]] std::int64_t LowestReplicas() const;
  /// How many there are when the rollout starts: today's count under an autoscaler, else the
  /// written one.
  [[nodiscard]] std::int64_t RolloutReplicas() const;
};

/// Empty when neither is known. Objects of other namespaces are left out.
std::vector<PlannedWorkload> PlannedWorkloads(const Input& input);

/// The target's objects, and the live ones that the release's manifest does not hold (a user's
/// own).
std::vector<const kinds::Hpa*> PlannedHpas(const Input& input);
std::vector<const kinds::Pdb*> PlannedPdbs(const Input& input);

/// maxUnavailable of a RollingUpdate in pods; 1 when surge and unavailable both come to 0, as the
/// controller does.
std::int64_t UnavailablePods(const kinds::Workload& workload, std::int64_t replicas);
/// Pods that a rollout creates beyond the replicas: 0 for Recreate, StatefulSets and DaemonSets
/// without surge.
std::int64_t SurgePods(const kinds::Workload& workload, std::int64_t replicas);

/// Nothing can be planned: the reason, from whichever of workloads and target is missing; nullptr
/// when it can.
const Absence* MissingPlan(const Facts& facts);

}  // namespace datafly::checks

#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// apps/v1 ReplicaSet: what stands between a Deployment and its pods. Quota, LimitRange,
/// PodSecurity and webhooks that refuse a pod show only here (condition ReplicaFailure, events).
struct ReplicaSet {
  ObjectMeta meta;  ///< label pod-template-hash, annotation deployment.kubernetes.io/revision
  std::int64_t replicas = 1;  ///< spec.replicas
  std::int64_t observed_generation = 0;
  std::int64_t status_replicas = 0;
  std::int64_t ready_replicas = 0;
  std::int64_t available_replicas = 0;
  std::vector<Condition> conditions;
};

}  // namespace datafly::kinds

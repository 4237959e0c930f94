#pragma once

#include <string_view>

#include "common/core/facts/facts.h"

namespace datafly::checks {

/// Whether the server's words on a conflict of field managers are about .spec.replicas and nothing
/// else (k8s.io/apimachinery managedfields: each field as ".spec.replicas").
bool IsReplicasOnly(std::string_view message);

/// Whether there are conflicts, everything else was found well, and all are about the replicas of
/// the target's own workloads: an autoscaler or `kubectl scale` has set them, and taking them over
/// loses nothing else.
bool ConflictOnlyOnReplicas(const TargetFacts& target);

}  // namespace datafly::checks

#pragma once

#include <optional>
#include <string>

#include "common/core/base/time.h"
#include "common/core/rollout/cause.h"

/// What an autoscaler does to a workload whose rollout is followed. That is no failure of a
/// rollout, but it tells why counts move, or why so many pods are asked for.
namespace datafly::rollout {

/// Counts are replicas.
struct Autoscaling {
  std::int64_t least = 1;   ///< spec.minReplicas
  std::int64_t wanted = 0;  ///< status.desiredReplicas; 0: it has computed none (yet)
  /// What it wanted when it was first seen.
  std::int64_t wanted_first = 0;
  /// Since when it wants another number than the workload asks for. Its controller writes the
  /// workload first and then its own status (podautoscaler/horizontal.go), so that this lasts only
  /// where somebody else wrote the workload, or where it may not.
  std::optional<Time> differs_since = {};
};

/// When a difference is worth telling: the two arrive by watches of their own.
std::optional<Time> DifferenceShowsAt(const Autoscaling& autoscaling);

/// One line about a workload that asks for `asked` replicas, or nothing.
std::string DescribeAutoscaling(const Autoscaling& autoscaling, std::int64_t asked, Time now);

/// Adds to a cause that is a want of room, when the autoscaler is why the workload asks for so
/// much.
void AddAutoscaling(const Autoscaling& autoscaling, std::int64_t asked, Cause& cause);

}  // namespace datafly::rollout

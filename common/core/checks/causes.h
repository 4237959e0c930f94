#pragma once

#include <string>
#include <vector>

#include "common/core/checks/check.h"
#include "common/core/rollout/grouping.h"

/// Root causes from facts: what rollout follows as it happens, diagnose and health find in one
/// look.
namespace datafly::checks {

/// A cause and whether it stands: one within its grace, or seen only once, may pass by itself.
struct FoundCause {
  rollout::Cause cause;
  bool certain = false;
};

/// Every cause on the release's workloads and their pods, old and new. Needs facts.workloads and
/// facts.pods; what only events or ReplicaSets tell is found when facts holds those.
std::vector<FoundCause> FindCauses(const Input& input);

/// Causes of one root, and whether any of them is certain.
struct FoundGroup {
  rollout::CauseGroup group;
  bool certain = false;
};
/// Certain ones first, each part most telling first (rollout/grouping).
std::vector<FoundGroup> GroupFound(const std::vector<FoundCause>& causes);

}  // namespace datafly::checks

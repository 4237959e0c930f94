#pragma once

#include "common/core/checks/planned.h"

namespace datafly::checks {

inline constexpr std::string_view kSurgeFitsNodes = "SIG-CAP-001";

/// Places one surge pod of each workload on the nodes, first fit. Where placement depends on rules
/// that are not judged here (affinity, tolerations) and matters, the answer is unknown.
Finding JudgeSurgeAgainstNodes(const std::vector<PlannedWorkload>& workloads, const Input& input);

}  // namespace datafly::checks

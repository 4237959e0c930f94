#pragma once

#include "common/core/checks/planned.h"

namespace datafly::checks {

inline constexpr std::string_view kSurgeFitsQuota = "SIG-CAP-002";
inline constexpr std::string_view kQuotaDemands = "SIG-CAP-003";

/// status.used and the surge against status.hard. One surge pod for each workload that may stop no
/// old pod first has to fit; the whole surge should.
std::vector<Finding> JudgeSurgeAgainstQuotas(const std::vector<PlannedWorkload>& workloads,
                                             const Input& input);

/// Containers without the request or limit that a quota counts, unless live pods show that a
/// LimitRange fills it in.
std::vector<Finding> JudgeQuotaDemands(const std::vector<PlannedWorkload>& workloads,
                                       const Input& input);

}  // namespace datafly::checks

#pragma once

#include "common/core/checks/check.h"

namespace datafly::checks {

/// The target's chart as helm takes it on its command line: "oci://ghcr.io/datafly/charts/datafly
/// --version 1.4.0". What the user gave, when that was a chart; else the profile's.
std::string ChartArguments(const TargetFacts& target, const Profile& profile);

/// "chart datafly 1.4.0"
std::string ChartObject(const TargetFacts& target);

}  // namespace datafly::checks

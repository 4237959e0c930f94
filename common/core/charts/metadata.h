#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/core/charts/offer.h"

namespace datafly::charts {

/// The fields of Chart.yaml, and `created` as an index has it. What has an unexpected type counts
/// as not given; nothing without a version.
std::optional<ChartMetadata> ReadMetadata(const nlohmann::json& chart);

}  // namespace datafly::charts

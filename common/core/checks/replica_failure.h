#pragma once

#include <optional>

#include "common/core/checks/check.h"

/// Why a controller cannot create pods, as a finding (rollout/refusal tells the classes apart).
namespace datafly::checks {

inline constexpr std::string_view kReplicaFailureCode = "SIG-WRK-005";

/// The failing finding, or nothing.
std::optional<Finding> FindReplicaFailure(const kinds::Workload& workload, const Scope& scope);

}  // namespace datafly::checks

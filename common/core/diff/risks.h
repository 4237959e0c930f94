#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// What the objects around a change mean for it.
struct RiskContext {
  /// "Deployment/gateway" of each workload that an HPA of the new manifest scales.
  std::set<std::string> scaled;
  bool replaces = false;     ///< --force, --force-replace: Helm makes immutable objects anew
  bool server_side = false;  ///< server-side apply
  const nlohmann::json* live = nullptr;  ///< the live object, or null
};

/// The risks of one object's change, from its fields (common/core/diff/comparison.h) and its kind.
/// Rules of immutability: the API's validation (pkg/apis/*/validation), Kubernetes 1.28 to 1.36.
std::vector<Risk> RisksOf(const ResourceChange& change, const RiskContext& context);

}  // namespace datafly::diff

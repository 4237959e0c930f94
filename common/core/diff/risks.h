#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// What the objects around a change mean for it.
struct RiskContext {
  /// "Deployment/gateway" of each workload that an HPA of the new manifest scales.
  const std::set<std::string>& scaled;
  bool replaces = false;                 ///< --force, --force-replace: a PUT of each object
  bool server_side = false;              ///< server-side apply
  const nlohmann::json* live = nullptr;  ///< the live object, or null
  /// The object as the two manifests have it (JSON); null where one does not.
  const std::string* before = nullptr;
  const std::string* after = nullptr;
};

struct Risks {
  std::vector<Risk> all;
  /// Pods that a changed template replaces by itself; nothing where their number is not known.
  std::optional<std::size_t> restarting_pods;
};

/// The risks of one object's change, from its fields (common/core/diff/comparison.h) and its kind.
Risks RisksOf(const ResourceChange& change, const RiskContext& context);

}  // namespace datafly::diff

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "common/core/diff/ownership.h"
#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// How Helm brings a manifest to the cluster. Helm 3 always, and Helm 4 for releases born by
/// Helm 3: client-side, a strategic merge of old manifest, new manifest and live object (for kinds
/// that Helm has no type of: a JSON merge patch of the two manifests, whatever lives). Helm 4
/// otherwise: server-side apply by the manager "helm".
enum class ApplyMethod { ClientSide, ServerSide };

/// The versions of one object; null where there is none.
struct Versions {
  const nlohmann::json* before = nullptr;  ///< the old manifest's
  const nlohmann::json* after = nullptr;   ///< the new manifest's
  const nlohmann::json* live = nullptr;    ///< the cluster's
  Owners owners = {};                      ///< of the live one; only server-side apply asks
};

struct ComparisonRules {
  bool typed = true;  ///< a kind that Helm and the server know by its type
  ApplyMethod method = ApplyMethod::ClientSide;
  bool force_conflicts = false;  ///< --force-conflicts: server-side apply takes fields over
  std::string_view kind = {};
};

/// Field by field, what the step from `before` to `after` does. With `live` it is judged against
/// that (three ways); without it, `before` stands for it. `after` must be there; without `before`
/// the object is adopted: whatever differs from live is written. All must be normalized
/// (normalize.h).
std::vector<FieldChange> CompareObjects(const Versions& versions, const ComparisonRules& rules);

}  // namespace datafly::diff

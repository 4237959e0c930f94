#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace datafly::diff {

/// Whether objects of the kind make pods from a template that an upgrade may change.
bool RunsPods(std::string_view kind);

/// One workload: as the two manifests have it, and as it is now; null where not known.
struct WorkloadSides {
  nlohmann::json before, after;
  const nlohmann::json* live = nullptr;
};

/// What becomes of its pods when its template changes.
struct Restart {
  std::optional<std::size_t> pods;  ///< that are replaced, where the number is known
  std::string words;                ///< "its 2 pods are replaced"
};
Restart RestartOf(std::string_view kind, const WorkloadSides& sides);

}  // namespace datafly::diff

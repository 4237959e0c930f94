#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace datafly::manifest {

/// How the API names a kind in its paths.
struct ResourceName {
  std::string plural;  ///< "horizontalpodautoscalers"
  bool namespaced = true;
  bool guessed =
      false;  ///< not a built-in kind: plural made by the usual rule, taken as namespaced
};

/// The built-in kinds that charts render, and a guess (marked as such) for every other kind: lower
/// case with "s", "es" or "ies".
ResourceName ResourceNameOf(std::string_view group, std::string_view kind);

}  // namespace datafly::manifest

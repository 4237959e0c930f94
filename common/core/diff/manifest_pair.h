#pragma once

#include <string_view>
#include <vector>

#include "common/core/manifest/manifest.h"

namespace datafly::diff {

/// The documents of two manifests: those that both have byte for byte (as often as both have them),
/// and the rest of each, in their order. Views into the two texts.
struct Documents {
  std::vector<manifest::Document> common, before, after;
};
Documents PairDocuments(std::string_view before, std::string_view after);

}  // namespace datafly::diff

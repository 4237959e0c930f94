#pragma once

#include <functional>
#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// The object of an added or removed entry as compact JSON text; "" when it is not known.
using ObjectText = std::function<std::string(const ResourceChange&)>;

/// Pairs removed objects with added ones of the same kind that are alike in at least half of their
/// fields (names aside), each at most once, the most alike first: renames. Fills renamed_from,
/// renamed_to.
void FindRenames(std::vector<ResourceChange>& resources, const ObjectText& text);

}  // namespace datafly::diff

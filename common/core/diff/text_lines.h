#pragma once

#include <string_view>
#include <vector>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// The difference of two texts, line by line, with `context` equal lines around each change; longer
/// runs of equal lines are one line marked '@' that says how many were left out. Linear in memory;
/// texts that differ in more than some thousand lines are told as removed and added as a whole.
std::vector<TextLine> DiffLines(std::string_view before, std::string_view after,
                                std::size_t context = 2);

}  // namespace datafly::diff

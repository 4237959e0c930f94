#pragma once

#include <string_view>
#include <vector>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// The difference of two texts, line by line and whole: Redact needs what stands above a line to
/// know whether it is secret, and folds the lines that stay the same. Linear in memory; texts that
/// differ in more than some thousand lines are told as removed and added as a whole.
std::vector<TextLine> DiffLines(std::string_view before, std::string_view after);

}  // namespace datafly::diff

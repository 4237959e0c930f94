#pragma once

#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::report {

/// GitHub's Markdown, for a pull request: the plan first, fields as ```diff blocks, which have
/// colours there.
std::string DiffMarkdown(const diff::ReleaseDiff& diff);

}  // namespace datafly::report

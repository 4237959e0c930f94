#pragma once

#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::report {

/// One page that needs nothing else, in the style of the reports.
std::string DiffHtml(const diff::ReleaseDiff& diff);

}  // namespace datafly::report

#pragma once

#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::report {

std::string DiffMarkdown(const diff::ReleaseDiff& diff);

}  // namespace datafly::report

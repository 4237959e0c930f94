#pragma once

#include <string>

#include "common/core/diff/release_diff.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// -o text: where from and where to, what to stop at, then each object with its fields, values,
/// defaults, images, hooks, CRDs, chart; the plan is the last line.
std::string DiffText(const diff::ReleaseDiff& diff, const RenderOptions& options);

}  // namespace datafly::report

#pragma once

#include <string>

#include "common/core/diff/release_diff.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// -o summary: one line for each object and hook, and the plan.
std::string DiffSummary(const diff::ReleaseDiff& diff, const RenderOptions& options);

}  // namespace datafly::report

#pragma once

#include <string>

#include "common/core/diff/release_diff.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// -o summary: one line for each object and hook, and the plan.
std::string DiffSummary(const diff::ReleaseDiff& diff, const RenderOptions& options);

/// {"drops data", "restarts 2 pods"}: what is to be said beside an object's name, the gravest
/// first.
std::vector<std::string> Tags(const diff::ResourceChange& object, bool three_way);

}  // namespace datafly::report

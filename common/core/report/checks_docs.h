#pragma once

#include <span>
#include <string>

#include "common/core/checks/check.h"

namespace datafly::report {

/// docs/checks.md: every check by family, with an anchor per code ("#sig-pod-002"). A test holds
/// the file in the tree to this.
std::string ChecksMarkdown(std::span<const checks::Family> families);

/// `explain CODE`: the same about one code, for a terminal of `width` columns (0 = unlimited).
std::string ExplainCode(const checks::CheckSpec& spec, int width);

}  // namespace datafly::report

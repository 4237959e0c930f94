#pragma once

#include <string>
#include <vector>

#include "common/core/report/fold.h"

namespace datafly::report {

/// Columns of the widest code of a whole document, so that its sections line up.
std::size_t CodeWidth(const std::vector<std::vector<FindingLine>>& sections);

/// One section's lines: what is well in one line each, by what was checked; what is not by its
/// object and what was seen, with evidence and remedy below. With `wide` also why, docs and every
/// line of evidence.
std::string RenderFindings(const std::vector<FindingLine>& lines, std::size_t code_width,
                           const RenderOptions& options, bool wide);

/// Whether RenderFindings puts anything below a line.
bool HasDetails(const FindingLine& line);

}  // namespace datafly::report

#pragma once

#include <string>

#include "common/core/report/fold.h"
#include "common/core/report/layout.h"

namespace datafly::report {

/// Columns of the findings of a whole document, so that its sections line up.
struct FindingColumns {
  std::size_t code = 0;
  std::size_t object = 0;
  bool stacked = false;  ///< too narrow for columns: what was seen goes below
};

FindingColumns MeasureFindings(const std::vector<std::vector<FindingLine>>& sections, int width);

/// One section's lines, with remedy and evidence below those that need somebody; with `wide` also
/// why, docs and every line of evidence.
std::string RenderFindings(const std::vector<FindingLine>& lines, const FindingColumns& columns,
                           const RenderOptions& options, bool wide);

}  // namespace datafly::report

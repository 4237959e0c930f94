#include "common/core/report/diff_html.h"

namespace datafly::report {

std::string DiffHtml(const diff::ReleaseDiff&) { return {}; }

}  // namespace datafly::report

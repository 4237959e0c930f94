#include "common/core/report/diff_markdown.h"

namespace datafly::report {

std::string DiffMarkdown(const diff::ReleaseDiff&) { return {}; }

}  // namespace datafly::report

#pragma once

#include <string>

#include "common/core/diff/release_diff.h"
#include "common/core/report/html_findings.h"

namespace datafly::report {

/// One page that needs nothing else, in the style of the reports.
std::string DiffHtml(const diff::ReleaseDiff& diff);

/// The same as part of another page, which has DiffStyle() in its style sheet: from the banner on,
/// under headings of `level` (3: <h3>) and with ids of the page's own `anchors`.
std::string DiffHtmlBody(const diff::ReleaseDiff& diff, int level, HtmlAnchors& anchors);

}  // namespace datafly::report

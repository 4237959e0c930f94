#pragma once

#include <string>
#include <string_view>

#include "common/core/diff/release_diff.h"

namespace datafly::report {

/// GitHub's Markdown, for a pull request: the plan first, fields as ```diff blocks, which have
/// colours there.
std::string DiffMarkdown(const diff::ReleaseDiff& diff);

/// The same without its title, to stand under another; `heading` is that of its sections ("###").
std::string DiffMarkdownBody(const diff::ReleaseDiff& diff, std::string_view heading);

}  // namespace datafly::report

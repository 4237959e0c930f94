#pragma once

#include <string_view>

namespace datafly::report {

/// The style sheet that is part of every HTML report: light and dark by the reader's setting, a
/// print version, no fonts or images from elsewhere.
std::string_view HtmlStyle();

/// What every page's <head> begins with: no script runs, nothing is loaded, no robot indexes it.
std::string_view HtmlHead();

}  // namespace datafly::report

#pragma once

#include <string>
#include <string_view>

namespace datafly {

/// Words from the cluster as one line: credentials and control characters out, cut at 300 columns.
std::string OneLine(std::string_view text);

}  // namespace datafly

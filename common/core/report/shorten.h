#pragma once

#include <string>
#include <string_view>
#include <utility>

/// Long text made to fit a terminal so that what matters stays. Text that comes in here has been
/// through EscapeForTerminal.
namespace datafly::report {

/// At most `columns` wide, with "…" in the middle when something was cut; 0 = never cut.
std::string CutMiddle(std::string_view text, std::size_t columns);

/// Two texts, each at most `columns` wide, cut so that where they first differ is seen.
std::pair<std::string, std::string> CutAlike(std::string_view left, std::string_view right,
                                             std::size_t columns);

/// A field's path within `columns`: "spec…containers[name=app].image". Its middle goes first, at
/// last its last part is cut too. 0 = never cut.
std::string ShortenPath(std::string_view path, std::size_t columns);

/// The fewest columns in which ShortenPath leaves the last part whole.
std::size_t LeastPathWidth(std::string_view path);

}  // namespace datafly::report

#pragma once

#include <string>
#include <string_view>

namespace datafly::report {

/// Compares with tests/unit/core/report/golden/NAME, line by line. With SIGNAL_UPDATE_GOLDEN=1 in
/// the environment the file is written instead; the change is then reviewed like code.
void ExpectGolden(std::string_view name, const std::string& actual);

/// The same for a file that is generated into the tree, by its path from the top: docs/checks.md.
void ExpectSameFile(std::string_view path, const std::string& actual);

}  // namespace datafly::report

#pragma once

#include <cstdint>
#include <string>

#include "common/core/base/result.h"

namespace datafly::commands {

/// A revision as the user gives it; "" is 0, which means that none was named. Errors: wrong usage.
Result<std::int64_t> ParseRevision(const std::string& text);

}  // namespace datafly::commands

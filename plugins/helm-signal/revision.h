#pragma once

#include <cstdint>
#include <string>

#include "common/cli/shared_flags.h"
#include "common/core/base/result.h"

namespace datafly::commands {

/// A revision as the user gives it; "" is 0, which means that none was named. Errors: wrong usage,
/// with the command that lists those of `release`.
Result<std::int64_t> ParseRevision(const std::string& text, const std::string& release,
                                   const cli::SharedFlags& flags);

}  // namespace datafly::commands

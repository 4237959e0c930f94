#pragma once

#include <optional>
#include <string>

#include "common/core/base/secret.h"
#include "common/core/plan/plan.h"
#include "common/io/system/system.h"

namespace datafly::commands {

/// The content of --plan-key FILE; nothing when none is named. Errors: it cannot be read.
Result<std::optional<SecretString>> ReadPlanKey(const FileSystem& files, const std::string& file);

/// Errors: it cannot be read, is no plan, was changed, or wants a key.
Result<plan::Plan> ReadPlan(const FileSystem& files, const std::string& file,
                            const std::string& key_file);

}  // namespace datafly::commands

#pragma once

#include <string>

#include "common/core/facts/facts.h"
#include "common/core/profile/profile.h"
#include "common/operations/look_back.h"

namespace datafly::operations {

/// Refuses when Flux or Argo CD owns the release: they would undo what is changed by hand. The
/// error's remedy holds the exact steps. `version`: the chart's that is wanted, or "".
Result<void> RefuseForeignOwner(const Facts& facts, const Profile& profile,
                                const std::string& version);

/// The same for who has not looked at the cluster yet. Errors: also no connection, interrupted.
Result<void> RefuseForeignOwner(const Work& work);

}  // namespace datafly::operations

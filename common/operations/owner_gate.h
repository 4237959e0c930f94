#pragma once

#include <string>

#include "common/core/facts/facts.h"
#include "common/core/profile/profile.h"
#include "common/gather/gather.h"

namespace datafly::operations {

/// Refuses when Flux or Argo CD owns the release: they would undo what is changed by hand. The
/// error's remedy holds the exact steps. `version`: the chart's that is wanted, or "".
Result<void> RefuseForeignOwner(const Facts& facts, const Profile& profile,
                                const std::string& version);

/// The same for who has not looked at the cluster yet; who may not look is not held up. Errors:
/// also interrupted.
Result<void> RefuseForeignOwner(gather::Io& io, const Scope& scope);

}  // namespace datafly::operations

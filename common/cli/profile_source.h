#pragma once

#include "common/cli/session.h"
#include "common/core/profile/profile.h"

namespace datafly::cli {

/// The compiled-in profile with the user's --config file laid over it. (The in-cluster ConfigMap,
/// which may only tighten, is laid over by the gatherer.)
Result<Profile> LoadProfile(const SharedFlags& flags, const Session& session);

}  // namespace datafly::cli

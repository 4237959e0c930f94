#pragma once

#include "common/core/facts/facts.h"
#include "common/core/manifest/manifest.h"
#include "common/core/profile/profile.h"
#include "common/core/release/record.h"

namespace datafly::gather {

/// What the step changes in values and secrets, reduced to outcomes: compares today's record with
/// the target's rendering. `today` may be null (no release): then only unknown keys are judged.
/// `changes` tells what two renderings give differently; where it is absent, nothing Rotates.
ValuesFacts CompareValues(const release::ReleaseRecord* today, const release::ReleaseRecord& target,
                          const std::vector<manifest::Object>& target_objects,
                          const Profile& profile, const Fact<diff::ReleaseDiff>& changes);

}  // namespace datafly::gather

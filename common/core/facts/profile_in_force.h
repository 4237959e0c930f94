#pragma once

#include "common/core/facts/facts.h"
#include "common/core/profile/cluster_profile.h"

namespace datafly {

/// The profile by which these facts are judged: the user's own, tightened by what the cluster's
/// ConfigMap asked for when the facts were taken. Without one, or when it could not be read, the
/// user's own (SIG-PROF-001 says which of these it is).
inline TightenedProfile ProfileInForce(const Facts& facts, const Profile& own) {
  if (!facts.cluster_profile) return {own, {}, {}};
  return Tighten(own, *facts.cluster_profile);
}

}  // namespace datafly

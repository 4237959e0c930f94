#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/profile/profile.h"

/// The profile's part that whoever runs the cluster sets: a ConfigMap in the release's namespace
/// that may only tighten.
namespace datafly {

inline constexpr std::string_view kClusterProfileName = "signal-profile";
inline constexpr std::string_view kClusterProfileKey = "profile.yaml";

/// What the ConfigMap asks for, reduced to what a judge may use: it can be kept in a snapshot and
/// laid over any profile.
struct ClusterProfile {
  std::string asks;  ///< YAML: only keys that it may tighten, only values that can be read
  std::vector<std::string> refused;  ///< the rest, "KEY: why"
};

/// The document of the ConfigMap. Errors: InvalidInput or TooLarge, when it is not a YAML mapping.
Result<ClusterProfile> ReadClusterProfile(std::string_view yaml);

struct TightenedProfile {
  Profile profile;
  std::vector<std::string> tightened;  ///< "backups.maxAge: 15m instead of 1h"
  std::vector<std::string> looser;  ///< asked for, and not taken because `base` is stricter: "KEY:
                                    ///< it may only be lowered"
};

/// `base` with what the cluster asks for, as far as that is stricter. Total: a recorded `asks` that
/// cannot be read any more tightens nothing and is named in `looser`.
TightenedProfile Tighten(const Profile& base, const ClusterProfile& cluster);

}  // namespace datafly

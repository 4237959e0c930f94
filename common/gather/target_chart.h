#pragma once

#include <string>
#include <vector>

#include "common/core/base/semver.h"
#include "common/core/profile/profile.h"

namespace datafly::gather {

/// `--to` as Helm's arguments.
struct ChartChoice {
  std::string chart;    ///< oci://…, folder, .tgz, repo/name
  std::string version;  ///< "" = what the chart says, or the newest
  enum class Newest {
    No,
    Any,
    SameMajor,
    SameMinor
  } newest = Newest::No;  ///< the version is to be found among the registry's tags
};

/// VERSION -> the profile's chart at that version; oci://host/x:1.3.0 -> chart and version; latest,
/// latest-minor, latest-patch -> the profile's chart, newest of any kind, of the same major, of the
/// same minor. Everything else is a chart as Helm takes it.
ChartChoice ChooseChart(const std::string& to, const Profile& profile);

/// The newest released version (no prerelease) among tags, under the choice's bound; nothing when
/// there is none newer or equal.
std::optional<std::string> NewestTag(const std::vector<std::string>& tags,
                                     ChartChoice::Newest bound, const SemVer& today);

}  // namespace datafly::gather

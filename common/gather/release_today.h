#pragma once

#include <string>

#include "common/core/facts/facts.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// What a release is today, in as few reads as tell it.
struct ReleaseToday {
  Scope scope;                       ///< with the release's name, once it is known
  Fact<std::string> server_version;  ///< "v1.31.2"
  struct Chart {
    std::string name, version, app_version;
  };
  Fact<Chart> chart;  ///< of the newest deployed revision, or of the newest if none is
};

/// Two bursts: the API server's version and the labels of Helm's records; the payload of each
/// candidate release, for only a payload names its chart. What cannot be read is an Absence, an
/// unreachable API server or several releases among it; an Error means: interrupted.
Result<ReleaseToday> GatherReleaseToday(Io& io, const Profile& profile,
                                        const ClusterRequest& request);

}  // namespace datafly::gather

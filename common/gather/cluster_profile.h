#pragma once

#include <string>

#include "common/core/base/fact.h"
#include "common/core/base/result.h"
#include "common/core/profile/cluster_profile.h"

namespace datafly::gather {

/// Where the ConfigMap of the cluster's own profile is read.
std::string ClusterProfilePath(const std::string& name_space);

/// What the reply to that GET holds. A 404 is NotFound: nobody asks for more; a ConfigMap that
/// cannot be understood is Invalid, since what it asks for is then not known.
Fact<ClusterProfile> DecodeClusterProfile(const Result<std::string>& reply,
                                          const std::string& name_space);

}  // namespace datafly::gather

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/kinds/meta.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// Which releases of one cluster are meant.
struct InstallationQuery {
  std::string name_space;  ///< "" = all namespaces
  std::string release;     ///< "" = every release of the profile's chart
  /// Of the labels of the release's newest record (`helm upgrade --labels`) over those of its
  /// namespace. Nothing = all, and namespaces are then not asked for.
  std::optional<kinds::LabelSelector> selector;
};

/// A release that is the platform's, or one of which that could not be found out.
struct InstallationFound {
  std::string name_space;
  std::string release;
  std::optional<Error> unreadable;  ///< why its newest record cannot be read
};

/// Finds the platform's releases, ordered by namespace and name, in at most two bursts: one list of
/// the metadata of Helm's records (labels owner=helm), then, unless a release was named, the
/// payload of each candidate's newest record, for only a payload names the chart. A release whose
/// record names another chart is left out. An Error means that the records (or, with a selector,
/// the namespaces' labels) cannot be listed at all: Forbidden names the missing verb.
Result<std::vector<InstallationFound>> FindInstallations(Io& io, const Profile& profile,
                                                         const InstallationQuery& query);

}  // namespace datafly::gather

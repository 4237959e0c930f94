#pragma once

#include <string>
#include <vector>

#include "common/io/registry/repository.h"

namespace datafly::registry {

/// Every tag of the repository, following Link headers on the registry's own origin. A list that
/// goes on elsewhere is Error::Protocol, one of more than 10,000 tags or 100 pages
/// Error::TooLarge: registries list tags by their text, so that of half a list the newest may be
/// missing.
Pending<std::vector<std::string>> ListTags(Repository repository);

}  // namespace datafly::registry

#pragma once

#include <optional>
#include <string>

#include "common/core/release/history.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// The release's newest record while Helm is at work on it (status pending-install, -upgrade or
/// -rollback), or nothing; by one list of the records' labels. A helm that died leaves it there.
/// Errors as for any list.
Result<std::optional<release::RevisionLabel>> ReadReleaseLock(Io& io, release::RecordStore store,
                                                              const std::string& name_space,
                                                              const std::string& release);

/// Labels only of Helm's records: the payloads are megabytes.
kube::ListOptions RecordLabelOptions();

}  // namespace datafly::gather

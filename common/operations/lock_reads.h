#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/journal/lock.h"
#include "common/core/release/record.h"
#include "common/gather/gather.h"
#include "common/operations/journal.h"

namespace datafly::operations {

/// Whether the helm of an operation lives, as far as this machine can tell (see journal::Child).
journal::Child ChildOf(const journal::Operation& operation);

/// The Jobs and Pods among a revision's hooks that have not ended, as "Job/migrate"; one that is
/// not there runs no more. Errors: one that cannot be read may run; interrupted.
Result<std::vector<std::string>> RunningHooks(gather::Io& io, const release::ReleaseRecord& record,
                                              const std::string& name_space);

/// What tells whether somebody is at work on the pending revision `lock`: the times in
/// managedFields of its objects, its hooks' Jobs, the journal. What cannot be read is noted.
/// Errors: interrupted.
Result<journal::LockEvidence> ReadLockEvidence(gather::Io& io, const release::RevisionLabel& lock,
                                               const release::ReleaseRecord& record,
                                               const Journal& journal);

}  // namespace datafly::operations

#pragma once

#include <string>

#include "common/core/release/history.h"
#include "common/core/release/record_store.h"
#include "common/operations/journal.h"

namespace datafly::operations {

struct UnlockRequest {
  release::RevisionLabel lock;  ///< the pending revision
  release::RecordStore store = release::RecordStore::Secrets;
  std::string who;  ///< "kim on laptop"
  StepObserver* observer = nullptr;
};

/// Marks a pending revision as failed, as Helm itself does when it is interrupted: payload and
/// label in one write, which carries the resourceVersion of the record as it was read. The caller
/// has the lease and has judged the evidence. Errors: Conflict when the record changes meanwhile
/// (somebody is at work), no right to update the record, no connection.
Result<void> FreeLock(gather::Io& io, Lease& lease, const UnlockRequest& request);

/// Closes what killed runs of unlock have left in the journal: by the history, they had freed the
/// lock or had not written yet. Errors as JournalWriter's.
Result<void> SettleUnlocks(gather::Io& io, Lease& lease, const Journal& journal,
                           const release::History& history, StepObserver* observer);
/// Whether there is any such entry.
bool HasUnsettledUnlock(const Journal& journal);

}  // namespace datafly::operations

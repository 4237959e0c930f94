#pragma once

#include "common/operations/apply.h"
#include "common/operations/look_back.h"

namespace datafly::operations {

/// A helm of ours that has ended may leave its revision pending: when it was killed, or a hook of a
/// rollback failed (helm marks an upgrade that failed, not a rollback whose hook did). Marks it
/// failed. Does nothing where the pending revision is not (or may not be) the operation's
/// own, as far as journal::MakerOf can tell), is not pending, or its helm still runs, or a hook of
/// it does (it says so). Errors as FreeLock's.
Result<void> FreeOwnPending(const Work& work, const journal::Operation& operation);

/// A helm that failed may have made no revision (a flag that it does not take, an admission that
/// refused its record, somebody else's helm that was sooner): it has changed nothing, and `applied`
/// says so, and whose revision is there instead. Errors: the records may not be read.
Result<void> CheckBegun(const Work& work, const journal::Operation& operation, Applied& applied);

/// After an interrupt: waits for helm's end, frees what it left pending, and closes the entry as
/// stopped, or abandoned where helm had made no revision. What cannot be done any more is left to
/// the next run's LookBack.
Result<void> CloseInterrupted(const Work& work, JournalWriter& writer);

}  // namespace datafly::operations

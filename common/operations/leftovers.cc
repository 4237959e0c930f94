#include "common/operations/leftovers.h"

#include "common/operations/actor.h"
#include "common/operations/unlock.h"

namespace datafly::operations {
namespace {

using journal::Operation;

constexpr std::chrono::seconds kHelmEnds{15};

/// Whether the record can only be what this operation's helm has made: it has the revision that was
/// planned, was written after it began (times of labels are whole seconds), and is of its chart.
bool IsOwn(const Operation& operation, const release::RevisionLabel& lock,
           const release::ReleaseRecord& record) {
  if (lock.revision != operation.to_revision) return false;
  const bool before =
      lock.modified_at && *lock.modified_at + std::chrono::seconds(1) < operation.started_at;
  return !before && record.chart.version == operation.to_version;
}

}  // namespace

Result<void> FreeOwnPending(const Work& work, const Operation& operation) {
  if (operation.helm && IsRunning(*operation.helm)) return {};
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto* lock = release::PendingLock(records.history());
  if (lock == nullptr || lock->revision != operation.to_revision) return {};
  ASSIGN_OR_RETURN(const auto payloads, records.Read({lock->revision}));
  if (!IsOwn(operation, *lock, payloads.front())) return {};
  return FreeLock(work.io, *work.lease, {*lock, work.store, work.who, work.observer});
}

Result<void> CloseInterrupted(const Work& work, JournalWriter& writer) {
  work.io.loop.TakeInterrupt();
  work.dialogue.Tell("interrupted: helm is ended, and the journal closed");
  const auto helm = writer.operation().helm;
  TRY(work.io.loop.RunUntil(work.io.loop.Now() + kHelmEnds,
                            [&] { return !helm || !IsRunning(*helm); }));
  TRY(writer.Write("interrupted", [](Operation& entry) {
    entry.phase = journal::Phase::Done;
    entry.verdict = journal::Verdict::Stopped;
    entry.reason = "interrupted";
  }));
  return FreeOwnPending(work, writer.operation());
}

}  // namespace datafly::operations

#include "common/operations/leftovers.h"

#include "common/operations/actor.h"
#include "common/operations/lock_reads.h"
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

/// Which state the cluster is left in. An error of these words must not stand for the interrupt.
void TellState(const Work& work) {
  const auto records = gather::RecordReads::List(work.io, work.helm, work.name_space, work.release);
  if (!records) {
    work.dialogue.Tell("in which state the release is could not be read: " +
                       records.error().message);
    return;
  }
  if (const auto* newest = release::Newest(records->history()))
    work.dialogue.Tell(
        fmt::format("the release is at revision {}, which is {}; helm signal history "
                    "tells more, and the same command again goes on from here",
                    newest->revision, release::ToString(newest->status)));
}

}  // namespace

Result<void> FreeOwnPending(const Work& work, const Operation& operation) {
  if (operation.helm && HelmRuns(*operation.helm)) return {};
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto* lock = release::PendingLock(records.history());
  if (lock == nullptr || lock->revision != operation.to_revision) return {};
  ASSIGN_OR_RETURN(const auto payloads, records.Read({lock->revision}));
  if (!IsOwn(operation, *lock, payloads.front())) return {};
  ASSIGN_OR_RETURN(const auto running, RunningHooks(work.io, payloads.front(), work.name_space));
  if (!running.empty()) {
    work.dialogue.Tell(
        fmt::format("hook {} still runs: revision {} stays pending until it has ended",
                    fmt::join(running, ", "), lock->revision));
    return {};
  }
  return FreeLock(work.io, *work.lease, {*lock, work.store, work.who, work.observer});
}

Result<void> CheckBegun(const Work& work, const Operation& operation, Applied& applied) {
  if (applied.end != Applied::End::HelmFailed) return {};
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto& history = records.history();
  const auto made = std::find_if(history.begin(), history.end(), [&](const auto& revision) {
    return revision.revision == operation.to_revision;
  });
  if (made == history.end()) {
    applied.end = Applied::End::NotBegun;
    return {};
  }
  ASSIGN_OR_RETURN(const auto payloads, records.Read({made->revision}));
  if (IsOwn(operation, *made, payloads.front())) return {};
  applied.end = Applied::End::NotBegun;
  applied.reason +=
      fmt::format("; meanwhile somebody else has made revision {} (chart {} {})", made->revision,
                  payloads.front().chart.name, payloads.front().chart.version);
  return {};
}

Result<void> CloseInterrupted(const Work& work, JournalWriter& writer) {
  work.io.loop.TakeInterrupt();
  work.dialogue.Tell("interrupted: helm is ended, and the journal is closed");
  const auto helm = writer.operation().helm;
  TRY(work.io.loop.RunUntil(work.io.loop.Now() + kHelmEnds,
                            [&] { return !helm || !HelmRuns(*helm); }));
  TRY(writer.Write("interrupted", [](Operation& entry) {
    entry.phase = journal::Phase::Done;
    entry.verdict = journal::Verdict::Stopped;
    entry.reason = "interrupted";
  }));
  if (const auto freed = FreeOwnPending(work, writer.operation()); !freed)
    work.dialogue.Tell("the revision may be left pending: " + freed.error().message);
  TellState(work);
  return {};
}

}  // namespace datafly::operations

#include "common/operations/leftovers.h"

#include "common/core/journal/maker.h"
#include "common/operations/actor.h"
#include "common/operations/lock_reads.h"
#include "common/operations/unlock.h"

namespace datafly::operations {
namespace {

using journal::Maker;
using journal::Operation;

constexpr std::chrono::seconds kHelmEnds{15};

/// The revision that the operation meant to make, and who made it; nothing: there is none.
struct Made {
  release::RevisionLabel label;
  release::ReleaseRecord record;
  Maker maker = Maker::Unclear;
};

Result<std::optional<Made>> ReadMade(const Work& work, const Operation& operation) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto& history = records.history();
  const auto found = std::find_if(history.begin(), history.end(), [&](const auto& revision) {
    return revision.revision == operation.to_revision;
  });
  if (found == history.end()) return std::optional<Made>();
  ASSIGN_OR_RETURN(auto payloads, records.Read({found->revision}));
  Made made{*found, std::move(payloads.front())};
  made.maker = journal::MakerOf(operation, made.label, made.record);
  return std::optional(std::move(made));
}

/// A helm that gives an upgrade up writes its revision down as failed (helm pkg/action/upgrade.go,
/// failRelease). One that was killed or cut off has told nothing of the release: what stands there
/// may be whole. `helm rollback` leaves its revision pending when a hook fails, so it tells
/// neither.
void TellUnlessFailed(const Operation& operation, const release::RevisionLabel& made,
                      Applied& applied) {
  if (operation.kind != journal::Kind::Upgrade || made.status == release::Status::Failed) return;
  applied.end = Applied::End::NotComplete;
  applied.reason += fmt::format("; Helm has not written revision {} down as failed, but as {}",
                                made.revision, release::ToString(made.status));
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
  ASSIGN_OR_RETURN(const auto made, ReadMade(work, operation));
  const bool left = made && made->maker == Maker::Ours && release::IsPending(made->label.status);
  if (!left) return {};
  ASSIGN_OR_RETURN(const auto running, RunningHooks(work.io, made->record, work.name_space));
  if (!running.empty()) {
    work.dialogue.Tell(
        fmt::format("hook {} still runs: revision {} stays pending until it has ended",
                    fmt::join(running, ", "), made->label.revision));
    return {};
  }
  return FreeLock(work.io, *work.lease, {made->label, work.store, work.who, work.observer});
}

Result<void> CheckBegun(const Work& work, const Operation& operation, Applied& applied) {
  if (applied.end != Applied::End::HelmFailed) return {};
  applied.maker = Maker::Unclear;
  ASSIGN_OR_RETURN(const auto made, ReadMade(work, operation));
  if (made) applied.maker = made->maker;
  if (!made) {
    applied.end = Applied::End::NotBegun;
  } else if (made->maker == Maker::Foreign) {
    applied.end = Applied::End::NotBegun;
    applied.reason +=
        fmt::format("; meanwhile somebody else has made revision {} (chart {} {})",
                    made->label.revision, made->record.chart.name, made->record.chart.version);
  } else {
    TellUnlessFailed(operation, made->label, applied);
  }
  return {};
}

Result<void> CloseInterrupted(const Work& work, JournalWriter& writer) {
  work.io.loop.TakeInterrupt();
  work.dialogue.Tell("interrupted: helm is ended, and the journal is closed");
  const auto helm = writer.operation().helm;
  TRY(work.io.loop.RunUntil(work.io.loop.Now() + kHelmEnds,
                            [&] { return !helm || !HelmRuns(*helm); }));
  const auto made = ReadMade(work, writer.operation());
  const bool begun = !made || (*made && (*made)->maker != Maker::Foreign);
  TRY(writer.Write("interrupted", [&](Operation& entry) {
    entry.phase = journal::Phase::Done;
    entry.verdict = begun ? journal::Verdict::Stopped : journal::Verdict::Abandoned;
    entry.reason = "interrupted";
  }));
  if (const auto freed = FreeOwnPending(work, writer.operation()); !freed)
    work.dialogue.Tell("the revision may be left pending: " + freed.error().message);
  TellState(work);
  return {};
}

}  // namespace datafly::operations

#include "common/operations/look_back.h"

#include "common/gather/rendered.h"
#include "common/operations/leftovers.h"
#include "common/operations/lock_reads.h"
#include "common/operations/masks.h"
#include "common/operations/unlock.h"

namespace datafly::operations {
namespace {

using journal::Next;
using journal::Operation;
using journal::Phase;
using journal::Recovery;
using journal::Verdict;

constexpr std::chrono::seconds kLookAgain{2};
/// A helm that lives is waited for so long; Helm's own --timeout is five minutes by default.
constexpr std::chrono::minutes kWaitsForHelm{6};
constexpr std::chrono::minutes kFollows{10};
constexpr const char* kHookRemedy =
    "wait until it has ended; one that never will is yours to delete: kubectl delete job NAME";

/// Of a rollout that was followed to its end: what could not be seen is not called failed.
Verdict VerdictOf(RolloutFollow::Outcome outcome) {
  switch (outcome) {
    case RolloutFollow::Outcome::Complete:
      return Verdict::Verified;
    case RolloutFollow::Outcome::Failed:
      return Verdict::Failed;
    default:
      return Verdict::Stopped;
  }
}

class LookingBack {
 public:
  explicit LookingBack(const Work& work) : work_(work) {}

  Result<LookedBack> Run() {
    ASSIGN_OR_RETURN(const Journal journal,
                     Journal::Read(work_.io, work_.name_space, work_.release));
    const auto& operations = journal.operations();
    for (auto one = operations.rbegin(); one != operations.rend(); ++one) {
      if (one->phase != Phase::Done) TRY(Settle(*one));
    }
    TRY(FreeWhatIsLeft(journal));
    return looked_;
  }

 private:
  /// Of an operation that was closed, and killed before it could free what its helm had left.
  Result<void> FreeWhatIsLeft(const Journal& journal) {
    ASSIGN_OR_RETURN(const auto records, Records());
    const auto* newest = release::Newest(records.history());
    if (newest == nullptr) return {};
    const auto* made = journal.OfRevision(newest->revision);
    const bool ours = made != nullptr && made->phase == Phase::Done &&
                      (made->verdict == Verdict::Failed || made->verdict == Verdict::Stopped) &&
                      ChildOf(*made) == journal::Child::Gone;
    // A helm that was told to end, or that waited long enough, marks its revision failed and leaves
    // the hook at work: whoever's it is. A pending one of somebody else is the gates' matter.
    if (ours || newest->status == release::Status::Failed)
      TRY(WhenItsHooksHaveEnded(records, *newest));
    if (!ours || !release::IsPending(newest->status)) return {};
    looked_.repaired = true;
    return FreeOwnPending(work_, *made);
  }

  /// Helm deletes a hook's Job before it makes it anew: what it does would be cut in its middle.
  Result<void> WhenItsHooksHaveEnded(const gather::RecordReads& records,
                                     const release::RevisionLabel& revision) {
    ASSIGN_OR_RETURN(const auto payloads, records.Read({revision.revision}));
    const Instant until = std::min(work_.io.deadline, work_.io.loop.Now() + kWaitsForHelm);
    for (bool told = false;; told = true) {
      ASSIGN_OR_RETURN(const auto running,
                       RunningHooks(work_.io, payloads.front(), work_.name_space));
      if (running.empty()) return {};
      const std::string what = fmt::format("hook {} of revision {} still runs",
                                           fmt::join(running, ", "), revision.revision);
      if (work_.io.loop.Now() >= until)
        return Fail(Error{ErrorKind::Conflict, what, kHookRemedy, 0, {}});
      if (!told) work_.dialogue.Tell(what + ": waiting for its end");
      TRY(work_.io.loop.RunUntil(work_.io.loop.Now() + kLookAgain, [] { return false; }));
    }
  }

  Result<void> Settle(const Operation& operation) {
    ASSIGN_OR_RETURN(const Recovery recovery, WhenItsHelmHasEnded(operation));
    work_.dialogue.Tell(
        fmt::format("an earlier run has left this: {}; {}", InWords(operation), recovery.told));
    JournalWriter writer(work_.io, *work_.lease, work_.observer);
    TRY(writer.Adopt(operation));
    switch (recovery.next) {
      case Next::Nothing:
      case Next::Wait:
        return {};
      case Next::Abandon:
        return Close(writer, Verdict::Abandoned, recovery.told);
      case Next::Overtake:
        return Close(
            writer,
            operation.kind == journal::Kind::Unlock ? Verdict::Verified : Verdict::Overtaken,
            recovery.told);
      case Next::Failed:
        return Close(writer, Verdict::Failed, recovery.told);
      case Next::Repair:
        return Repair(writer, recovery.told);
      case Next::Follow:
        return Follow(writer);
    }
    return {};
  }

  Result<Recovery> WhenItsHelmHasEnded(const Operation& operation) {
    const Instant until = std::min(work_.io.deadline, work_.io.loop.Now() + kWaitsForHelm);
    bool told = false;
    for (;;) {
      ASSIGN_OR_RETURN(const auto evidence, Look(operation));
      Recovery recovery = journal::Recover(operation, evidence);
      if (recovery.next != Next::Wait) return recovery;
      const bool hopeless =
          evidence.child == journal::Child::Elsewhere || work_.io.loop.Now() >= until;
      if (hopeless)
        return Fail(Error{ErrorKind::Conflict,
                          recovery.told,
                          evidence.running_hooks.empty()
                              ? "wait until it has ended; helm signal history tells how it stands"
                              : kHookRemedy,
                          0,
                          {}});
      if (!std::exchange(told, true)) work_.dialogue.Tell(recovery.told + ": waiting for its end");
      TRY(work_.io.loop.RunUntil(work_.io.loop.Now() + kLookAgain, [] { return false; }));
    }
  }

  Result<journal::Evidence> Look(const Operation& operation) {
    ASSIGN_OR_RETURN(const auto records, Records());
    journal::Evidence evidence;
    evidence.history = records.history();
    evidence.child = ChildOf(operation);
    if (const auto* newest = release::Newest(evidence.history)) {
      evidence.last_write = newest->modified_at;
      if (newest->revision == operation.to_revision)
        TRY(LookAtObjects(operation, records, *newest, evidence));
    }
    evidence.now = work_.io.kube.ServerTime().value_or(work_.io.system.clock.Now());
    return evidence;
  }

  /// What its labels do not tell: whose it is, when a helm wrote the revision's objects, and hooks
  /// that run on after their helm has died.
  Result<void> LookAtObjects(const Operation& operation, const gather::RecordReads& records,
                             const release::RevisionLabel& newest, journal::Evidence& evidence) {
    ASSIGN_OR_RETURN(const auto payloads, records.Read({newest.revision}));
    evidence.maker = journal::MakerOf(operation, newest, payloads.front());
    if (evidence.maker != journal::Maker::Ours) return {};
    ASSIGN_OR_RETURN(evidence.running_hooks,
                     RunningHooks(work_.io, payloads.front(), work_.name_space));
    // Of a helm on this machine its process tells.
    if (evidence.child != journal::Child::Elsewhere) return {};
    ASSIGN_OR_RETURN(const auto seen, ReadLockEvidence(work_.io, newest, payloads.front(), {}));
    if (seen.last_write && (!evidence.last_write || *evidence.last_write < *seen.last_write))
      evidence.last_write = seen.last_write;
    return {};
  }

  [[nodiscard]] Result<gather::RecordReads> Records() const {
    return gather::RecordReads::List(work_.io, work_.helm, work_.name_space, work_.release);
  }

  static Result<void> Close(JournalWriter& writer, Verdict verdict, const std::string& reason) {
    return writer.Write("closed", [&](Operation& operation) {
      operation.phase = Phase::Done;
      operation.verdict = verdict;
      operation.reason = verdict == Verdict::Verified ? std::string() : reason;
    });
  }

  Result<void> Repair(JournalWriter& writer, const std::string& told) {
    ASSIGN_OR_RETURN(const auto records, Records());
    const auto* lock = release::PendingLock(records.history());
    if (lock != nullptr && lock->revision == writer.operation().to_revision) {
      TRY(FreeLock(work_.io, *work_.lease, {*lock, work_.store, work_.who, work_.observer}));
    }
    looked_.repaired = true;
    return Close(writer, Verdict::Failed, told);
  }

  Result<void> Follow(JournalWriter& writer) {
    ASSIGN_OR_RETURN(const auto records, Records());
    ASSIGN_OR_RETURN(const auto payloads, records.Read({writer.operation().to_revision}));
    ASSIGN_OR_RETURN(const auto ids, WorkloadsOf(payloads.front().manifest, work_.profile));
    gather::Io io{work_.io.loop, work_.io.http, work_.io.kube, work_.io.system,
                  std::min(work_.io.deadline, work_.io.loop.Now() + kFollows)};
    RolloutFollow::Options options;
    options.deadline = kFollows;
    ASSIGN_OR_RETURN(options.mask,
                     MaskForPods(io, work_.dialogue, work_.name_space, {&payloads.front()}));
    options.on_look = [this](const auto& progress, bool listed, const auto& silence) {
      work_.dialogue.ShowRollout(progress, listed, silence);
    };
    auto end = RolloutFollow(io, work_.name_space, work_.profile, std::move(options)).Run(ids);
    work_.dialogue.EndRollout();
    if (!end) return Fail(end.error());
    TRY(Close(writer, VerdictOf(RolloutFollow::OutcomeOf(*end)),
              "its workloads did not all come up"));
    looked_.followed = writer.operation();
    return {};
  }

  const Work& work_;
  LookedBack looked_;
};

}  // namespace

Result<LookedBack> LookBack(const Work& work) { return LookingBack(work).Run(); }

Result<std::vector<std::string>> WorkloadsOf(const std::string& manifest, const Profile& profile) {
  ASSIGN_OR_RETURN(const Rendered rendered, gather::ReduceManifest(manifest, profile));
  std::vector<std::string> ids;
  for (const kinds::Workload& workload : rendered.workloads) ids.push_back(workload.Id());
  return ids;
}

}  // namespace datafly::operations

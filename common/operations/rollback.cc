#include "common/operations/rollback.h"

#include "common/core/base/text.h"
#include "common/operations/actor.h"
#include "common/operations/leftovers.h"
#include "common/operations/masks.h"

namespace datafly::operations {
namespace {

using journal::Operation;
using journal::Phase;
using journal::Verdict;

/// "failed (helm died in its middle)", "not seen by helm signal (Helm says superseded)".
std::string KnownOf(const release::RevisionLabel& label, const Journal& journal) {
  const Operation* operation = journal.OfRevision(label.revision);
  if (operation == nullptr)
    return fmt::format("not made by helm signal (Helm says {})", release::ToString(label.status));
  if (operation->phase != Phase::Done)
    return fmt::format("{} that has not ended", journal::ToString(operation->kind));
  std::string text(journal::ToString(operation->verdict));
  if (!operation->reason.empty()) text += fmt::format(" ({})", operation->reason);
  return text;
}

Result<RollbackTarget> Asked(const release::History& history, const Journal& journal,
                             std::int64_t asked) {
  const bool known = std::any_of(history.begin(), history.end(),
                                 [&](const auto& label) { return label.revision == asked; });
  if (!known)
    return Fail(Error::NotFound(fmt::format("revision {} is not in the release's history", asked),
                                "helm signal history shows those that are"));
  return RollbackTarget{asked, journal.IsVerified(asked), {}};
}

/// Interrupted, or the lease is lost: what is left is written down, if it still may be. Another
/// error once helm was started is an end that is not known.
Result<Applied> Broken(const Work& work, JournalWriter& writer, const Error& error) {
  if (error.kind == ErrorKind::Interrupted) TRY(CloseInterrupted(work, writer));
  const bool told = error.kind == ErrorKind::Interrupted || error.kind == ErrorKind::Conflict;
  if (told || !writer.operation().helm) return Fail(error);
  work.dialogue.EndRollout();
  Applied applied;
  applied.end = Applied::End::NotComplete;
  applied.reason =
      fmt::format("helm was started, and how it ended could not be seen: {}", error.message);
  return applied;
}

}  // namespace

Result<RollbackTarget> ChooseRollback(const release::History& history, const Journal& journal,
                                      std::int64_t asked) {
  if (asked != 0) return Asked(history, journal, asked);
  RollbackTarget target;
  for (auto label = history.rbegin(); label != history.rend(); ++label) {
    const bool newest = label == history.rbegin();
    if (!newest && journal.IsVerified(label->revision)) {
      target.revision = label->revision;
      target.verified = true;
      return target;
    }
    if (!newest)
      target.skipped.push_back(
          fmt::format("revision {}: {}", label->revision, KnownOf(*label, journal)));
  }
  return Fail(Error::NotFound(
      fmt::format("no earlier revision was verified by helm signal: {}",
                  target.skipped.empty() ? "there is none"
                                         : fmt::format("{}", fmt::join(target.skipped, "; "))),
      "name the revision to go back to: helm signal rollback RELEASE REVISION"));
}

Result<RollbackTarget> ChooseWayBack(const release::History& history, const Journal& journal,
                                     std::int64_t deployed) {
  const Operation* made = journal.OfRevision(deployed);
  const bool bad =
      made != nullptr && made->phase == Phase::Done && made->verdict == Verdict::Failed;
  return ChooseRollback(history, journal, bad ? 0 : deployed);
}

Result<Applied> RollBack(const Work& work, const RollbackStep& step) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto* newest = release::Newest(records.history());
  if (newest == nullptr) return Fail(Error::NotFound("the release is gone"));
  const bool locked = release::IsPending(newest->status) && !step.over_dead_lock;
  if (newest->revision != step.newest || locked)
    return Fail(Error{
        ErrorKind::Conflict,
        fmt::format(
            "somebody has changed the release meanwhile: revision {} is {}; nothing was begun",
            newest->revision, release::ToString(newest->status)),
        "look with: helm signal history, then try again",
        0,
        {}});
  ASSIGN_OR_RETURN(const auto payloads, records.Read({newest->revision, step.back_to}));
  ASSIGN_OR_RETURN(auto mask, MaskForPods(work.io, work.dialogue, work.name_space,
                                          {&payloads[0], &payloads[1]}));

  Operation operation;
  operation.id = NewOperationId();
  operation.kind = journal::Kind::Rollback;
  operation.release = work.release;
  operation.name_space = work.name_space;
  operation.from_revision = newest->revision;
  operation.to_revision = newest->revision + 1;
  operation.back_to = step.back_to;
  operation.from_version = payloads[0].chart.version;
  operation.to_version = payloads[1].chart.version;
  operation.who = work.who;
  operation.runner = ThisProcess();
  operation.because = step.because;
  operation.acks = step.acks;
  operation.helm_timeout = HookTimeout(step.apply_flags);
  operation.started_at = work.io.kube.ServerTime().value_or(work.io.system.clock.Now());
  JournalWriter writer(work.io, *work.lease, work.observer);
  TRY(writer.Begin(operation));

  ApplyStep apply;
  apply.what = fmt::format("helm rollback {} {}", work.release, step.back_to);
  apply.helm.helm = work.helm.helm;
  apply.helm.environment = work.helm.environment;
  apply.helm.mask = MaskForHelm(work.io.system.files, {}, {&payloads[0], &payloads[1]});
  apply.mask = std::move(mask);
  apply.learn_again = [&work, revision = operation.to_revision] {
    return MaskOfRevision(work, revision);
  };
  apply.helm.arguments =
      helm::RollbackArguments(work.release, work.name_space, step.back_to, step.apply_flags);
  apply.name_space = work.name_space;
  apply.rollout_deadline = step.rollout_deadline;
  apply.soak = step.soak;
  apply.helm_timeout = HookTimeout(step.apply_flags);
  apply.hooks = payloads[1].hooks;
  ASSIGN_OR_RETURN(apply.workloads, WorkloadsOf(payloads[1].manifest, work.profile));
  auto applied = Apply(work.io, writer, work.dialogue, work.profile, std::move(apply));
  if (!applied) return Broken(work, writer, applied.error());
  const auto begun = CheckBegun(work, writer.operation(), *applied);
  if (!begun && begun.error().kind == ErrorKind::Interrupted)
    return Broken(work, writer, begun.error());
  const auto closed = writer.Write("done", [&](Operation& entry) {
    entry.phase = Phase::Done;
    entry.verdict = VerdictOf(applied->end);
    entry.reason = applied->reason;
  });
  // Another run has gone on from here while this one slept.
  if (!closed && closed.error().kind == ErrorKind::Conflict) return Fail(closed.error());
  if (!closed) work.dialogue.Tell("the journal could not be closed: " + closed.error().message);
  if (applied->end != Applied::End::Complete) {
    if (const auto freed = FreeOwnPending(work, writer.operation()); !freed)
      work.dialogue.Tell("the revision may be left pending: " + freed.error().message);
  }
  return applied;
}

}  // namespace datafly::operations

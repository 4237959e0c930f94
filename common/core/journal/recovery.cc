#include "common/core/journal/recovery.h"

#include "common/core/base/text.h"

namespace datafly::journal {
namespace {

/// How long nothing has been written by the operation or its helm.
Millis QuietFor(const Operation& operation, const Evidence& evidence) {
  Time last = operation.changed_at;
  if (evidence.last_write) last = std::max(last, *evidence.last_write);
  return std::max(Millis{0}, evidence.now - last);
}

/// Whether its helm can still be at work.
bool MayLive(const Operation& operation, const Evidence& evidence) {
  if (evidence.child == Child::Alive) return true;
  const Millis quiet = std::max<Millis>(kQuiet, operation.helm_timeout + std::chrono::minutes(1));
  return evidence.child == Child::Elsewhere && QuietFor(operation, evidence) < quiet;
}

std::string Lives(const Operation& operation, const Evidence& evidence) {
  if (evidence.child == Child::Alive)
    return fmt::format("helm of that {} still runs here (process {})", ToString(operation.kind),
                       operation.helm ? operation.helm->pid : 0);
  return fmt::format(
      "helm of that {} ran on another machine ({}) and may still run: something was written {} ago",
      ToString(operation.kind), operation.helm ? operation.helm->host : operation.who,
      FormatAge(QuietFor(operation, evidence)));
}

Recovery OfUnlock(const Operation& operation, const release::RevisionLabel* newest) {
  const bool pending = newest != nullptr && newest->revision == operation.to_revision &&
                       release::IsPending(newest->status);
  if (pending) return {Next::Abandon, "the lock is still there: nothing had been written"};
  return {Next::Overtake, "the lock is gone"};
}

Recovery NotOurs(const release::RevisionLabel& newest, Maker maker) {
  return {
      Next::Overtake,
      fmt::format("revision {} is {}, and {}", newest.revision, release::ToString(newest.status),
                  maker == Maker::Foreign ? "somebody else's"
                                          : "whether it is of that run cannot be told")};
}

Recovery OfPlanned(const Operation& operation, const release::RevisionLabel* newest) {
  if (newest == nullptr || newest->revision <= operation.from_revision)
    return {Next::Abandon, "it had not been begun: the release is as it was before"};
  return NotOurs(*newest, Maker::Foreign);
}

Recovery OfRevision(const release::RevisionLabel& newest) {
  using release::Status;
  if (release::IsPending(newest.status))
    return {Next::Repair, fmt::format("helm died in the middle of it: revision {} is {}, and part "
                                      "of it may be applied",
                                      newest.revision, release::ToString(newest.status))};
  if (newest.status == Status::Failed)
    return {Next::Failed,
            fmt::format("helm had ended it as failed (revision {})", newest.revision)};
  if (newest.status == Status::Deployed)
    return {Next::Follow,
            fmt::format("helm had applied it (revision {}); whether its pods came up was not seen",
                        newest.revision)};
  return {Next::Overtake,
          fmt::format("revision {} is {}", newest.revision, release::ToString(newest.status))};
}

}  // namespace

std::string_view ToString(Next next) {
  switch (next) {
    case Next::Nothing:
      return "nothing";
    case Next::Wait:
      return "wait";
    case Next::Abandon:
      return "abandon";
    case Next::Follow:
      return "follow";
    case Next::Repair:
      return "repair";
    case Next::Failed:
      return "failed";
    case Next::Overtake:
      return "overtake";
  }
  return {};
}

Recovery Recover(const Operation& operation, const Evidence& evidence) {
  if (operation.phase == Phase::Done) return {Next::Nothing, {}};
  const release::RevisionLabel* newest = release::Newest(evidence.history);
  if (operation.kind == Kind::Unlock) return OfUnlock(operation, newest);
  // Only from Applying on can a helm have been started.
  if (operation.phase == Phase::Planned) return OfPlanned(operation, newest);
  if (MayLive(operation, evidence)) return {Next::Wait, Lives(operation, evidence)};
  if (newest != nullptr && newest->revision == operation.to_revision &&
      evidence.maker != Maker::Ours)
    return NotOurs(*newest, evidence.maker);
  // Helm deletes a hook's Job before it makes it anew: a migration would be cut in its middle.
  if (!evidence.running_hooks.empty())
    return {Next::Wait,
            fmt::format("hook {} of that {} still runs", fmt::join(evidence.running_hooks, ", "),
                        ToString(operation.kind))};
  if (newest == nullptr || newest->revision <= operation.from_revision)
    return {Next::Abandon, "it had not been begun: the release is as it was before"};
  if (newest->revision > operation.to_revision)
    return {Next::Overtake, fmt::format("revision {} has followed since", newest->revision)};
  return OfRevision(*newest);
}

}  // namespace datafly::journal

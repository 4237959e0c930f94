#include "common/core/journal/lock.h"

#include "common/core/base/text.h"

namespace datafly::journal {
namespace {

std::string Ago(Time then, Time now) {
  return fmt::format("{} ago", FormatAge(std::max(Millis{0}, now - then)));
}

/// For so long a helm may be silent: its own --timeout, where an operation of ours tells it.
Millis QuietOf(const LockEvidence& evidence) {
  if (!evidence.operation) return evidence.quiet;
  return std::max<Millis>(evidence.quiet,
                          evidence.operation->helm_timeout + std::chrono::minutes(1));
}

/// A helm that is known to have ended needs no time to fall silent.
bool IsQuiet(const LockEvidence& evidence) {
  if (evidence.child == Child::Gone) return true;
  Time last = evidence.locked_at.value_or(Time{});
  if (evidence.last_write) last = std::max(last, *evidence.last_write);
  return evidence.now - last >= QuietOf(evidence);
}

void TellOperation(const LockEvidence& evidence, LockJudgement& judgement) {
  if (!evidence.operation) {
    judgement.unproven.emplace_back(
        "no unfinished entry of helm signal's journal is about the revision: a helm on another "
        "machine cannot be seen from here");
    return;
  }
  const Operation& operation = *evidence.operation;
  judgement.found.push_back(fmt::format("{} by {}", InWords(operation), operation.who));
  const std::int64_t pid = operation.helm ? operation.helm->pid : operation.runner.pid;
  switch (evidence.child) {
    case Child::Gone:
      judgement.found.emplace_back("its helm ran on this machine and has ended");
      break;
    case Child::Alive:
      judgement.found.push_back(fmt::format("its process {} still runs on this machine", pid));
      break;
    case Child::Elsewhere:
      judgement.unproven.push_back(
          fmt::format("its helm ran on {}: whether it still runs cannot be seen from here",
                      operation.runner.host));
      break;
  }
}

}  // namespace

LockJudgement JudgeLock(const LockEvidence& evidence) {
  LockJudgement judgement;
  std::string status = fmt::format("revision {} is {}", evidence.revision, evidence.status);
  if (evidence.locked_at)
    status += " for " + FormatAge(std::max(Millis{0}, evidence.now - *evidence.locked_at));
  judgement.found.push_back(std::move(status));
  TellOperation(evidence, judgement);
  if (evidence.last_write) {
    judgement.found.push_back(fmt::format("a helm wrote {} last, {}", evidence.last_written,
                                          Ago(*evidence.last_write, evidence.now)));
  } else {
    judgement.found.emplace_back("no object of that revision tells of a write by a helm");
  }
  for (const std::string& hook : evidence.running_hooks)
    judgement.found.push_back(fmt::format("hook {} still runs", hook));
  for (const std::string& unread : evidence.unread) judgement.unproven.push_back(unread);
  const bool quiet = IsQuiet(evidence);
  if (!quiet)
    judgement.found.push_back(fmt::format("that is less than {} ago: it may still be at work",
                                          FormatAge(QuietOf(evidence))));
  judgement.dead = quiet && evidence.running_hooks.empty() && evidence.child != Child::Alive;
  return judgement;
}

}  // namespace datafly::journal

#include "common/operations/unlock.h"
#include "common/cli/cluster.h"
#include "common/cli/prompt.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/core/report/judgement.h"
#include "common/gather/record_reads.h"
#include "common/operations/actor.h"
#include "common/operations/lock_reads.h"
#include "common/operations/owner_gate.h"
#include "plugins/helm-signal/commands.h"
#include "plugins/helm-signal/helm_calls.h"
#include "plugins/helm-signal/kill_at.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  cli::HelmFlags helm;
  std::string release;
  std::string yes_destroy;
  std::string idle = "6m";
  bool dry_run = false;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.release, "The release", true);
  line.AddOption("--yes-destroy", options.yes_destroy,
                 "The release's name: go on without asking (--yes does not cover this)", "RELEASE");
  line.AddOption("--idle", options.idle,
                 "So long nothing must have been written, where it cannot be seen that helm has "
                 "ended",
                 "DURATION");
  line.AddFlag("--dry-run", options.dry_run, "Only tell the evidence");
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareHelmFlags(line, options.shared, options.helm);
  line.SetFooter(
      "A helm that was killed leaves the release pending, and Helm then refuses to touch it. This "
      "frees it by evidence: when\n"
      "nobody is at work on it any more (no live helm, no running hook, no write for some "
      "minutes), the pending revision\n"
      "is marked failed, payload and label in one write, guarded against whoever writes at the "
      "same "
      "moment. What is half\n"
      "applied stays so: afterwards upgrade again, or roll back.\n\n"
      "Exit codes: 0 freed, or nothing was locked; 3 somebody may still be at work, nothing was "
      "done; 1 it could not be\n"
      "done; 64 wrong usage; 130 interrupted.");
}

report::Text Lines(const std::vector<std::string>& lines) {
  return {fmt::format("  {}", fmt::join(lines, "\n  "))};
}

report::Document Start(const Scope& scope, Time now) {
  report::Document document;
  document.kind = "UnlockReport";
  document.title = "Lock of release " + scope.release;
  document.tool_version = std::string(cli::ToolVersion());
  document.taken_at = now;
  report::AddScope(document, scope);
  return document;
}

report::Document Evidence(const Scope& scope, Time now, const journal::LockJudgement& judgement) {
  report::Document document = Start(scope, now);
  document.sections.push_back({"evidence", "Evidence", Lines(judgement.found)});
  if (!judgement.unproven.empty())
    document.sections.push_back({"unproven", "Not proven", Lines(judgement.unproven)});
  return document;
}

/// One run of the command on a connection.
class Unlocking {
 public:
  Unlocking(cli::Session& session, const Options& options, gather::Io& io, Scope scope,
            helm::HelmCalls calls, Millis idle)
      : session_(session),
        options_(options),
        io_(io),
        scope_(std::move(scope)),
        calls_(std::move(calls)),
        idle_(idle),
        kill_(session.environment) {}

  Result<report::Document> Run() {
    ASSIGN_OR_RETURN(const auto records,
                     gather::RecordReads::List(io_, calls_, scope_.name_space, scope_.release));
    if (records.history().empty())
      return Fail(Error::NotFound(
          fmt::format("no release {} in namespace {}", scope_.release, scope_.name_space),
          "helm list -A shows where it is"));
    const release::RevisionLabel* lock = release::PendingLock(records.history());
    if (lock == nullptr) {
      TRY(Settle(records.history()));
      return NotLocked(*release::Newest(records.history()));
    }
    ASSIGN_OR_RETURN(const auto judgement, Judge(records, *lock));
    report::Document document = Evidence(scope_, Now(), judgement);
    if (!judgement.dead) return Refused(std::move(document));
    if (options_.dry_run) return Told(std::move(document), *lock);
    TRY(operations::RefuseForeignOwner(io_, scope_));
    Tell(judgement);
    TRY(Confirm(*lock));
    return Free(std::move(document), *lock);
  }

 private:
  [[nodiscard]] Time Now() const { return io_.kube.ServerTime().value_or(session_.clock.Now()); }

  Result<journal::LockJudgement> Judge(const gather::RecordReads& records,
                                       const release::RevisionLabel& lock) {
    ASSIGN_OR_RETURN(const auto payloads, records.Read({lock.revision}));
    ASSIGN_OR_RETURN(const auto journal,
                     operations::Journal::Read(io_, scope_.name_space, scope_.release));
    ASSIGN_OR_RETURN(auto evidence,
                     operations::ReadLockEvidence(io_, lock, payloads.front(), journal));
    evidence.quiet = idle_;
    return journal::JudgeLock(evidence);
  }

  report::Document NotLocked(const release::RevisionLabel& newest) const {
    report::Document document = Start(scope_, Now());
    document.verdict = "not locked";
    document.verdict_detail =
        fmt::format("revision {} is {}", newest.revision, release::ToString(newest.status));
    return document;
  }

  static report::Document Refused(report::Document document) {
    document.verdict = "not freed";
    document.verdict_detail = "somebody may still be at work";
    document.exit_code = 3;
    return document;
  }

  static report::Document Told(report::Document document, const release::RevisionLabel& lock) {
    document.verdict = "may be freed";
    document.verdict_detail =
        fmt::format("revision {} would be marked failed (--dry-run)", lock.revision);
    return document;
  }

  /// Before the question: what it is answered by.
  void Tell(const journal::LockJudgement& judgement) {
    for (const std::string& found : judgement.found)
      session_.terminal.Err("  " + EscapeForTerminal(found));
    for (const std::string& unproven : judgement.unproven)
      session_.terminal.Err("  not proven: " + EscapeForTerminal(unproven));
  }

  Result<void> Confirm(const release::RevisionLabel& lock) {
    return cli::ConfirmDestruction(
        session_,
        fmt::format("Revision {} of {} in namespace {} on {} will be marked failed.", lock.revision,
                    scope_.release, scope_.name_space,
                    scope_.context.empty() ? scope_.server : scope_.context),
        scope_.release, options_.yes_destroy, io_.deadline);
  }

  Result<std::unique_ptr<operations::Lease>> TakeLease() {
    operations::Lease::Request request{scope_.name_space, scope_.release,
                                       operations::WhoActs(io_.system), operations::ThisProcess()};
    request.observer = &kill_;
    request.duration = LeaseDuration(session_.environment, request.duration);
    return operations::Lease::Acquire(io_, request);
  }

  /// A killed unlock had done its work and could not say so any more.
  Result<void> Settle(const release::History& history) {
    if (options_.dry_run) return {};
    const auto journal = operations::Journal::Read(io_, scope_.name_space, scope_.release);
    const auto left = operations::Lease::IsLeftBehind(io_, scope_.name_space, scope_.release);
    // Who may only read learns here that there is no lock, and that is all they asked.
    if (!journal || !left || (!*left && !operations::HasUnsettledUnlock(*journal))) return {};
    ASSIGN_OR_RETURN(const auto lease, TakeLease());
    auto settled = operations::SettleUnlocks(io_, *lease, *journal, history, &kill_);
    static_cast<void>(lease->Release());  // it expires by itself
    return settled;
  }

  /// Judges once more, since the answer may have taken its time; nothing: it is freed. Somebody may
  /// be at work by now: that judgement.
  Result<std::optional<journal::LockJudgement>> FreeUnder(operations::Lease& lease,
                                                          const release::RevisionLabel& lock,
                                                          release::RecordStore store) {
    ASSIGN_OR_RETURN(const auto journal,
                     operations::Journal::Read(io_, scope_.name_space, scope_.release));
    ASSIGN_OR_RETURN(const auto records,
                     gather::RecordReads::List(io_, calls_, scope_.name_space, scope_.release));
    TRY(operations::SettleUnlocks(io_, lease, journal, records.history(), &kill_));
    const release::RevisionLabel* now = release::PendingLock(records.history());
    if (now == nullptr || now->revision != lock.revision || now->uid != lock.uid)
      return Fail(Error{ErrorKind::Conflict,
                        "the release has moved meanwhile: somebody is at work on it",
                        "look again: helm signal unlock",
                        0,
                        {}});
    ASSIGN_OR_RETURN(auto judgement, Judge(records, *now));
    if (!judgement.dead) return std::optional(std::move(judgement));
    TRY(operations::FreeLock(io_, lease, {*now, store, operations::WhoActs(io_.system), &kill_}));
    return std::optional<journal::LockJudgement>();
  }

  Result<report::Document> Free(report::Document document, const release::RevisionLabel& lock) {
    ASSIGN_OR_RETURN(const auto lease, TakeLease());
    ASSIGN_OR_RETURN(const auto store, release::ParseRecordStore(
                                           session_.environment.Get("HELM_DRIVER").value_or("")));
    const auto freed = FreeUnder(*lease, lock, store);
    static_cast<void>(lease->Release());  // it expires by itself
    if (!freed) return Fail(freed.error());
    if (*freed) return Refused(Evidence(scope_, Now(), **freed));
    document.verdict = "freed";
    document.verdict_detail = fmt::format(
        "revision {} is marked failed; part of it may be applied: upgrade again, or go back: helm "
        "signal rollback",
        lock.revision);
    document.taken_at = Now();
    return document;
  }

  cli::Session& session_;
  const Options& options_;
  gather::Io& io_;
  Scope scope_;
  helm::HelmCalls calls_;
  Millis idle_;
  KillAt kill_;
};

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto idle = ParseDuration(options.idle);
  if (!idle) return cli::ReportUsage(session, idle.error().Within("--idle"));
  const auto cluster = cli::Connect(session, options.shared);
  if (!cluster) return cli::Report(session, cluster.error());
  auto calls = CallsForRecords(options.helm, session, *cluster);
  if (!calls) return cli::Report(session, calls.error());
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster->http, *cluster->kube, system,
                session.loop.Now() + plan->deadline};
  const auto document =
      Unlocking(session, options, io, ScopeOf(*cluster, options.release), *std::move(calls), *idle)
          .Run();
  if (!document) return cli::Report(session, document.error());
  return cli::Show(session, options.shared, *plan, *document);
}

}  // namespace

cli::Command UnlockCommand() {
  auto options = std::make_shared<Options>();
  options->shared.deadline = "5m";
  options->shared.connection.request_timeout = "30s";
  cli::Command command;
  command.name = "unlock";
  command.group = "When it went wrong";
  command.summary = "Free a release that a dead helm has left pending, by evidence";
  command.shared = &options->shared;
  command.helm = &options->helm;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

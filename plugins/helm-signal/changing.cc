#include "plugins/helm-signal/changing.h"

#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/operations/actor.h"
#include "common/operations/owner_gate.h"
#include "plugins/helm-signal/console.h"
#include "plugins/helm-signal/helm_calls.h"
#include "plugins/helm-signal/kill_at.h"

namespace datafly::commands {
namespace {

/// Twice what Helm keeps of revisions by default.
constexpr std::size_t kKept = 20;

Error OnAnotherCluster(std::string message) {
  return {ErrorKind::Conflict,
          std::move(message),
          "helm is at work on another cluster or namespace: compare with helm history",
          0,
          {}};
}

/// Revisions of the same number on two clusters were hardly made in the same millisecond.
Result<void> CheckSameTime(const release::RevisionLabel& seen,
                           const release::ReleaseRecord& record) {
  if (!seen.modified_at || !record.last_deployed || *seen.modified_at == *record.last_deployed)
    return {};
  return Fail(OnAnotherCluster(
      fmt::format("helm sees a revision {} of {} that was made at {}; the cluster's was made at {}",
                  seen.revision, record.name, FormatTime(*seen.modified_at),
                  FormatTime(*record.last_deployed))));
}

/// Before anything is written: a lease on a release that is not there would stay for good.
Result<void> CheckIsThere(const operations::Work& work, const Scope& scope) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  if (!records.history().empty()) return {};
  // Argo CD renders a chart itself and keeps no record of Helm's.
  TRY(operations::RefuseForeignOwner(work.io, scope));
  return Fail(
      Error::NotFound(fmt::format("no release {} in namespace {}", work.release, work.name_space),
                      "helm list -A shows where it is; a first install is helm's"));
}

Result<release::History> HistoryByHelm(const operations::Work& work) {
  const auto left = std::chrono::duration_cast<Millis>(work.io.deadline - work.io.loop.Now());
  auto pending = helm::StartHistory(work.io.system.processes, work.helm, work.release,
                                    std::max(left, Millis(1)));
  TRY(work.io.loop.Wait(work.io.deadline, pending));
  return pending.Take();
}

/// Helm must mean the same release on the same cluster before anything is written: its own settings
/// (a plugin's environment, a kubeconfig of its own) could point elsewhere. A helm that a killed
/// run has left may make its revision between the two looks: then the next two agree.
Result<void> ProveSameRelease(const operations::Work& work) {
  constexpr int kLooks = 3;
  std::int64_t by_helm = 0, in_cluster = 0;
  for (int look = 0; look < kLooks; ++look) {
    ASSIGN_OR_RETURN(const auto records,
                     gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
    const auto* newest = release::Newest(records.history());
    if (newest == nullptr) return Fail(Error::NotFound("the release is gone"));
    ASSIGN_OR_RETURN(const release::History history, HistoryByHelm(work));
    const auto* seen = release::Newest(history);
    by_helm = seen == nullptr ? 0 : seen->revision;
    in_cluster = newest->revision;
    if (seen == nullptr || by_helm != in_cluster) continue;
    ASSIGN_OR_RETURN(const auto payloads, records.Read({in_cluster}));
    return CheckSameTime(*seen, payloads.front());
  }
  return Fail(OnAnotherCluster(fmt::format("helm sees revision {} of {} where the cluster has {}",
                                           by_helm, work.release, in_cluster)));
}

/// Helm's own values of --dry-run.
Result<bool> ReadDryRun(const std::string& given) {
  if (given.empty() || given == "none" || given == "false") return false;
  if (given == "true" || given == "client" || given == "server") return true;
  return Fail(Error::InvalidInput(
      fmt::format("--dry-run={} is none of none, client, server", EscapeForTerminal(given)),
      "--dry-run alone judges and changes nothing"));
}

/// What was done is written down: an interrupt must not leave the lease to expire.
void FreeAfterwards(cli::Session& session, operations::Lease& lease) {
  const bool interrupted = session.loop.TakeInterrupt();
  if (!lease.Release())
    session.log.Say(cli::Log::Level::Info, "the lease could not be freed; it expires", {});
  if (interrupted) session.loop.Interrupt();
}

}  // namespace

void DeclareChangingFlags(cli::CommandLine& line, ChangingFlags& flags) {
  line.AddFlag("-y,--yes", flags.yes, "Go on without asking (for CI)");
  line.AddFlag("--dry-run", flags.dry_run,
               "Judge and show what would change; change nothing (Helm's =client and =server are "
               "the same here)");
  line.AddOption("--rollout-deadline", flags.rollout_deadline,
                 "Longest time for the workloads to come up", "DURATION");
  line.AddOption("--soak", flags.soak,
                 "Watch on for so long after every workload has come up: one that fails then has "
                 "failed",
                 "DURATION");
  DeclarePlanningFlags(line, flags);
  flags.shared.deadline = "1h";
  // An operation has hours, a request has not: a network that swallows it is noticed.
  flags.shared.connection.request_timeout = "30s";
}

void DeclarePlanningFlags(cli::CommandLine& line, ChangingFlags& flags) {
  cli::DeclareOutputFlags(line, flags.shared);
  cli::DeclareHelmFlags(line, flags.shared, flags.helm);
}

Result<ChangingPlan> ResolveChanging(const ChangingFlags& flags) {
  ChangingPlan plan;
  ASSIGN_OR_RETURN(plan.output, cli::ResolveOutput(flags.shared));
  auto deadline = ParseDuration(flags.rollout_deadline);
  if (!deadline) return Fail(deadline.error().Within("--rollout-deadline"));
  plan.rollout_deadline = *deadline;
  const auto soak = ParseDuration(flags.soak);
  if (!soak) return Fail(soak.error().Within("--soak"));
  plan.soak = *soak;
  ASSIGN_OR_RETURN(plan.dry_run, ReadDryRun(flags.dry_run));
  return plan;
}

cli::ExitStatus RunChanging(
    cli::Session& session, const ChangingFlags& flags, const ChangingPlan& plan,
    const std::function<Result<report::Document>(const operations::Work&, const cli::Cluster&)>&
        work) {
  const auto profile = cli::LoadProfile(flags.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  const auto cluster = cli::Connect(session, flags.shared);
  if (!cluster) return cli::Report(session, cluster.error());
  const auto calls = CallsOf(flags.helm, session, *cluster);
  if (!calls) return cli::Report(session, calls.error());
  const auto store = release::ParseRecordStore(session.environment.Get("HELM_DRIVER").value_or(""));
  if (!store) return cli::ReportUsage(session, store.error());
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  const Instant deadline = session.loop.Now() + plan.output.deadline;
  gather::Io io{session.loop, *cluster->http, *cluster->kube, system, deadline};
  // Moved on when something has begun (operations::Apply), for a later question, too.
  Console console(session, plan.output.format, flags.yes, io.deadline);
  const Scope scope = ScopeOf(*cluster, flags.release);
  console.SetScope(scope);
  KillAt kill(session.environment);

  const std::string who = operations::WhoActs(system);
  operations::Lease::Request request{scope.name_space, scope.release, who};
  request.process = operations::ThisProcess();
  request.on_wait = [&](const std::string& holder) {
    console.Tell(fmt::format(
        "{} holds the lease on the release: waiting to see whether they renew it", holder));
  };
  request.observer = &kill;
  request.duration = LeaseDuration(session.environment, request.duration);
  operations::Work todo{io,     nullptr,          console,       *profile, *calls,
                        *store, scope.name_space, scope.release, who,      &kill};
  if (const auto there = CheckIsThere(todo, scope); !there)
    return cli::Report(session, there.error());
  std::unique_ptr<operations::Lease> lease;
  if (!plan.dry_run) {
    auto acquired = operations::Lease::Acquire(io, request);
    if (!acquired) return cli::Report(session, acquired.error());
    lease = *std::move(acquired);
    todo.lease = lease.get();
  }
  auto document = [&]() -> Result<report::Document> {
    TRY(ProveSameRelease(todo));
    return work(todo, *cluster);
  }();
  if (lease && document)
    static_cast<void>(operations::PruneJournal(io, scope.name_space, scope.release, kKept));
  if (lease) FreeAfterwards(session, *lease);
  if (!document) return cli::Report(session, document.error());
  document->tool_version = std::string(cli::ToolVersion());
  return cli::Show(session, flags.shared, plan.output, *document);
}

}  // namespace datafly::commands

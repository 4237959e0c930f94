#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/core/facts/rollout_recording.h"
#include "common/core/report/rollout_document.h"
#include "common/gather/gather.h"
#include "common/gather/log_excerpts.h"
#include "common/gather/rollout_watch.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/rollout_screen.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  std::vector<std::string> services;
  bool watch = false;
  std::string record_file;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositionals("SERVICE", options.services,
                      "Only these workloads: a name, or KIND/NAME (default: all of the release)",
                      false);
  line.AddFlag("-w,--watch", options.watch,
               "Go on after it is complete or has failed, until interrupted");
  line.AddOption("--record", options.record_file,
                 "Write what was seen, redacted, a line of JSON per change, for a bug report",
                 "FILE");
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareConnectionFlags(line, options.shared);
  line.SetFooter(
      "Follows every workload of the release at once and ends as soon as it is certain how it "
      "will end: complete (0), or failed (3) with the cause, its evidence and the last lines of "
      "the failing container. What may pass by itself (a registry that restarts, a node that an "
      "autoscaler brings) gets a grace; services that crash while migrations run are waiting for "
      "the schema.\n\n"
      "Examples:\n"
      "  kubectl signal rollout -n datafly\n"
      "  kubectl signal rollout -n datafly ingestion-gateway --deadline 5m\n"
      "  kubectl signal rollout -n datafly -o json --report html=rollout.html");
}

/// Whether the user means this workload: "gateway" or "deployment/gateway".
bool IsNamed(const std::string& id, const std::vector<std::string>& services) {
  const std::string lower = ToLower(id);
  return std::any_of(services.begin(), services.end(), [&](const std::string& service) {
    const std::string wanted = ToLower(service);
    return lower == wanted || lower.ends_with("/" + wanted);
  });
}

/// The ids to follow, or which of the given names is none.
Result<std::vector<std::string>> ChooseWorkloads(const Facts& facts, const Profile& profile,
                                                 const std::vector<std::string>& services) {
  if (!facts.workloads) {
    return Fail(
        Error::Forbidden("the workloads cannot be read: " + facts.workloads.absence().reason,
                         "needs: " + facts.workloads.absence().needs));
  }
  std::vector<std::string> all;
  for (const kinds::Workload* workload : WorkloadsOfRelease(facts, profile.part_of_label))
    all.push_back(workload->Id());
  if (all.empty()) {
    return Fail(Error::NotFound(
        fmt::format("no workload of the platform in namespace {}", facts.scope.name_space),
        "name the namespace with -n, the release with --release"));
  }
  if (services.empty()) return all;
  for (const std::string& service : services) {
    if (std::none_of(all.begin(), all.end(),
                     [&](const std::string& id) { return IsNamed(id, {service}); })) {
      return Fail(Error::InvalidInput(
          fmt::format("the release has no workload \"{}\"", EscapeForTerminal(service)),
          fmt::format("it has: {}", fmt::join(all, ", "))));
    }
  }
  std::erase_if(all, [&](const std::string& id) { return !IsNamed(id, services); });
  return all;
}

/// The logs that tell most about the certain causes: of containers that end, or are not ready.
std::vector<gather::LogRequest> LogsFor(const rollout::Progress& progress,
                                        const rollout::Tracker& tracker) {
  constexpr std::size_t kMostLogs = 6;
  using enum rollout::CauseClass;
  std::vector<gather::LogRequest> requests;
  std::set<std::pair<std::string, std::string>> told;  // one pod speaks for its workload
  for (const rollout::WorkloadProgress& workload : progress.workloads) {
    for (const rollout::Standing& standing : workload.causes) {
      const rollout::Cause& cause = standing.cause;
      const bool ends = cause.id >= CrashLoop && cause.id <= ReadinessFails;
      if (!standing.CertainAt(progress.at) || !ends || cause.container.empty()) continue;
      if (!told.emplace(cause.workload, cause.container).second) continue;
      const std::string name = cause.object.substr(cause.object.find('/') + 1);
      const kinds::Pod* pod = tracker.FindPod(name);
      if (pod == nullptr || requests.size() == kMostLogs) continue;
      const bool previous =
          cause.id != ReadinessFails && gather::WantsPreviousLog(*pod, cause.container);
      requests.push_back({name, cause.container, previous});
    }
  }
  return requests;
}

/// One run of the command, once it is known what to follow.
class Follower {
 public:
  Follower(cli::Session& session, gather::Io& io, const Scope& scope, const Profile& profile,
           const Options& options, const cli::OutputPlan& plan)
      : session_(session),
        io_(io),
        scope_(scope),
        options_(options),
        plan_(plan),
        tracker_({profile.migrate_container, profile.restart_window}),
        screen_(session, plan.format) {
    screen_.SetScope(scope);
  }

  Result<report::Document> Run(const std::vector<std::string>& ids) {
    tracker_.Follow(ids);
    gather::RolloutWatch::OnChange on_change;
    if (!options_.record_file.empty()) {
      on_change = [this](const rollout::Change& change) {
        recording_ += RecordLine({Now(), change});
        recording_ += '\n';
      };
    }
    gather::RolloutWatch watch(io_, scope_.name_space, tracker_, std::move(on_change));
    TRY(session_.loop.RunUntil(io_.deadline, [&] { return watch.Advance() && watch.Listed(); }));
    while (!Ended(watch)) {
      screen_.Show(tracker_.Look(Now()), watch.Trouble());
      TRY(session_.loop.RunUntil(NextLook(), [&] { return watch.Advance(); }));
    }
    return Conclude(watch);
  }

 private:
  [[nodiscard]] Time Now() const { return io_.kube.ServerTime().value_or(session_.clock.Now()); }

  bool Ended(const gather::RolloutWatch& watch) {
    const rollout::Progress& progress = tracker_.Look(Now());
    if (session_.loop.Now() >= io_.deadline) return true;
    if (options_.watch || !watch.Listed()) return false;
    return progress.state == rollout::RolloutState::Complete ||
           progress.state == rollout::RolloutState::Failed;
  }

  /// When to look again although nothing comes: a grace ends, or the screen's ages move.
  [[nodiscard]] Instant NextLook() {
    Millis pause{1000};
    const Time now = Now();
    const auto& next = tracker_.Look(now).next;
    if (next) pause = std::clamp(*next - now, Millis(1), pause);
    return std::min(io_.deadline, session_.loop.Now() + pause);
  }

  Result<void> SaveRecording() {
    if (options_.record_file.empty()) return {};
    return session_.files.WritePrivate(options_.record_file, recording_);
  }

  Result<report::Document> Conclude(const gather::RolloutWatch& watch) {
    const Time now = Now();
    report::RolloutOutcome outcome;
    outcome.deadline = plan_.deadline;
    outcome.deadline_passed = session_.loop.Now() >= io_.deadline;
    outcome.refused = watch.Refused();
    // The logs are evidence for a verdict that stands: a slow node must not hold it up.
    gather::Io io{io_.loop, io_.http, io_.kube, io_.system,
                  session_.loop.Now() + std::chrono::seconds(3)};
    const rollout::Progress progress = tracker_.Look(now);
    ASSIGN_OR_RETURN(const auto excerpts,
                     gather::ReadLogExcerpts(io, scope_.name_space, LogsFor(progress, tracker_)));
    screen_.Clear();
    TRY(SaveRecording());
    return report::RolloutDocument(scope_, progress, outcome, excerpts);
  }

  cli::Session& session_;
  gather::Io& io_;
  const Scope& scope_;
  const Options& options_;
  const cli::OutputPlan& plan_;
  rollout::Tracker tracker_;
  RolloutScreen screen_;
  std::string recording_;
};

Result<report::Document> Follow(Options& options, const Profile& profile,
                                const cli::OutputPlan& plan, cli::Session& session) {
  ASSIGN_OR_RETURN(const cli::Cluster cluster, cli::Connect(session, options.shared));
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster.http, *cluster.kube, system,
                session.loop.Now() + plan.deadline};
  const gather::ClusterRequest request{cluster.config().default_namespace, options.shared.release};
  ASSIGN_OR_RETURN(const gather::Gathered gathered, gather::GatherCluster(io, profile, request));
  ASSIGN_OR_RETURN(const auto ids, ChooseWorkloads(gathered.facts, profile, options.services));
  Scope scope = gathered.facts.scope;
  if (gathered.facts.release) scope.release = gathered.facts.release->name;
  return Follower(session, io, scope, profile, options, plan).Run(ids);
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  auto document = Follow(options, *profile, *plan, session);
  if (!document) return cli::Report(session, document.error());
  document->tool_version = std::string(cli::ToolVersion());
  return cli::Show(session, options.shared, *plan, *document);
}

}  // namespace

cli::Command RolloutCommand() {
  auto options = std::make_shared<Options>();
  options->shared.deadline = "10m";
  cli::Command command;
  command.name = "rollout";
  command.group = "During and after an upgrade";
  command.summary = "Follow every workload to the end of its rollout; fail early with the cause";
  command.shared = &options->shared;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/cli/rollout_screen.h"
#include "common/core/base/text.h"
#include "common/core/facts/rollout_recording.h"
#include "common/core/report/rollout_document.h"
#include "common/gather/gather.h"
#include "common/gather/release_lock.h"
#include "common/operations/rollout_follow.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/object_name.h"

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
               "Go on after it is complete or has failed, until interrupted or --deadline");
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
      "the schema. While the release is pending, Helm has not changed everything yet: then "
      "complete workloads are those of before, and it waits on. An API server that is away is "
      "waited for: it is said since when nothing has been heard, and nothing is concluded.\n\n"
      "Examples:\n"
      "  kubectl signal rollout -n datafly\n"
      "  kubectl signal rollout -n datafly ingestion-gateway --deadline 5m\n"
      "  kubectl signal rollout -n datafly -o json --report html=rollout.html");
}

/// Whether the user means this workload.
bool IsNamed(const std::string& id, const std::vector<std::string>& services) {
  return std::any_of(services.begin(), services.end(),
                     [&](const std::string& service) { return MeansObject(service, id); });
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

/// Where the release's records are, and the one that Helm is at work on.
struct HelmRecords {
  release::RecordStore store = release::RecordStore::Secrets;
  std::optional<release::RevisionLabel> lock;
};

/// Longer than Helm's own --timeout by default: the helm that took this lock has hardly a thing
/// left to do, or has died.
constexpr Millis kOldLock{5 * 60 * 1000};

/// One run of the command, once it is known what to follow.
class Follower {
 public:
  Follower(cli::Session& session, gather::Io& io, const Scope& scope, const Profile& profile,
           const Options& options, const cli::OutputPlan& plan, HelmRecords records)
      : session_(session),
        io_(io),
        scope_(scope),
        profile_(profile),
        options_(options),
        plan_(plan),
        records_(std::move(records)),
        screen_(session, plan.format) {
    screen_.SetScope(scope);
  }

  Result<report::Document> Run(const std::vector<std::string>& ids) {
    auto end =
        operations::RolloutFollow(io_, scope_.name_space, profile_, FollowOptions()).Run(ids);
    screen_.Clear();
    // Also of an interrupted run: it is what the user wanted to keep.
    TRY(SaveRecording());
    if (!end) return Fail(end.error());
    if (IsLocked()) end->outcome.lock = DescribeLock(end->progress.at);
    if (end->silence) end->outcome.silence = screen_.DescribeSilence(*end->silence);
    return report::RolloutDocument(scope_, end->progress, end->outcome, end->excerpts);
  }

 private:
  operations::RolloutFollow::Options FollowOptions() {
    operations::RolloutFollow::Options follow;
    follow.deadline = plan_.deadline;
    follow.endless = options_.watch;
    if (IsLocked()) follow.still_applying = [this] { return LookAtLock(); };
    follow.give_up = [this](Time now) { return IsLockOld(now); };
    follow.on_look = [this](const auto& progress, bool listed, const auto& silence) {
      screen_.Show(progress, listed, silence);
    };
    if (options_.record_file.empty()) return follow;
    follow.on_change = [this](const rollout::Change& change) {
      recording_ += RecordLine({Now(), change});
      recording_ += '\n';
    };
    return follow;
  }

  [[nodiscard]] Time Now() const { return io_.kube.ServerTime().value_or(session_.clock.Now()); }

  [[nodiscard]] bool IsLocked() const { return records_.lock.has_value(); }

  [[nodiscard]] bool IsLockOld(Time now) const {
    return IsLocked() && records_.lock->modified_at && now - *records_.lock->modified_at > kOldLock;
  }

  /// Workloads that are complete while Helm is still at work are those of before. Fails only when
  /// interrupted: a record that cannot be read at the moment is taken to be as it was.
  Result<bool> LookAtLock() {
    gather::Io io{io_.loop, io_.http, io_.kube, io_.system,
                  std::min(io_.deadline, session_.loop.Now() + std::chrono::seconds(5))};
    auto lock = gather::ReadReleaseLock(io, records_.store, scope_.name_space, scope_.release);
    if (!lock && lock.error().kind == ErrorKind::Interrupted) return Fail(lock.error());
    if (lock) records_.lock = *lock;
    return IsLocked();
  }

  [[nodiscard]] std::string DescribeLock(Time now) const {
    const release::RevisionLabel& lock = *records_.lock;
    std::string text =
        fmt::format("revision {} is {}", lock.revision, release::ToString(lock.status));
    if (lock.modified_at)
      text += fmt::format(" for {}", FormatAge(std::max(Millis{0}, now - *lock.modified_at)));
    return text;
  }

  Result<void> SaveRecording() {
    if (options_.record_file.empty()) return {};
    return session_.files.WritePrivate(options_.record_file, recording_);
  }

  cli::Session& session_;
  gather::Io& io_;
  const Scope& scope_;
  const Profile& profile_;
  const Options& options_;
  const cli::OutputPlan& plan_;
  HelmRecords records_;
  cli::RolloutScreen screen_;
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
  HelmRecords records{gathered.facts.record_store, {}};
  if (gathered.facts.release) {
    ASSIGN_OR_RETURN(records.lock,
                     gather::ReadReleaseLock(io, records.store, scope.name_space, scope.release));
  }
  return Follower(session, io, scope, profile, options, plan, std::move(records)).Run(ids);
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

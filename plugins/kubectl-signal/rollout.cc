#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/core/facts/rollout_recording.h"
#include "common/core/report/rollout_document.h"
#include "common/gather/gather.h"
#include "common/gather/log_excerpts.h"
#include "common/gather/release_lock.h"
#include "common/gather/rollout_watch.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/object_name.h"
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

/// The logs that tell about the certain causes; one pod speaks for its workload.
std::vector<gather::LogRequest> LogsFor(const rollout::Progress& progress,
                                        const rollout::Tracker& tracker) {
  std::vector<gather::LogRequest> requests;
  std::set<std::pair<std::string, std::string>> told;
  for (const rollout::WorkloadProgress& workload : progress.workloads) {
    for (const rollout::Standing& standing : workload.causes) {
      const rollout::Cause& cause = standing.cause;
      if (!standing.CertainAt(progress.at) || requests.size() == gather::kMostLogs) continue;
      const kinds::Pod* pod = tracker.FindPod(cause.object.substr(cause.object.find('/') + 1));
      auto request = pod == nullptr ? std::nullopt : gather::LogThatTells(cause, *pod);
      if (request && told.emplace(cause.workload, cause.container).second)
        requests.push_back(std::move(*request));
    }
  }
  return requests;
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
        options_(options),
        plan_(plan),
        records_(std::move(records)),
        tracker_({profile.migrate_container, profile.restart_window}),
        screen_(session, plan.format) {
    screen_.SetScope(scope);
  }

  Result<report::Document> Run(const std::vector<std::string>& ids) {
    ids_ = ids;
    tracker_.Follow(ids);
    auto document = FollowToTheEnd();
    screen_.Clear();
    // Also of an interrupted run: it is what the user wanted to keep.
    TRY(SaveRecording());
    return document;
  }

 private:
  Result<report::Document> FollowToTheEnd() {
    gather::RolloutWatch::OnChange on_change;
    if (!options_.record_file.empty()) {
      on_change = [this](const rollout::Change& change) {
        recording_ += RecordLine({Now(), change});
        recording_ += '\n';
      };
    }
    gather::RolloutWatch watch(io_, scope_.name_space, tracker_, std::move(on_change));
    for (;;) {
      if (IsRefused(watch, "ReplicaSet")) tracker_.GuessReplicaSets();
      NoteSilence(watch);
      const rollout::Progress& progress = tracker_.Look(KnownAt());
      if (Ended(watch, progress)) return Conclude(watch, progress);
      if (IsLocked() && watch.Listed() && progress.state == rollout::RolloutState::Complete)
        TRY(LookAtLock());
      screen_.Show(progress, watch.Listed(), silence_);
      TRY(session_.loop.RunUntil(NextLook(progress), [&] { return watch.Advance(); }));
    }
  }

  [[nodiscard]] Time Now() const { return io_.kube.ServerTime().value_or(session_.clock.Now()); }

  /// Whether some followed workload is of this kind.
  [[nodiscard]] bool Follows(std::string_view kind) const {
    return std::any_of(ids_.begin(), ids_.end(), [&](const std::string& id) {
      return id.starts_with(std::string(kind) + "/");
    });
  }

  [[nodiscard]] bool IsBlind(const gather::RolloutWatch& watch) const {
    const auto refused = watch.Refused();
    return std::any_of(refused.begin(), refused.end(),
                       [&](const auto& refusal) { return Follows(refusal.kind); });
  }

  [[nodiscard]] static bool IsRefused(const gather::RolloutWatch& watch, std::string_view kind) {
    const auto refused = watch.Refused();
    return std::any_of(refused.begin(), refused.end(),
                       [&](const auto& refusal) { return refusal.kind == kind; });
  }

  [[nodiscard]] bool IsLocked() const { return records_.lock.has_value(); }

  [[nodiscard]] bool IsLockOld(Time now) const {
    return IsLocked() && records_.lock->modified_at && now - *records_.lock->modified_at > kOldLock;
  }

  /// Workloads that are complete while Helm is still at work are those of before. Fails only when
  /// interrupted: a record that cannot be read at the moment is taken to be as it was.
  Result<void> LookAtLock() {
    gather::Io io{io_.loop, io_.http, io_.kube, io_.system,
                  std::min(io_.deadline, session_.loop.Now() + std::chrono::seconds(5))};
    auto lock = gather::ReadReleaseLock(io, records_.store, scope_.name_space, scope_.release);
    if (!lock && lock.error().kind == ErrorKind::Interrupted) return Fail(lock.error());
    if (!lock) return {};
    records_.lock = *lock;
    // What Helm changed last may reach the watches a moment after its record.
    if (!IsLocked()) settled_at_ = session_.loop.Now() + std::chrono::seconds(1);
    return {};
  }

  /// What was seen before a silence may be long past: until it ends, and for a moment afterwards
  /// while the watches still bring what has happened, no grace runs out and nothing is concluded.
  void NoteSilence(const gather::RolloutWatch& watch) {
    silence_ = watch.FindSilence();
    if (!silence_) return;
    const Instant now = session_.loop.Now();
    if (now >= deaf_until_) {
      known_at_ = Now() - std::chrono::duration_cast<Millis>(now - silence_->since);
    }
    deaf_until_ = now + std::chrono::seconds(3);
  }

  [[nodiscard]] bool IsDeaf() const { return session_.loop.Now() < deaf_until_; }
  /// The time by which the tracker is asked.
  [[nodiscard]] Time KnownAt() const { return IsDeaf() ? known_at_ : Now(); }

  bool Ended(const gather::RolloutWatch& watch, const rollout::Progress& progress) {
    const Instant now = session_.loop.Now();
    if (now >= io_.deadline) return true;
    if (!watch.Listed() || IsDeaf()) return false;
    if (IsBlind(watch)) return true;
    if (options_.watch) return false;
    if (progress.state == rollout::RolloutState::Failed) return true;
    if (progress.state != rollout::RolloutState::Complete) return false;
    return IsLocked() ? IsLockOld(progress.at) : now >= settled_at_;
  }

  /// When to look again although nothing comes: a grace ends, a list is tried again, or the
  /// screen's ages move.
  [[nodiscard]] Instant NextLook(const rollout::Progress& progress) const {
    Millis pause{1000};
    if (progress.next) pause = std::clamp(*progress.next - progress.at, Millis(1), pause);
    return std::min(io_.deadline, session_.loop.Now() + pause);
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

  /// `progress` by value: the watches go on telling the tracker while logs are read.
  Result<report::Document> Conclude(const gather::RolloutWatch& watch,
                                    const rollout::Progress progress) {
    report::RolloutOutcome outcome;
    outcome.deadline = plan_.deadline;
    outcome.deadline_passed = session_.loop.Now() >= io_.deadline;
    for (auto& refusal : watch.Refused()) {
      if (refusal.kind == "ReplicaSet") {
        refusal.absence.reason +=
            "; which pods are a Deployment's is told by their names, and what refuses pods by the "
            "Deployment's own condition alone";
      }
      (Follows(refusal.kind) ? outcome.blind : outcome.partly)
          .push_back(std::move(refusal.absence));
    }
    if (IsLocked()) outcome.lock = DescribeLock(progress.at);
    if (silence_) outcome.silence = screen_.DescribeSilence(*silence_);
    // The logs are evidence for a verdict that stands: a slow node must not hold it up.
    gather::Io io{io_.loop, io_.http, io_.kube, io_.system,
                  session_.loop.Now() + std::chrono::seconds(3)};
    ASSIGN_OR_RETURN(const auto excerpts,
                     gather::ReadLogExcerpts(io, scope_.name_space, LogsFor(progress, tracker_)));
    return report::RolloutDocument(scope_, progress, outcome, excerpts);
  }

  cli::Session& session_;
  gather::Io& io_;
  const Scope& scope_;
  const Options& options_;
  const cli::OutputPlan& plan_;
  HelmRecords records_;
  rollout::Tracker tracker_;
  RolloutScreen screen_;
  RolloutScreen::Silence silence_;
  Time known_at_;                 ///< when the cluster was heard last, while it is not
  Instant deaf_until_{};          ///< until then, what is known may be old
  Instant settled_at_{};          ///< a Complete counts from then on
  std::vector<std::string> ids_;  ///< of the followed workloads
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

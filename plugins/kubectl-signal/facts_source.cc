#include "plugins/kubectl-signal/facts_source.h"

#include "common/cli/cluster.h"
#include "common/core/base/text.h"
#include "common/core/facts/snapshot.h"
#include "common/gather/gather.h"
#include "common/gather/target.h"

namespace datafly::commands {
namespace {

std::string KnownTargets(const Snapshot& snapshot) {
  if (snapshot.targets.empty()) return "it was taken without --to and holds none";
  std::string names;
  for (const auto& [name, target] : snapshot.targets)
    names += (names.empty() ? "it holds " : ", ") + name;
  return names;
}

// The newest recorded target that the keyword allows, as the registry's tags would be judged.
const TargetFacts* FindTarget(const Snapshot& snapshot, const std::string& to) {
  if (const auto found = snapshot.targets.find(to); found != snapshot.targets.end())
    return &found->second;
  for (const auto& [name, target] : snapshot.targets) {
    if (target.chart_version == to || target.requested == to) return &target;
  }
  return nullptr;
}

gather::TargetRequest TargetOf(const cli::Session& session, const kube::ConnectionFlags& connection,
                               const FactsSource& source, const std::string& to) {
  gather::TargetRequest request;
  request.to = to;
  request.values_files = source.values_files;
  request.sets = source.sets;
  request.connection = connection;
  request.helm = cli::HelmProgram(session.environment);
  return request;
}

// -v: where the time of a command went.
void SayTook(cli::Session& session, std::string_view what, Instant since) {
  const auto took = std::chrono::duration_cast<Millis>(session.loop.Now() - since);
  session.log.Say(cli::Log::Level::Info, what, {{"took_ms", took.count()}});
}

std::vector<std::string> TargetsOf(const FactsSource& source) {
  if (source.to.empty()) return {};
  return {source.to};
}

Result<Snapshot> GatherAt(cli::Session& session, const cli::Installation& at,
                          const FactsSource& source, const std::vector<std::string>& targets,
                          const Profile& profile, Instant deadline) {
  const Instant started = session.loop.Now();
  const cli::Cluster& cluster = *at.cluster;
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster.http, *cluster.kube, system, deadline};
  gather::ClusterRequest request{at.name_space, at.release};
  request.causes = source.causes;
  request.certificates = source.causes;
  request.questions = source.questions;
  request.other_pods = !targets.empty();
  ASSIGN_OR_RETURN(gather::Gathered gathered, gather::GatherCluster(io, profile, request));
  SayTook(session, "asked the API server", started);
  gathered.facts.tool_version = std::string(cli::ToolVersion());

  Snapshot snapshot;
  bool failed = false;
  for (const std::string& to : targets) {
    const Instant target_started = session.loop.Now();
    ASSIGN_OR_RETURN(
        Fact<TargetFacts> target,
        gather::GatherTarget(io, profile, gathered, TargetOf(session, cluster.flags, source, to)));
    SayTook(session, "rendered and checked the target", target_started);
    // Of several, one that failed stays: it must not hide behind a later one that did not.
    if (!failed) gathered.facts.target = target;
    failed = failed || !target;
    if (target) snapshot.targets.emplace(to, *target);
  }
  snapshot.facts = std::move(gathered.facts);
  return snapshot;
}

/// An answer about another installation than the one that was named would be taken for its own.
Result<void> CheckIsOfSnapshot(std::string_view what, const std::string& asked,
                               const std::string& recorded, const std::string& path) {
  if (asked.empty() || asked == recorded) return {};
  return Fail(
      Error::InvalidInput(fmt::format("{} holds {} {}, not {}", EscapeForTerminal(path), what,
                                      EscapeForTerminal(recorded), EscapeForTerminal(asked)),
                          "leave the flag out, or give the snapshot of what it names"));
}

Result<void> CheckScope(const cli::SharedFlags& flags, const Scope& scope,
                        const std::string& path) {
  for (const std::string& context : flags.contexts) {
    TRY(CheckIsOfSnapshot("context", context, scope.context, path));
  }
  TRY(CheckIsOfSnapshot("namespace", flags.connection.name_space.value_or(""), scope.name_space,
                        path));
  return CheckIsOfSnapshot("release", flags.release, scope.release, path);
}

}  // namespace

Result<void> CheckTargetFlags(const FactsSource& source, bool names_target) {
  if (names_target || (source.values_files.empty() && source.sets.empty())) return {};
  return Fail(Error::InvalidInput("-f and --set are values of the target, and no --to names one",
                                  "add --to, or leave them out"));
}

Result<Facts> FactsOfSnapshot(const cli::Session& session, const cli::SharedFlags& flags,
                              const FactsSource& source) {
  constexpr std::size_t kMaxSnapshotBytes = 256U << 20U;
  const std::string& path = source.snapshot_file;
  ASSIGN_OR_RETURN(const std::string bytes, session.files.Read(path, kMaxSnapshotBytes));
  auto snapshot = LoadSnapshot(bytes);
  if (!snapshot) return Fail(snapshot.error().Within(path));
  TRY(CheckScope(flags, snapshot->facts.scope, path));
  if (!source.values_files.empty() || !source.sets.empty()) {
    return Fail(Error::InvalidInput(
        "-f and --set need a live cluster; the snapshot holds the target as it was rendered then",
        "take a new one: kubectl signal snapshot --to … -f …"));
  }
  if (source.to.empty()) {
    // A target that could not be looked at when the snapshot was taken is not asked for now.
    snapshot->facts.target = Fact<TargetFacts>();
    return std::move(snapshot->facts);
  }
  const TargetFacts* target = FindTarget(*snapshot, source.to);
  const bool failed_then = snapshot->facts.target.absence().kind != AbsenceKind::NotAsked;
  if (target == nullptr && failed_then) return std::move(snapshot->facts);
  if (target == nullptr) {
    return Fail(Error::NotFound(fmt::format("{} holds no target \"{}\"; {}", path,
                                            EscapeForTerminal(source.to), KnownTargets(*snapshot)),
                                "name one of them, or ask the live cluster"));
  }
  Facts facts = std::move(snapshot->facts);
  facts.target = *target;
  return facts;
}

void ShowWarnings(cli::Session& session, const cli::Cluster& cluster) {
  for (const std::string& warning : cluster.kube->warnings())
    session.terminal.Err("Warning: " + EscapeForTerminal(warning));
}

Result<Facts> FactsOfInstallation(cli::Session& session, const cli::Installation& installation,
                                  const FactsSource& source, const Profile& profile,
                                  Instant deadline) {
  ASSIGN_OR_RETURN(Snapshot snapshot,
                   GatherAt(session, installation, source, TargetsOf(source), profile, deadline));
  return std::move(snapshot.facts);
}

Result<Snapshot> GatherSnapshot(cli::Session& session, const cli::SharedFlags& flags,
                                const FactsSource& source, const std::vector<std::string>& targets,
                                const Profile& profile, Millis deadline) {
  const Instant end = session.loop.Now() + deadline;
  ASSIGN_OR_RETURN(const cli::Cluster cluster, cli::Connect(session, flags));
  const cli::Installation at{
      &cluster, cluster.config().context, cluster.config().default_namespace, flags.release, {}};
  auto snapshot = GatherAt(session, at, source, targets, profile, end);
  if (snapshot) ShowWarnings(session, cluster);
  return snapshot;
}

Result<Facts> GatherFacts(cli::Session& session, const cli::SharedFlags& flags,
                          const FactsSource& source, const Profile& profile, Millis deadline) {
  if (!source.snapshot_file.empty()) return FactsOfSnapshot(session, flags, source);
  ASSIGN_OR_RETURN(Snapshot snapshot,
                   GatherSnapshot(session, flags, source, TargetsOf(source), profile, deadline));
  return std::move(snapshot.facts);
}

}  // namespace datafly::commands

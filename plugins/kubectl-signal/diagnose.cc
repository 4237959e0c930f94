#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/core/report/diagnosis_document.h"
#include "common/gather/gather.h"
#include "common/gather/log_excerpts.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/facts_source.h"
#include "plugins/kubectl-signal/object_name.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  FactsSource source;
  std::string subject;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("POD|SERVICE", options.subject,
                     "Only this pod or workload: a name, or KIND/NAME (default: the whole release)",
                     false);
  line.AddOption("--from", options.source.snapshot_file,
                 "Diagnose a snapshot instead of a live cluster (without logs)", "FILE");
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareConnectionFlags(line, options.shared);
  line.SetFooter(
      "What has one root is told once: one wrong tag on six pods is one finding. Certain causes "
      "come first; what may still pass by itself is a warning.\n\n"
      "Examples:\n"
      "  kubectl signal diagnose -n datafly\n"
      "  kubectl signal diagnose -n datafly event-processor\n"
      "  kubectl signal diagnose --from incident.snapshot");
}

/// The object that the user means: a workload of the release or a pod of the namespace, as
/// "Kind/name"; or what there is.
Result<std::string> ResolveSubject(const Facts& facts, const Profile& profile,
                                   const std::string& subject) {
  if (subject.empty()) return std::string();
  std::vector<std::string> known;
  for (const kinds::Workload* workload : WorkloadsOfRelease(facts, profile.part_of_label)) {
    if (MeansObject(subject, workload->Id())) return workload->Id();
    known.push_back(workload->meta.name);
  }
  if (facts.pods) {
    for (const kinds::Pod& pod : *facts.pods) {
      if (MeansObject(subject, "Pod/" + pod.meta.name)) return "Pod/" + pod.meta.name;
    }
  }
  return Fail(
      Error::InvalidInput(fmt::format("the release has no workload and the namespace no pod \"{}\"",
                                      EscapeForTerminal(subject)),
                          fmt::format("workloads: {}", fmt::join(known, ", "))));
}

/// One log per root: like causes have like logs.
std::vector<gather::LogRequest> LogsFor(const std::vector<checks::FoundGroup>& groups,
                                        const Facts& facts) {
  std::vector<gather::LogRequest> requests;
  if (!facts.pods) return requests;
  for (const checks::FoundGroup& found : groups) {
    const rollout::Cause& cause = found.group.members.front();
    const auto pod =
        std::find_if(facts.pods->begin(), facts.pods->end(),
                     [&](const kinds::Pod& one) { return "Pod/" + one.meta.name == cause.object; });
    if (pod == facts.pods->end() || requests.size() == gather::kMostLogs) continue;
    if (auto request = gather::LogThatTells(cause, *pod)) requests.push_back(std::move(*request));
  }
  return requests;
}

std::vector<checks::FoundGroup> Groups(const checks::Input& input, const std::string& only) {
  std::vector<checks::FoundCause> causes = checks::FindCauses(input);
  if (!only.empty()) {
    std::erase_if(causes, [&](const checks::FoundCause& found) {
      return found.cause.object != only && found.cause.workload != only;
    });
  }
  return checks::GroupFound(causes);
}

Result<report::Document> FromSnapshot(Options& options, const Profile& profile,
                                      const cli::OutputPlan& plan, cli::Session& session) {
  ASSIGN_OR_RETURN(const Facts facts,
                   GatherFacts(session, options.shared, options.source, profile, plan.deadline));
  ASSIGN_OR_RETURN(const std::string only, ResolveSubject(facts, profile, options.subject));
  const checks::Input input{facts, profile};
  return report::DiagnosisDocument(input, only, Groups(input, only), {});
}

Result<report::Document> FromCluster(Options& options, const Profile& profile,
                                     const cli::OutputPlan& plan, cli::Session& session) {
  ASSIGN_OR_RETURN(const cli::Cluster cluster, cli::Connect(session, options.shared));
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster.http, *cluster.kube, system,
                session.loop.Now() + plan.deadline};
  gather::ClusterRequest request{cluster.config().default_namespace, options.shared.release};
  request.causes = true;
  ASSIGN_OR_RETURN(const gather::Gathered gathered, gather::GatherCluster(io, profile, request));
  const Facts& facts = gathered.facts;
  ASSIGN_OR_RETURN(const std::string only, ResolveSubject(facts, profile, options.subject));
  const checks::Input input{facts, profile};
  const auto groups = Groups(input, only);
  ASSIGN_OR_RETURN(const auto excerpts,
                   gather::ReadLogExcerpts(io, facts.scope.name_space, LogsFor(groups, facts)));
  return report::DiagnosisDocument(input, only, groups, excerpts);
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  auto document = options.source.snapshot_file.empty()
                      ? FromCluster(options, *profile, *plan, session)
                      : FromSnapshot(options, *profile, *plan, session);
  if (!document) return cli::Report(session, document.error());
  document->tool_version = std::string(cli::ToolVersion());
  return cli::Show(session, options.shared, *plan, *document);
}

}  // namespace

cli::Command DiagnoseCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "diagnose";
  command.group = "During and after an upgrade";
  command.summary = "Root causes with evidence and remedy, ranked, like ones told once";
  command.shared = &options->shared;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/report/health_document.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/facts_source.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  FactsSource source;
  std::string wait_for;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddOption("--from", options.source.snapshot_file,
                 "Show a snapshot instead of a live cluster", "FILE");
  line.AddOption("--wait-for", options.wait_for, "Look again until all is well, at most so long",
                 "DURATION");
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareConnectionFlags(line, options.shared);
  line.SetFooter(
      "One screen: each service's replicas, versions, restarts, autoscaler, PDB and endpoints, "
      "what differs between pods of one service, the newest warnings.\n\n"
      "Examples:\n"
      "  kubectl signal health -n datafly\n"
      "  kubectl signal health -n datafly --wait-for 5m\n"
      "  kubectl signal health --from incident.snapshot");
}

Result<report::Document> LookUntilWell(Options& options, const Profile& profile,
                                       const cli::OutputPlan& plan, Millis wait_for,
                                       cli::Session& session) {
  constexpr auto kBetween = std::chrono::seconds(1);
  const Instant end = session.loop.Now() + wait_for;
  for (;;) {
    ASSIGN_OR_RETURN(const Facts facts,
                     GatherFacts(session, options.shared, options.source, profile, plan.deadline));
    report::Document document = report::HealthDocument({facts, profile}, plan.fail_on_warn);
    if (document.exit_code == 0 || session.loop.Now() >= end) return document;
    TRY(session.loop.RunUntil(std::min(end, session.loop.Now() + kBetween), [] { return false; }));
  }
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  options.source.causes = true;
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto wait_for = ParseDuration(options.wait_for.empty() ? "0" : options.wait_for);
  if (!wait_for) return cli::ReportUsage(session, wait_for.error().Within("--wait-for"));
  if (wait_for->count() > 0 && !options.source.snapshot_file.empty()) {
    return cli::ReportUsage(
        session,
        Error::InvalidInput("--wait-for needs a live cluster; a snapshot does not change"));
  }
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  auto document = LookUntilWell(options, *profile, *plan, *wait_for, session);
  if (!document) return cli::Report(session, document.error());
  return cli::Show(session, options.shared, *plan, *document);
}

}  // namespace

cli::Command HealthCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "health";
  command.group = "During and after an upgrade";
  command.summary = "Today's state of each service on one screen";
  command.shared = &options->shared;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

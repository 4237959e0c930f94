#include "common/cli/profile_source.h"
#include "common/core/report/health_document.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/judging.h"

namespace datafly::commands {
namespace {

void Declare(cli::CommandLine& line, JudgingFlags& flags) {
  DeclareJudgingFlags(line, flags);
  line.SetFooter(
      "One screen: each service's replicas, versions, restarts, autoscaler, PDB and endpoints, "
      "what differs between pods of one service, certificates of Ingresses that expire, and the "
      "newest warnings. HPA: replicas now, and "
      "from least to most; PDB: how many pods a drain may take now; ENDPOINTS: pods that take "
      "traffic of those behind a Service.\n\n"
      "Examples:\n"
      "  kubectl signal health -n datafly\n"
      "  kubectl signal health -n datafly --watch\n"
      "  kubectl signal health -n datafly --wait-for 5m\n"
      "  kubectl signal health -A\n"
      "  kubectl signal health --from incident.snapshot");
}

cli::ExitStatus Run(JudgingFlags& flags, cli::Session& session) {
  flags.source.causes = true;
  const auto plan = ResolveJudging(flags);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto profile = cli::LoadProfile(flags.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  const Judging judging{
      "HealthReport", "Health", [&](const Facts& facts) {
        return report::HealthDocument({facts, *profile}, plan->output.fail_on_warn);
      }};
  return RunJudging(session, flags, *plan, *profile, judging);
}

}  // namespace

cli::Command HealthCommand() {
  auto flags = std::make_shared<JudgingFlags>();
  flags->watch.interval = "2s";
  cli::Command command;
  command.name = "health";
  command.group = "During and after an upgrade";
  command.summary = "Today's state of each service on one screen";
  command.shared = &flags->shared;
  command.many = true;
  command.declare = [flags](cli::CommandLine& line) { Declare(line, *flags); };
  command.run = [flags](cli::Session& session) { return Run(*flags, session); };
  return command;
}

}  // namespace datafly::commands

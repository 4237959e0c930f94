#include "common/operations/upgrade.h"

#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/gather/given_values.h"
#include "common/operations/actor.h"
#include "plugins/helm-signal/apply_flags.h"
#include "plugins/helm-signal/changing.h"
#include "plugins/helm-signal/chart_flags.h"
#include "plugins/helm-signal/commands.h"

namespace datafly::commands {
namespace {

struct Options {
  ChangingFlags changing;
  ChartFlags chart_flags;
  ApplyFlags apply_flags;
  std::string chart;
  std::string on_failure;
  std::vector<std::string> acks;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.changing.release, "The release", true);
  line.AddPositional("CHART", options.chart, "oci://…, repo/name, folder or .tgz", true);
  DeclareChangingFlags(line, options.changing);
  line.AddOption("--on-failure", options.on_failure,
                 "What to do when it fails: ask (on a terminal), rollback or stop",
                 "ask|rollback|stop");
  line.AddList("--ack", options.acks,
               "Acknowledge a finding, recorded in the journal: CODE=REASON (repeatable)",
               "CODE=REASON");
  options.chart_flags.Declare(line, ChartFlags::For::Upgrade);
  options.apply_flags.Declare(line, ApplyFlags::Of::Upgrade);
  line.SetFooter(
      "Judges the release and the target (as kubectl signal preflight), shows what changes, asks "
      "once, runs helm upgrade with the\n"
      "chart and values that were shown, and follows every workload to its end. What an earlier, "
      "killed run has left is\n"
      "cleared up first. Nothing is begun while a gate is shut.\n\n"
      "Exit codes: 0 verified; 3 a gate is shut, 5 something required could not be checked: "
      "nothing "
      "was begun; 6 it failed\n"
      "and was rolled back; 7 it failed and needs a person; 1 it could not be done or was "
      "declined; "
      "64 wrong usage;\n"
      "130 interrupted.");
}

Result<operations::OnFailure> ResolveOnFailure(const Options& options, bool can_ask) {
  using operations::OnFailure;
  if (options.on_failure.empty() && options.apply_flags.RollsBack()) return OnFailure::Rollback;
  if (options.on_failure.empty()) return can_ask ? OnFailure::Ask : OnFailure::Stop;
  if (options.on_failure == "ask") return OnFailure::Ask;
  if (options.on_failure == "rollback") return OnFailure::Rollback;
  if (options.on_failure == "stop") return OnFailure::Stop;
  return Fail(Error::InvalidInput(fmt::format("--on-failure: \"{}\" is none of ask, rollback, stop",
                                              EscapeForTerminal(options.on_failure))));
}

Result<operations::UpgradeRequest> RequestOf(const Options& options, cli::Session& session,
                                             const ChangingPlan& plan) {
  operations::UpgradeRequest request;
  const bool can_ask = !options.changing.yes && session.terminal.stdin_is_tty();
  ASSIGN_OR_RETURN(request.on_failure, ResolveOnFailure(options, can_ask));
  ASSIGN_OR_RETURN(request.acks, checks::ParseAcknowledgements(options.acks));
  if (options.chart_flags.install)
    return Fail(Error::Unsupported("--install: a first install has nothing to be held against",
                                   "helm install, then helm signal from the next upgrade on"));
  request.apply_flags = options.apply_flags.Arguments();
  request.diff.force_conflicts = options.apply_flags.force_conflicts;
  request.diff.replaces = options.apply_flags.Replaces();
  request.diff.take_ownership = options.chart_flags.take_ownership;
  request.dry_run = options.changing.dry_run;
  request.rollout_deadline = plan.rollout_deadline;
  return request;
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = ResolveChanging(options.changing);
  if (!plan) return cli::ReportUsage(session, plan.error());
  auto request = RequestOf(options, session, *plan);
  if (!request) return cli::ReportUsage(session, request.error());
  return RunChanging(
      session, options.changing, *plan,
      [&](const operations::Work& work, const cli::Cluster& cluster) -> Result<report::Document> {
        request->render = options.chart_flags.Rendering(work.helm.helm, work.release,
                                                        work.name_space, options.chart);
        request->render.mask = [&](std::string_view words) {
          return gather::GivenValues(session.files, request->render, nullptr).Mask(words);
        };
        request->context = cluster.config().context;
        request->server = cluster.config().server;
        ASSIGN_OR_RETURN(auto upgraded, operations::Upgrade(work, *request));
        return std::move(upgraded.document);
      });
}

}  // namespace

cli::Command UpgradeCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "upgrade";
  command.group = "The upgrade";
  command.summary = "Upgrade a release: gated, followed to its end, written down";
  command.shared = &options->changing.shared;
  command.helm = &options->changing.helm;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

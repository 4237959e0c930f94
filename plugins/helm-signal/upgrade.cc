#include "common/operations/upgrade.h"

#include "common/cli/cluster.h"
#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/operations/actor.h"
#include "plugins/helm-signal/changing.h"
#include "plugins/helm-signal/commands.h"
#include "plugins/helm-signal/plan_file.h"
#include "plugins/helm-signal/upgrade_flags.h"

namespace datafly::commands {
namespace {

struct Options {
  ChangingFlags changing;
  UpgradeFlags upgrade;
  std::string on_failure;
  std::string plan, plan_key;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.changing.release, "The release", false);
  line.AddPositional("CHART", options.upgrade.chart, "oci://…, repo/name, folder or .tgz", false);
  DeclareChangingFlags(line, options.changing);
  line.AddOption("--on-failure", options.on_failure,
                 "What to do when it fails: ask (on a terminal), rollback or stop",
                 "ask|rollback|stop");
  line.AddOption("--plan", options.plan,
                 "Apply exactly what helm signal plan saved, instead of RELEASE and CHART", "FILE");
  line.AddOption("--plan-key", options.plan_key, "The key that the plan was saved with", "FILE");
  options.upgrade.Declare(line);
  line.SetFooter(
      "Judges the release and the target (as kubectl signal preflight), shows what changes, asks "
      "once, runs helm upgrade with the\n"
      "chart and values that were shown, and follows every workload to its end. What an earlier, "
      "killed run has left is\n"
      "cleared up first. Nothing is begun while a gate is shut.\n\n"
      "Exit codes: 0 verified; 3 a gate is shut, 4 there are warnings (only with --fail-on warn), "
      "5 something required could\n"
      "not be checked: nothing was begun; 6 it failed and was rolled back; 7 it failed and needs a "
      "person; 1 it could not be\n"
      "done or was declined; 64 wrong usage; 130 interrupted.");
}

Result<operations::OnFailure> ResolveOnFailure(const Options& options, bool can_ask) {
  using operations::OnFailure;
  const std::string& given = options.on_failure;
  if (given.empty() && options.upgrade.apply_flags.RollsBack()) return OnFailure::Rollback;
  if (given.empty()) return can_ask ? OnFailure::Ask : OnFailure::Stop;
  if (given == "ask") return OnFailure::Ask;
  if (given == "rollback") return OnFailure::Rollback;
  if (given == "stop") return OnFailure::Stop;
  return Fail(Error::InvalidInput(fmt::format("--on-failure: \"{}\" is none of ask, rollback, stop",
                                              EscapeForTerminal(given))));
}

Result<operations::UpgradeRequest> RequestOf(const Options& options, cli::Session& session,
                                             const ChangingPlan& plan) {
  ASSIGN_OR_RETURN(operations::UpgradeRequest request, options.upgrade.Request());
  const bool can_ask = !options.changing.yes && session.terminal.stdin_is_tty();
  ASSIGN_OR_RETURN(request.on_failure, ResolveOnFailure(options, can_ask));
  request.dry_run = plan.dry_run;
  request.fail_on_warn = plan.output.fail_on_warn;
  request.rollout_deadline = plan.rollout_deadline;
  request.soak = plan.soak;
  return request;
}

/// With a plan, what is upgraded to what comes from it alone.
Result<void> CheckNothingBeside(const Options& options) {
  const helm::RenderRequest given = options.upgrade.chart_flags.Rendering({}, {}, {}, {});
  const bool shapes = given.GivesValues() || !given.flags.empty() || !given.upgrade_flags.empty() ||
                      !given.version.empty() || !given.fetch_flags.empty() || given.plain_http ||
                      !options.upgrade.apply_flags.Arguments().empty();
  if (options.upgrade.chart.empty() && !shapes) return {};
  return Fail(Error::InvalidInput(
      "--plan holds the chart, its values and helm's flags: they are not given again",
      "leave them out, or make a plan with them: helm signal plan RELEASE CHART --save FILE"));
}

/// RELEASE and the namespace are the plan's; others must not be named.
Result<void> TakeNames(Options& options, const plan::Plan& plan) {
  std::string& release = options.changing.release;
  auto& name_space = options.changing.shared.connection.name_space;
  // Helm always says a namespace to its plugins; "default" when none was named.
  const bool another = name_space && *name_space != "default" && *name_space != plan.name_space;
  if ((!release.empty() && release != plan.release) || another)
    return Fail(Error::InvalidInput(
        fmt::format("the plan is for release {} in namespace {}", EscapeForTerminal(plan.release),
                    EscapeForTerminal(plan.name_space)),
        "leave out RELEASE and -n"));
  release = plan.release;
  name_space = plan.name_space;
  return {};
}

Result<void> CheckNamed(const Options& options) {
  if (!options.changing.release.empty() && !options.upgrade.chart.empty()) return {};
  return Fail(Error::InvalidInput("RELEASE and CHART are missing",
                                  "helm signal upgrade RELEASE CHART, or --plan FILE"));
}

cli::ExitStatus Upgrade(Options& options, cli::Session& session, const ChangingPlan& plan,
                        operations::UpgradeRequest request) {
  return RunChanging(
      session, options.changing, plan,
      [&](const operations::Work& work, const cli::Cluster& cluster) -> Result<report::Document> {
        options.upgrade.Complete(request, work, cluster, session.files);
        ASSIGN_OR_RETURN(auto upgraded, operations::Upgrade(work, request));
        return std::move(upgraded.document);
      });
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = ResolveChanging(options.changing);
  if (!plan) return cli::ReportUsage(session, plan.error());
  auto request = RequestOf(options, session, *plan);
  if (!request) return cli::ReportUsage(session, request.error());
  if (options.plan.empty()) {
    if (const auto named = CheckNamed(options); !named)
      return cli::ReportUsage(session, named.error());
    return Upgrade(options, session, *plan, *std::move(request));
  }
  if (const auto alone = CheckNothingBeside(options); !alone)
    return cli::ReportUsage(session, alone.error());
  const auto saved = ReadPlan(session.files, options.plan, options.plan_key);
  if (!saved) return cli::Report(session, saved.error());
  if (const auto taken = TakeNames(options, *saved); !taken)
    return cli::ReportUsage(session, taken.error());
  request->plan = &*saved;
  return Upgrade(options, session, *plan, *std::move(request));
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

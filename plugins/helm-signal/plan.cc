#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/io/system/temporary_folder.h"
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
  std::string save, key;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.changing.release, "The release", true);
  line.AddPositional("CHART", options.upgrade.chart, "oci://…, repo/name, folder or .tgz", true);
  line.AddOption("--save", options.save, "Where the plan is written (mode 0600)", "FILE");
  line.AddOption("--plan-key", options.key,
                 "Encrypts what is secret in it: the content of this file is the key", "FILE");
  DeclarePlanningFlags(line, options.changing);
  options.upgrade.Declare(line);
  line.SetFooter(
      "Judges the release and the target as helm signal upgrade does, shows what changes, and "
      "writes down the very chart\n"
      "(by its digest), values and manifest. helm signal upgrade --plan FILE applies exactly that "
      "later; it refuses when the\n"
      "release, the chart or the rendering is another by then.\n\n"
      "Examples:\n"
      "  openssl rand -base64 32 > plan.key\n"
      "  helm signal plan datafly oci://ghcr.io/datafly/charts/datafly --version 1.4.0 --save "
      "datafly.plan --plan-key plan.key\n"
      "  helm signal upgrade --plan datafly.plan --plan-key plan.key\n\n"
      "Exit codes: 0 saved, and every gate is open; 3 saved, and a gate is shut; 4 saved, and "
      "there are warnings (only with\n"
      "--fail-on warn); 5 saved, and something required could not be checked; 1 it could not be "
      "done; 64 wrong usage; 130\n"
      "interrupted.");
}

/// What would stand on helm's command line later, is decided later, or would change the chart.
Result<void> CheckFitForAPlan(const Options& options) {
  const auto fetch = options.upgrade.chart_flags.Rendering({}, {}, {}, {}).fetch_flags;
  if (std::find(fetch.begin(), fetch.end(), "--password") != fetch.end())
    return Fail(Error::Unsupported("--password does not go into a plan",
                                   "helm registry login, or helm repo add, keeps it for helm"));
  if (options.upgrade.apply_flags.RollsBack())
    return Fail(Error::Unsupported("what is done on failure is decided when the plan is applied",
                                   "helm signal upgrade --plan FILE --on-failure rollback"));
  // A folder's digest is that of all its files.
  if (IsFolder(options.upgrade.chart) && IsBelow(options.save, options.upgrade.chart))
    return Fail(
        Error::InvalidInput("--save: the plan would lie in the chart's folder, and change it",
                            "save it somewhere else"));
  return {};
}

Result<void> Save(const Options& options, FileSystem& files, const plan::Plan& plan) {
  ASSIGN_OR_RETURN(const auto key, ReadPlanKey(files, options.key));
  ASSIGN_OR_RETURN(const std::string text, plan::SealPlan(plan, key));
  return files.WritePrivate(options.save, text + "\n");
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  auto plan = ResolveChanging(options.changing);
  if (!plan) return cli::ReportUsage(session, plan.error());
  plan->dry_run = true;
  if (options.save.empty())
    return cli::ReportUsage(session, Error::InvalidInput("--save FILE is missing",
                                                         "to look only: helm signal diff upgrade"));
  auto request = options.upgrade.Request();
  if (!request) return cli::ReportUsage(session, request.error());
  request->fail_on_warn = plan->output.fail_on_warn;
  if (const auto sound = CheckFitForAPlan(options); !sound)
    return cli::ReportUsage(session, sound.error());
  // A key that cannot be read must not cost a whole judgement first.
  if (const auto key = ReadPlanKey(session.files, options.key); !key)
    return cli::Report(session, key.error());
  return RunChanging(
      session, options.changing, *plan,
      [&](const operations::Work& work, const cli::Cluster& cluster) -> Result<report::Document> {
        options.upgrade.Complete(*request, work, cluster, session.files);
        ASSIGN_OR_RETURN(auto planned, operations::PlanUpgrade(work, *request));
        planned.plan.tool_version = std::string(cli::ToolVersion());
        TRY(Save(options, session.files, planned.plan));
        work.dialogue.Tell(fmt::format("saved to {}", options.save));
        return std::move(planned.document);
      });
}

}  // namespace

cli::Command PlanCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "plan";
  command.group = "Before an upgrade";
  command.summary = "Judge an upgrade and save it, to be applied exactly so later";
  command.shared = &options->changing.shared;
  command.helm = &options->changing.helm;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

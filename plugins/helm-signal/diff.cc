#include <memory>

#include "common/cli/cluster.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"
#include "common/core/diff/redact.h"
#include "common/core/report/diff_render.h"
#include "common/gather/release_diff.h"
#include "plugins/helm-signal/chart_flags.h"
#include "plugins/helm-signal/commands.h"
#include "plugins/helm-signal/helm_calls.h"
#include "plugins/helm-signal/revision.h"

namespace datafly::commands {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done; with --detailed-exitcode 2 when anything differs, shown or not; 1 the "
    "diff "
    "could not be made; 5 live objects could not be read (the rest is told); 64 wrong usage.";

struct Options {
  cli::SharedFlags shared;
  cli::HelmFlags helm;
  ChartFlags chart_flags;
  std::string release, chart;
  std::string first, second;  ///< revisions
  bool detailed_exit_code = false;
  bool no_live = false;
  bool offline = false;
  bool ignore_unstable = false;
};

/// What the flags ask for, in values.
struct Plan {
  report::DiffFormat format = report::DiffFormat::Text;
  struct File {
    report::DiffFormat format;
    std::string path;
  };
  std::vector<File> files;
  Millis deadline{60000};
};

Result<Plan> Resolve(const Options& options) {
  Plan plan;
  TRY(cli::ResolveColor(options.shared));
  ASSIGN_OR_RETURN(plan.format, report::ParseDiffFormat(options.shared.output));
  for (const std::string& report : options.shared.reports) {
    ASSIGN_OR_RETURN(const cli::ReportFlag flag, cli::ParseReportFlag(report, "diff"));
    ASSIGN_OR_RETURN(const auto format, report::ParseDiffFormat(flag.format));
    plan.files.push_back({format, flag.path});
  }
  TRY(cli::CheckLogFormat(options.shared));
  ASSIGN_OR_RETURN(plan.deadline, cli::ResolveDeadline(options.shared));
  return plan;
}

gather::DiffOptions OptionsOf(const Options& options) {
  gather::DiffOptions out;
  out.live = !options.no_live && !options.offline;
  out.offline = options.offline;
  out.force_conflicts = options.chart_flags.force_conflicts;
  out.replaces = options.chart_flags.force;
  out.take_ownership = options.chart_flags.take_ownership;
  out.install = options.chart_flags.install;
  return out;
}

/// How many fields it left out.
std::size_t HideUnstable(std::vector<diff::FieldChange>& fields) {
  return std::erase_if(fields, [](const diff::FieldChange& field) { return field.unstable; });
}

/// Leaves out what rotates at every upgrade; that something differs stays told.
void HideUnstable(diff::ReleaseDiff& diff) {
  std::size_t hidden = 0;
  for (diff::ResourceChange& resource : diff.resources) hidden += HideUnstable(resource.fields);
  for (diff::HookChange& hook : diff.hooks) hidden += HideUnstable(hook.fields);
  if (hidden > 0)
    diff.notes.push_back(
        fmt::format("{} fields that rotate at every upgrade are not shown", hidden));
}

cli::ExitStatus ExitOf(const Options& options, const diff::ReleaseDiff& diff) {
  if (!diff.unknown.empty()) return cli::ExitStatus::NotChecked;
  const bool differs = options.detailed_exit_code && diff::Differs(diff);
  return differs ? cli::ExitStatus::Differences : cli::ExitStatus::Good;
}

cli::ExitStatus Show(const Options& options, cli::Session& session, const Plan& plan,
                     gather::FoundDiff found) {
  const cli::ExitStatus exit = ExitOf(options, found.diff);
  if (options.ignore_unstable) HideUnstable(found.diff);
  const diff::ShownDiff shown = diff::Redact(std::move(found.diff), found.secrets);
  for (const Plan::File& file : plan.files) {
    const auto written =
        session.files.WritePrivate(file.path, report::RenderDiff(shown, file.format, {}));
    if (!written) return cli::Report(session, written.error().Within("cannot write the report"));
  }
  const auto screen = cli::ScreenOptions(session, options.shared);
  if (!session.terminal.Out(report::RenderDiff(shown, plan.format, screen)))
    return cli::Report(session, Error::InvalidInput("cannot write to stdout"));
  return exit;
}

/// A diff made on one connection: `find` does what the subcommand is for.
template <class Find>
cli::ExitStatus Run(const Options& options, cli::Session& session, Find find) {
  const auto plan = Resolve(options);
  if (!plan) return cli::ReportUsage(session, plan.error());
  // --install --offline: no cluster is asked, and none need be configured.
  const bool asks_no_cluster = options.offline && options.chart_flags.install;
  const auto cluster = asks_no_cluster ? cli::ConnectIfConfigured(session, options.shared)
                                       : cli::Connect(session, options.shared);
  if (!cluster) return cli::Report(session, cluster.error());
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster->http, *cluster->kube, system,
                session.loop.Now() + plan->deadline};
  auto found = find(io, *cluster);
  if (!found) return cli::Report(session, found.error());
  return Show(options, session, *plan, *std::move(found));
}

cli::ExitStatus RunUpgrade(const Options& options, cli::Session& session) {
  if (const auto sound = options.chart_flags.Check(); !sound)
    return cli::ReportUsage(session, sound.error());
  return Run(
      options, session,
      [&](gather::Io& io, const cli::Cluster& cluster) -> Result<gather::FoundDiff> {
        const helm::RenderRequest render =
            options.chart_flags.Rendering(cli::HelmProgram(session.environment), options.release,
                                          cluster.config().default_namespace, options.chart);
        ASSIGN_OR_RETURN(const helm::HelmCalls calls, CallsOf(options.helm, session, cluster));
        return gather::DiffUpgrade(io, render, calls.environment, OptionsOf(options));
      });
}

cli::ExitStatus RunRollback(const Options& options, cli::Session& session) {
  const auto revision = ParseRevision(options.first, options.release, options.shared);
  if (!revision) return cli::ReportUsage(session, revision.error());
  return Run(options, session,
             [&](gather::Io& io, const cli::Cluster& cluster) -> Result<gather::FoundDiff> {
               ASSIGN_OR_RETURN(const helm::HelmCalls calls,
                                CallsForRecords(options.helm, session, cluster));
               return gather::DiffRollback(io, calls, cluster.config().default_namespace,
                                           options.release, *revision, OptionsOf(options));
             });
}

cli::ExitStatus RunRevision(const Options& options, cli::Session& session) {
  const auto from = ParseRevision(options.first, options.release, options.shared);
  if (!from) return cli::ReportUsage(session, from.error());
  const auto to = ParseRevision(options.second, options.release, options.shared);
  if (!to) return cli::ReportUsage(session, to.error());
  return Run(options, session,
             [&](gather::Io& io, const cli::Cluster& cluster) -> Result<gather::FoundDiff> {
               ASSIGN_OR_RETURN(const helm::HelmCalls calls,
                                CallsForRecords(options.helm, session, cluster));
               return gather::DiffRevisions(io, calls, cluster.config().default_namespace,
                                            options.release, *from, *to);
             });
}

void DeclareShared(cli::CommandLine& line, Options& options) {
  cli::DeclareHelmFlags(line, options.shared, options.helm);
  line.AddOption("--deadline", options.shared.deadline, "Longest time for the whole command",
                 "DURATION");
  line.AddOption("-o,--output", options.shared.output,
                 "text, summary, json, yaml, markdown or html", "FORMAT", "Output");
  line.AddList("--report", options.shared.reports,
               "Also write the diff to a file, FORMAT=FILE (repeatable)", "FORMAT=FILE", "Output");
  line.AddFlag("-q,--quiet", options.shared.quiet, "Only what is written, and risks", "Output");
  line.AddFlag("--no-headers", options.shared.no_headers, "The text without its headline",
               "Output");
  line.AddOption("--color", options.shared.color, "auto, always or never", "WHEN", "Output");
  cli::DeclareLogFlags(line, options.shared);
  line.AddFlag("--detailed-exitcode", options.detailed_exit_code,
               "Exit with 2 when anything differs");
  line.SetFooter(kFooter);
}

cli::Command Make(const char* name, const char* summary, const std::shared_ptr<Options>& options,
                  std::function<void(cli::CommandLine&)> declare,
                  cli::ExitStatus (*run)(const Options&, cli::Session&)) {
  options->shared.output = "text";
  cli::Command command;
  command.name = name;
  command.summary = summary;
  command.shared = &options->shared;
  command.helm = &options->helm;
  command.declare = [options, declare = std::move(declare)](cli::CommandLine& line) {
    DeclareShared(line, *options);
    declare(line);
  };
  command.run = [options, run](cli::Session& session) { return run(*options, session); };
  return command;
}

void DeclareLive(cli::CommandLine& line, Options& options) {
  line.AddFlag(
      "--no-live", options.no_live,
      "Compare the two manifests alone, without the live objects (drift is then not seen)");
}

cli::Command Upgrade() {
  auto options = std::make_shared<Options>();
  return Make(
      "upgrade", "What helm upgrade would change", options,
      [options](cli::CommandLine& line) {
        line.AddPositional("RELEASE", options->release, "The release", true);
        line.AddPositional("CHART", options->chart, "oci://…, repo/name, folder or .tgz", true);
        options->chart_flags.Declare(line, ChartFlags::For::Diff);
        DeclareLive(line, *options);
        line.AddFlag("--offline", options->offline,
                     "Render by helm template, and read no live objects; the release's record is "
                     "still read from the cluster. With --install no cluster is asked at all, and "
                     "everything is told as new");
        line.AddFlag("--ignore-unstable", options->ignore_unstable,
                     "Do not show what differs at each rendering; exit codes stay");
      },
      RunUpgrade);
}

cli::Command Rollback() {
  auto options = std::make_shared<Options>();
  return Make(
      "rollback", "What helm rollback would change", options,
      [options](cli::CommandLine& line) {
        line.AddPositional("RELEASE", options->release, "The release", true);
        line.AddPositional("REVISION", options->first,
                           "Default: the newest deployed one before the last", false);
        DeclareLive(line, *options);
      },
      RunRollback);
}

cli::Command Revision() {
  auto options = std::make_shared<Options>();
  return Make(
      "revision", "What differs between two revisions", options,
      [options](cli::CommandLine& line) {
        line.AddPositional("RELEASE", options->release, "The release", true);
        line.AddPositional("REVISION1", options->first, "The old side", true);
        line.AddPositional("REVISION2", options->second, "The new side; default: the newest",
                           false);
      },
      RunRevision);
}

}  // namespace

cli::Command DiffCommand() {
  cli::Command command;
  command.name = "diff";
  command.group = "Before an upgrade";
  command.summary = "What an upgrade or rollback would really change";
  command.children = {Upgrade(), Rollback(), Revision()};
  return command;
}

}  // namespace datafly::commands

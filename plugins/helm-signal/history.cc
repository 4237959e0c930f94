#include "common/cli/cluster.h"
#include "common/cli/report_output.h"
#include "common/core/diff/secret_shapes.h"
#include "common/core/report/history_document.h"
#include "common/gather/record_reads.h"
#include "common/operations/journal.h"
#include "plugins/helm-signal/commands.h"
#include "plugins/helm-signal/helm_calls.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  cli::HelmFlags helm;
  std::string release;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.release, "The release", true);
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareHelmFlags(line, options.shared, options.helm);
  line.SetFooter(
      "VERDICT is ours: \"verified\" when every workload was seen to come up after it. Helm says "
      "\"deployed\" as soon as it has\n"
      "applied a revision, which proves nothing; \"-\" was not made by helm signal.\n\n"
      "Exit codes: 0 told, 1 no such release or no connection, 5 told, but the journal could not "
      "be read, 64 wrong usage.");
}

report::HistoryRow RowOf(const release::RevisionLabel& label, const release::ReleaseRecord& record,
                         const operations::Journal* journal) {
  report::HistoryRow row;
  row.revision = label.revision;
  row.status = release::ToString(label.status);
  row.updated = label.modified_at ? label.modified_at : record.last_deployed;
  row.chart_version = record.chart.version;
  row.app_version = record.chart.app_version;
  row.description = diff::MaskLikely(record.description);
  const auto* operation = journal == nullptr ? nullptr : journal->OfRevision(label.revision);
  if (operation != nullptr) row.operation = *operation;
  return row;
}

/// Those of which no row tells.
std::vector<journal::Operation> OthersOf(const operations::Journal& journal,
                                         const release::History& history) {
  std::vector<journal::Operation> others;
  for (const journal::Operation& operation : journal.operations()) {
    const bool told = std::any_of(history.begin(), history.end(), [&](const auto& label) {
      return journal.OfRevision(label.revision) == &operation;
    });
    if (!told) others.push_back(operation);
  }
  return others;
}

Result<report::HistoryReport> Gather(gather::Io& io, const helm::HelmCalls& calls, Scope scope) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(io, calls, scope.name_space, scope.release));
  const release::History& history = records.history();
  if (history.empty())
    return Fail(Error::NotFound(
        fmt::format("no release {} in namespace {}", scope.release, scope.name_space),
        "helm list -A shows where it is"));
  std::vector<std::int64_t> revisions;
  for (const auto& label : history) revisions.push_back(label.revision);
  ASSIGN_OR_RETURN(const auto payloads, records.Read(revisions));
  const auto journal = operations::Journal::Read(io, scope.name_space, scope.release);
  if (!journal && journal.error().kind == ErrorKind::Interrupted) return Fail(journal.error());

  report::HistoryReport report;
  report.taken_at = io.kube.ServerTime().value_or(io.system.clock.Now());
  report.tool_version = std::string(cli::ToolVersion());
  report.scope = std::move(scope);
  for (std::size_t i = 0; i < history.size(); ++i)
    report.rows.push_back(RowOf(history[i], payloads[i], journal ? &*journal : nullptr));
  if (journal) {
    report.others = OthersOf(*journal, history);
    report.strange = journal->strange();
  } else {
    report.no_journal = Absence::From(journal.error());
  }
  return report;
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  const auto cluster = cli::Connect(session, options.shared);
  if (!cluster) return cli::Report(session, cluster.error());
  const auto calls = CallsForRecords(options.helm, session, *cluster);
  if (!calls) return cli::Report(session, calls.error());
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster->http, *cluster->kube, system,
                session.loop.Now() + plan->deadline};
  const auto report = Gather(io, *calls, ScopeOf(*cluster, options.release));
  if (!report) return cli::Report(session, report.error());
  return cli::Show(session, options.shared, *plan, report::HistoryDocument(*report));
}

}  // namespace

cli::Command HistoryCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "history";
  command.group = "During and after an upgrade";
  command.summary = "Revisions with what was seen of each: verified, failed and why, or unknown";
  command.shared = &options->shared;
  command.helm = &options->helm;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

#include "common/cli/profile_source.h"
#include "common/cli/report_output.h"
#include "common/core/checks/needs.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/facts_source.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  FactsSource source;
  std::string command;
  std::string subject;
  bool all_namespaces = false;
};

/// What the command needs, as it is to be run.
Result<std::vector<checks::Need>> NeedsOf(const Options& options, const Facts& facts) {
  auto needs = checks::NeedsOfCommand(options.command, facts);
  if (needs && options.all_namespaces) return checks::AcrossNamespaces(*needs);
  return needs;
}

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("COMMAND", options.command,
                     "preflight, health, rollout, diagnose, snapshot; upgrade, rollback, history "
                     "or unlock of helm signal",
                     true);
  line.AddOption(
      "--subject", options.subject,
      "With -o yaml, also the bindings: User/NAME, Group/NAME or ServiceAccount/NAMESPACE/NAME",
      "SUBJECT");
  line.AddFlag("-A,--all-namespaces", options.all_namespaces,
               "For the command with -A (preflight, health): the rights in every namespace, and "
               "with -o yaml one ClusterRole");
  line.AddOption("--from", options.source.snapshot_file,
                 "Judge a snapshot instead of a live cluster", "FILE");
  cli::DeclareOutputFlags(line, options.shared);
  cli::DeclareConnectionFlags(line, options.shared);
  line.SetFooter(
      "Examples:\n"
      "  kubectl signal permissions upgrade -n datafly\n"
      "  kubectl signal permissions preflight -n datafly -o yaml --subject User/jane | kubectl "
      "apply -f -\n"
      "  kubectl signal permissions health -A -o yaml --subject Group/ops | kubectl apply -f -");
}

report::Cell GrantCell(checks::Grant grant) {
  using Tone = report::Cell::Tone;
  switch (grant) {
    case checks::Grant::Yes:
      return {"yes", Tone::Good};
    case checks::Grant::No:
      return {"no", Tone::Bad};
    case checks::Grant::Unknown:
      break;
  }
  return {"unknown", Tone::Warn};
}

report::Table NeedsTable(const std::vector<checks::Need>& needs, const Facts& facts) {
  report::Table table;
  table.columns = {{"GRANTED"}, {"VERB"}, {"RESOURCE"}, {"NAMESPACE"}, {"WHY ONLY ADVISORY", true}};
  for (const checks::Need& need : needs) {
    table.rows.push_back({GrantCell(checks::GrantOf(need, facts)),
                          {need.verb},
                          {need.Resource()},
                          {need.name_space.empty() ? "(cluster)" : need.name_space},
                          {need.optional ? "only an advisory answer depends on it" : ""}});
  }
  return table;
}

struct Missing {
  std::size_t denied = 0, unknown = 0, advisory = 0;
};

Missing CountMissing(const std::vector<checks::Need>& needs, const Facts& facts) {
  Missing missing;
  for (const checks::NeedGap& gap : checks::MissingNeeds(needs, facts)) {
    if (gap.need.optional)
      ++missing.advisory;
    else
      ++(gap.grant == checks::Grant::No ? missing.denied : missing.unknown);
  }
  return missing;
}

report::Document ToDocument(const Options& options, const std::vector<checks::Need>& needs,
                            const Facts& facts) {
  report::Document document;
  document.kind = "PermissionsReport";
  document.title =
      fmt::format("Permissions for {}{}", options.command, options.all_namespaces ? " -A" : "");
  document.tool_version = std::string(cli::ToolVersion());
  document.taken_at = facts.taken_at;
  document.context = {{"context", facts.scope.context}, {"namespace", facts.scope.name_space}};
  document.sections.push_back({"needs", "Needs", NeedsTable(needs, facts)});
  const Missing missing = CountMissing(needs, facts);
  document.verdict = missing.denied > 0 ? "missing" : missing.unknown > 0 ? "not known" : "granted";
  document.verdict_detail =
      fmt::format("{} of {} rights are missing, {} are unknown, {} more are only advisory",
                  missing.denied, needs.size(), missing.unknown, missing.advisory);
  document.exit_code = missing.denied > 0 ? 3 : missing.unknown > 0 ? 5 : 0;
  return document;
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  if (auto known = checks::NeedsOfCommand(options.command, Facts{}); !known)
    return cli::ReportUsage(session, known.error());
  if (options.all_namespaces && !checks::TakesAllNamespaces(options.command)) {
    return cli::ReportUsage(
        session, Error::InvalidInput(
                     fmt::format("{} looks at one installation and takes no -A", options.command),
                     "leave out -A, or name preflight or health"));
  }
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  // The TLS Secrets that health reads are known by the Ingresses that name them.
  options.source.causes = options.command == "health" || options.command == "snapshot";
  options.source.questions = [&](const Facts& so_far) {
    return NeedsOf(options, so_far).value_or(std::vector<checks::Need>{});
  };
  const auto facts = GatherFacts(session, options.shared, options.source, *profile, plan->deadline);
  if (!facts) return cli::Report(session, facts.error());
  const auto needs = NeedsOf(options, *facts);
  if (!needs) return cli::Report(session, needs.error());
  if (plan->format == report::Format::Yaml) {
    const std::string name =
        fmt::format("signal-{}{}", options.command, options.all_namespaces ? "-everywhere" : "");
    const std::string role = checks::RoleYaml(*needs, name, options.subject);
    return session.terminal.Out(role) ? cli::ExitStatus::Good : cli::ExitStatus::CouldNotDo;
  }
  return cli::Show(session, options.shared, *plan, ToDocument(options, *needs, *facts));
}

}  // namespace

cli::Command PermissionsCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "permissions";
  command.group = "Before an upgrade";
  command.summary =
      "The rights that a command needs, which of them you lack, and the least Role (-o yaml)";
  command.shared = &options->shared;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

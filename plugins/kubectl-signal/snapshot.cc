#include "common/core/facts/snapshot.h"

#include "common/cli/profile_source.h"
#include "common/core/base/text.h"
#include "plugins/kubectl-signal/commands.h"
#include "plugins/kubectl-signal/facts_source.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  FactsSource source;
  std::vector<std::string> targets;
  std::string file;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddOption("-o,--output", options.file, "The file to write (0600)", "FILE");
  line.AddList(
      "--to", options.targets,
      "Record this target too, so that preflight --from FILE --to TARGET works (repeatable)",
      "TARGET");
  line.AddList("-f,--values", options.source.values_files,
               "Values file for the targets (repeatable)", "FILE");
  line.AddList("--set", options.source.sets, "Value for the targets (repeatable)", "KEY=VALUE");
  line.AddOption("--release", options.shared.release,
                 "Helm release (default: the one of the platform's chart)", "NAME");
  line.AddOption("--config", options.shared.config_file, "Profile file, see \"config explain\"",
                 "FILE");
  line.AddOption("--deadline", options.shared.deadline, "Longest time for the whole command",
                 "DURATION");
  cli::DeclareLogFlags(line, options.shared);
  cli::DeclareConnectionFlags(line, options.shared);
  line.SetFooter(
      "The file holds what the reading commands look at, redacted: no Secret's data, no release "
      "payload, no environment value; of a target's changes what a diff shows, which is plain "
      "settings and never a secret.\n\n"
      "Examples:\n"
      "  kubectl signal snapshot -n datafly -o before.snapshot --to 1.3.0\n"
      "  kubectl signal preflight --from before.snapshot --to 1.3.0");
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  if (options.file.empty())
    return cli::ReportUsage(session, Error::InvalidInput("snapshot wants a file: -o FILE"));
  const auto plan = cli::ResolveOutput(options.shared);
  if (!plan) return cli::ReportUsage(session, plan.error());
  if (const auto target = CheckTargetFlags(options.source, !options.targets.empty()); !target)
    return cli::ReportUsage(session, target.error());
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  options.source.causes = true;
  auto snapshot = GatherSnapshot(session, options.shared, options.source, options.targets, *profile,
                                 plan->deadline);
  if (!snapshot) return cli::Report(session, snapshot.error());
  if (snapshot->targets.size() == options.targets.size()) {
    snapshot->facts.target = Absence{AbsenceKind::NotAsked, "no target was asked for", {}};
  } else if (!snapshot->facts.target) {
    // A release that is locked renders no target: that is worth recording too, in helm's words.
    session.terminal.Err("Warning: a target could not be recorded: " +
                         EscapeForTerminal(snapshot->facts.target.absence().reason));
  }
  const auto bytes = SaveSnapshot(*snapshot);
  if (!bytes) return cli::Report(session, bytes.error());
  if (auto written = session.files.WritePrivate(options.file, *bytes); !written)
    return cli::Report(session, written.error());
  session.terminal.Err(fmt::format("wrote {} ({} bytes); judge it with: {} preflight --from {}",
                                   options.file, bytes->size(), session.shown_name, options.file));
  return cli::ExitStatus::Good;
}

}  // namespace

cli::Command SnapshotCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "snapshot";
  command.group = "Before an upgrade";
  command.summary = "Write everything the commands read, redacted, to one file";
  command.shared = &options->shared;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands

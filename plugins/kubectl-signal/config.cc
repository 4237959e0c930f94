#include "common/cli/profile_source.h"
#include "plugins/kubectl-signal/commands.h"

namespace datafly::commands {
namespace {

struct Options {
  cli::SharedFlags shared;
  std::string key;
  std::string file = "signal.yaml";
};

cli::ExitStatus Print(cli::Session& session, const std::string& text) {
  return session.terminal.Out(text) ? cli::ExitStatus::Good : cli::ExitStatus::CouldNotDo;
}

cli::ExitStatus View(const Options& options, cli::Session& session) {
  const auto profile = cli::LoadProfile(options.shared, session);
  if (!profile) return cli::Report(session, profile.error());
  return Print(session, FormatProfile(*profile, false));
}

cli::ExitStatus Init(const Options& options, cli::Session& session) {
  if (session.files.Exists(options.file)) {
    return cli::Report(
        session, Error::InvalidInput(fmt::format("{} exists and is left as it is", options.file),
                                     "name another file, or remove it first"));
  }
  const auto written =
      session.files.WritePrivate(options.file, FormatProfile(DefaultProfile(), true));
  if (!written) return cli::Report(session, written.error());
  session.terminal.Err(
      fmt::format("wrote {}; use it with --config {}", options.file, options.file));
  return cli::ExitStatus::Good;
}

cli::ExitStatus ExplainKey(const Options& options, cli::Session& session) {
  const auto text = ExplainProfileKey(options.key);
  if (!text) return cli::ReportUsage(session, text.error());
  return Print(session, *text);
}

cli::Command Child(const std::string& name, const std::string& summary) {
  cli::Command command;
  command.name = name;
  command.summary = summary;
  return command;
}

}  // namespace

cli::Command ConfigCommand() {
  auto options = std::make_shared<Options>();
  cli::Command view =
      Child("view", "Print the profile in force: defaults with --config laid over them");
  view.declare = [options](cli::CommandLine& line) {
    line.AddOption("--config", options->shared.config_file, "Profile file", "FILE");
  };
  view.run = [options](cli::Session& session) { return View(*options, session); };

  cli::Command init = Child("init", "Write a commented profile file with every default");
  init.declare = [options](cli::CommandLine& line) {
    line.AddPositional("FILE", options->file, "where to (default signal.yaml)", false);
  };
  init.run = [options](cli::Session& session) { return Init(*options, session); };

  cli::Command explain = Child("explain", "Explain one key of the profile, or list all");
  explain.declare = [options](cli::CommandLine& line) {
    line.AddPositional("KEY", options->key, "for example platform.minimums.nodes", false);
  };
  explain.run = [options](cli::Session& session) { return ExplainKey(*options, session); };

  cli::Command command = Child("config", "Show, write or explain the profile of the platform");
  command.group = "Other commands";
  command.children = {view, init, explain};
  return command;
}

}  // namespace datafly::commands

#include "common/cli/session.h"

#include <atomic>
#include <csignal>

#include "common/cli/completion.h"
#include "common/core/base/text.h"

namespace datafly::cli {
namespace {

// A signal handler can reach nothing but a global; this is the only one, set once before any
// handler is installed.
std::atomic<Loop*> interrupted_loop{nullptr};

extern "C" void OnInterrupt(int) {
  if (Loop* loop = interrupted_loop.load()) loop->Interrupt();
}

void InstallInterrupt(Loop& loop) {
  interrupted_loop = &loop;
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends us the hard way
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal that is closed; who asked not to be told of it (nohup) is not.
  struct sigaction hangup = {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

struct Declared {
  CommandLine line;
  const Command* command;
};

void DeclareAll(CommandLine& parent, const std::vector<Command>& commands,
                std::vector<Declared>& declared) {
  for (const Command& command : commands) {
    CommandLine line = parent.AddCommand(command.name, command.summary, command.group);
    if (command.declare) command.declare(line);
    DeclareAll(line, command.children, declared);
    declared.push_back({std::move(line), &command});
  }
}

// Children are declared before their parent, so the first chosen one is the deepest.
const Declared* FindChosen(const std::vector<Declared>& declared) {
  for (const Declared& d : declared) {
    if (d.line.Chosen()) return &d;
  }
  return nullptr;
}

Command VersionCommand() {
  Command command;
  command.name = "version";
  command.group = "Other commands";
  command.summary = "Show the version of this plugin";
  command.run = [](Session& session) {
    return session.terminal.Out(fmt::format("{} {}\n", session.program, ToolVersion()))
               ? ExitStatus::Good
               : ExitStatus::CouldNotDo;
  };
  return command;
}

ExitStatus PrintHelp(CommandLine& root, std::vector<std::string> path, Session& session) {
  path.emplace_back("--help");
  const auto parsed = root.Parse(path);
  session.terminal.Out(parsed.text);
  return parsed.what == CommandLine::Parsed::What::Help ? ExitStatus::Good : ExitStatus::Usage;
}

bool IsCompletionCall(const std::vector<std::string>& arguments) {
  return !arguments.empty() && arguments.front() == kCompleteCommand;
}

ExitStatus RunChosen(const Declared& chosen, CommandLine& root,
                     const std::vector<std::string>& arguments, Session& session) {
  if (!chosen.command->run) {
    session.terminal.Err(
        fmt::format("{} {}: which one?", session.shown_name, chosen.command->name));
    PrintHelp(root, arguments, session);
    return ExitStatus::Usage;
  }
  const SharedFlags* shared = chosen.command->shared;
  if (shared != nullptr && shared->contexts.size() > 1 && !chosen.command->many) {
    return ReportUsage(
        session, Error::InvalidInput(fmt::format("{} looks at one installation and takes one "
                                                 "--context, not {}",
                                                 chosen.command->name, shared->contexts.size()),
                                     "run it once for each"));
  }
  if (chosen.command->helm != nullptr) {
    if (const auto sound = CheckHelmFlags(*chosen.command->helm); !sound)
      return ReportUsage(session, sound.error());
  }
  return chosen.command->run(session);
}

ColorChoice ChoiceOf(const Declared* chosen) {
  if (chosen == nullptr || chosen->command->shared == nullptr) return ColorChoice::Auto;
  return ResolveColor(*chosen->command->shared).value_or(ColorChoice::Auto);
}

// A --log-format that makes no sense is refused by the command; until then, text.
Log MakeLog(const Declared* chosen, Terminal& terminal) {
  const SharedFlags* shared = chosen == nullptr ? nullptr : chosen->command->shared;
  if (shared == nullptr) return Log(terminal, 0, Log::Format::Text);
  return Log(terminal, shared->verbose,
             shared->log_format == "json" ? Log::Format::Json : Log::Format::Text);
}

int RunParsed(const std::vector<std::string>& arguments, CommandLine& root,
              std::vector<Declared>& declared, const std::string& program,
              const std::string& shown_name) {
  const auto parsed = arguments.empty() ? root.Parse({"--help"}) : root.Parse(arguments);
  const Declared* chosen =
      parsed.what == CommandLine::Parsed::What::Run ? FindChosen(declared) : nullptr;

  const auto environment = RealEnvironment();
  if (chosen != nullptr && chosen->command->helm != nullptr)
    TakeHelmEnvironment(*environment, *chosen->command->shared, *chosen->command->helm);
  Terminal terminal(*environment, ChoiceOf(chosen));
  if (parsed.what == CommandLine::Parsed::What::Help) {
    return terminal.Out(parsed.text) ? 0 : static_cast<int>(ExitStatus::CouldNotDo);
  }
  if (parsed.what == CommandLine::Parsed::What::Usage) {
    terminal.Err("error: " + parsed.text);
    return static_cast<int>(ExitStatus::Usage);
  }
  Log log = MakeLog(chosen, terminal);
  Loop loop;
  InstallInterrupt(loop);
  const auto files = RealFileSystem();
  const auto clock = RealClock();
  const auto processes = RealProcessRunner(loop);
  Session session{program, shown_name, loop,     *environment, *files,
                  *clock,  *processes, terminal, log};
  const ExitStatus status = chosen == nullptr ? PrintHelp(root, {}, session)
                                              : RunChosen(*chosen, root, arguments, session);
  return static_cast<int>(loop.interrupted() && status != ExitStatus::Good ? ExitStatus::Interrupted
                                                                           : status);
}

}  // namespace

int RunProgram(const std::string& program, const std::string& shown_name,
               const std::string& description, std::vector<Command> commands, int argc,
               char** argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (program == "helm-signal") arguments = HelmFlagsBehindCommand(std::move(arguments));
  commands.push_back(VersionCommand());
  commands.push_back(CompletionCommand());

  CommandLine root(shown_name, description);
  root.SetFooter(
      fmt::format("Exit codes: 0 good, 1 could not be done, 3 a check failed, 4 only warnings "
                  "(--fail-on warn), 5 something required\n"
                  "could not be checked, 64 wrong usage, 130 interrupted. \"{} COMMAND --help\" "
                  "tells more of a command.",
                  shown_name));
  std::vector<Declared> declared;
  DeclareAll(root, commands, declared);
  if (IsCompletionCall(arguments)) return PrintCandidates(root, commands, arguments);
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  return RunParsed(arguments, root, declared, program, shown_name);
}

ExitStatus Report(Session& session, const Error& error) {
  session.terminal.Err("error: " + EscapeForTerminal(error.message));
  if (!error.remedy.empty()) session.terminal.Err("  " + EscapeForTerminal(error.remedy));
  return error.kind == ErrorKind::Interrupted ? ExitStatus::Interrupted : ExitStatus::CouldNotDo;
}

ExitStatus ReportUsage(Session& session, const Error& error) {
  Report(session, error);
  return ExitStatus::Usage;
}

}  // namespace datafly::cli

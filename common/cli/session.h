#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/cli/command_line.h"
#include "common/cli/exit_status.h"
#include "common/cli/helm_environment.h"
#include "common/cli/log.h"
#include "common/cli/shared_flags.h"
#include "common/cli/terminal.h"
#include "common/io/loop/loop.h"
#include "common/io/system/system.h"

namespace datafly::cli {

/// What a running command gets: the operating system as interfaces, the loop, the terminal, and the
/// name by which the user called us.
struct Session {
  std::string program;     ///< "kubectl-signal"
  std::string shown_name;  ///< "kubectl signal"
  Loop& loop;
  Environment& environment;
  FileSystem& files;
  Clock& clock;
  ProcessRunner& processes;
  Terminal& terminal;
  Log& log;
};

/// One command of a plugin: `declare` adds its flags, `run` does the work. Both close over the same
/// options struct.
struct Command {
  std::string name;
  std::string group;    ///< heading in the help
  std::string summary;  ///< one line
  std::function<void(CommandLine&)> declare;
  std::function<ExitStatus(Session&)> run;
  SharedFlags* shared = nullptr;  ///< to learn --color and -v before anything is printed; may be
                                  ///< null
  HelmFlags* helm = nullptr;  ///< of helm-signal's commands, with `shared`: what Helm's variables
                              ///< say is laid under the flags before the command runs
  bool many = false;          ///< takes several --context; any other command refuses them
  std::vector<Command> children;  ///< "config view": run is empty then
};

/// The whole of main(): declares the commands, parses, runs the chosen one; -h, usage errors (64),
/// a broken pipe and an interrupt (130) included. Adds `version`, `completion` and `help` to the
/// commands given.
int RunProgram(const std::string& program, const std::string& shown_name,
               const std::string& description, std::vector<Command> commands, int argc,
               char** argv);

/// "error: MESSAGE" and the remedy on stderr; the exit code that fits the error (usage 64,
/// interrupted 130, else 1).
ExitStatus Report(Session& session, const Error& error);
/// The same for a flag that cannot be used: always 64.
ExitStatus ReportUsage(Session& session, const Error& error);

}  // namespace datafly::cli

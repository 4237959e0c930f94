#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/cli/command_line.h"
#include "common/cli/terminal.h"
#include "common/core/report/document.h"
#include "common/io/kube/kubeconfig.h"

namespace datafly::cli {

/// The flags that every command has, kubectl's own among them, as strings; Resolve() turns them
/// into values.
struct SharedFlags {
  kube::ConnectionFlags connection;   ///< all but context and token, which are just below
  std::vector<std::string> contexts;  ///< --context; several only where Command::many allows it
  std::optional<std::string> token;   ///< kept apart, so that no other place prints it
  std::string release;
  std::string config_file;
  std::string output = "table";
  std::vector<std::string> reports;  ///< FORMAT=FILE
  bool no_headers = false;
  bool quiet = false;
  int verbose = 0;
  std::string color = "auto";
  std::string log_format = "text";
  std::string fail_on = "fail";
  std::string deadline = "60s";  ///< of the whole command
};

/// One --report.
struct ReportFlag {
  std::string format, path;
};
/// FORMAT=FILE; `example` is a file's name for the remedy. Errors: wrong usage.
Result<ReportFlag> ParseReportFlag(const std::string& report, const std::string& example);
/// --deadline. Errors: wrong usage.
Result<Millis> ResolveDeadline(const SharedFlags& flags);
/// --log-format. Errors: wrong usage.
Result<void> CheckLogFormat(const SharedFlags& flags);

/// What to write where, from -o and --report.
struct OutputPlan {
  struct File {
    report::Format format;
    std::string path;
  };
  report::Format format = report::Format::Table;
  std::vector<File> files;
  bool fail_on_warn = false;
  Millis deadline{60000};
};

/// Declares kubectl's connection flags (common/io/kube/kubeconfig.h) on a command.
void DeclareConnectionFlags(CommandLine& command, SharedFlags& flags);
/// The same without --insecure-skip-tls-verify, which under helm is about the chart's download.
void DeclareConnectionFlagsOfBoth(CommandLine& command, SharedFlags& flags);
/// Declares -v and --log-format.
void DeclareLogFlags(CommandLine& command, SharedFlags& flags);
/// Declares -o, --report, --color, -q, -v and their like.
void DeclareOutputFlags(CommandLine& command, SharedFlags& flags);

/// Checks the values; an error is wrong usage (exit 64).
Result<OutputPlan> ResolveOutput(const SharedFlags& flags);
Result<ColorChoice> ResolveColor(const SharedFlags& flags);

/// "kubectl-signal/0.1.0 (linux/amd64)".
std::string UserAgent(std::string_view program);
/// The version of this build, from CMake's project().
std::string_view ToolVersion();

}  // namespace datafly::cli

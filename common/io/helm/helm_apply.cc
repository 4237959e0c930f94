#include "common/io/helm/helm_apply.h"

#include "common/io/helm/helm_output.h"

namespace datafly::helm {
namespace {

/// "helm history app --namespace prod shows what Helm made of it"; the arguments begin with the
/// verb and the release.
std::string HistoryOf(const ApplyRequest& request) {
  const auto& arguments = request.arguments;
  std::vector<std::string> words = {"history"};
  if (arguments.size() > 1) words.push_back(arguments[1]);
  const auto name_space = std::find(arguments.begin(), arguments.end(), "--namespace");
  if (name_space != arguments.end() && name_space + 1 != arguments.end())
    words.insert(words.end(), {"--namespace", *(name_space + 1)});
  return "what Helm made of it shows: " + Pasted(std::move(words), request.environment);
}

}  // namespace

std::vector<std::string> RollbackArguments(const std::string& release,
                                           const std::string& name_space, std::int64_t revision,
                                           const std::vector<std::string>& apply_flags) {
  std::vector<std::string> arguments = {"rollback", release, fmt::format("{}", revision),
                                        "--namespace", name_space};
  arguments.insert(arguments.end(), apply_flags.begin(), apply_flags.end());
  return arguments;
}

Pending<std::monostate> StartApply(ProcessRunner& processes, const ApplyRequest& request) {
  Command command;
  command.argv = {request.helm};
  command.argv.insert(command.argv.end(), request.arguments.begin(), request.arguments.end());
  command.env = request.environment;
  command.stdin_bytes = request.stdin_bytes;
  command.timeout = request.timeout;
  command.ends_with_us = true;
  command.on_started = request.on_started;
  const HelmRun run{request.helm, HistoryOf(request), request.mask, false};
  return Transform<std::monostate>(
      processes.Start(std::move(command)),
      [run](const Result<CommandOutput>& output) -> Result<std::monostate> {
        TRY(CheckOutput(output, run));
        return std::monostate{};
      });
}

}  // namespace datafly::helm

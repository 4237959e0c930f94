#include "common/io/helm/helm_apply.h"

#include "common/io/helm/helm_output.h"

namespace datafly::helm {

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
  const HelmRun run{request.helm, "helm history shows what Helm made of it", request.mask, false};
  return Transform<std::monostate>(
      processes.Start(std::move(command)),
      [run](const Result<CommandOutput>& output) -> Result<std::monostate> {
        TRY(CheckOutput(output, run));
        return std::monostate{};
      });
}

}  // namespace datafly::helm

#include "plugins/kubectl-signal/rollout_screen.h"

#include "common/core/base/text.h"

namespace datafly::commands {
namespace {

std::string LineOf(const rollout::WorkloadProgress& workload) {
  std::string line =
      fmt::format("{} {}: {}/{} updated, {}/{} ready", workload.id, ToString(workload.state),
                  workload.updated, workload.desired, workload.ready, workload.desired);
  if (!workload.note.empty()) line += "; " + workload.note;
  return line;
}

}  // namespace

RolloutScreen::RolloutScreen(cli::Session& session, report::Format format)
    : session_(session),
      live_(session.terminal.stdout_is_tty() &&
            (format == report::Format::Table || format == report::Format::Wide)) {}

void RolloutScreen::ShowLines(const rollout::Progress& progress) {
  const std::string at = FormatTime(std::chrono::floor<std::chrono::seconds>(progress.at));
  for (const rollout::WorkloadProgress& workload : progress.workloads) {
    std::string line = LineOf(workload);
    std::string& said = said_[workload.id];
    if (said == line) continue;
    session_.terminal.Err(fmt::format("{} {}", at, EscapeForTerminal(line)));
    said = std::move(line);
  }
}

void RolloutScreen::Show(const rollout::Progress& progress, const std::string& trouble) {
  ShowLines(progress);
  if (trouble != said_trouble_ && !trouble.empty())
    session_.terminal.Err(
        fmt::format("the cluster is not heard ({}); trying again", EscapeForTerminal(trouble)));
  said_trouble_ = trouble;
}

void RolloutScreen::Clear() {}

}  // namespace datafly::commands

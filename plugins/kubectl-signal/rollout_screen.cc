#include "plugins/kubectl-signal/rollout_screen.h"

#include "common/core/base/text.h"
#include "common/core/report/rollout_document.h"

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
      screen_(session.terminal),
      // With -v, lines on stderr would be drawn over.
      live_(session.terminal.can_redraw() && !session.log.Says(cli::Log::Level::Info) &&
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

void RolloutScreen::Draw(const rollout::Progress& progress, const std::string& trouble) {
  constexpr Millis kBetween{100};  // faster than an eye, slower than a storm of events
  const Instant now = session_.loop.Now();
  if (now - drawn_at_ < kBetween) return;
  report::Document document = report::RolloutDocument(scope_, progress, {}, {});
  std::erase_if(document.sections, [](const report::Section& s) { return s.name != "workloads"; });
  // A verdict is for the end: until then there is only how far it is.
  const std::string standing = std::exchange(document.verdict_detail, {});
  document.verdict.clear();
  report::RenderOptions options;
  options.width = session_.terminal.width();
  options.color = session_.terminal.color();
  std::string text = report::Render(document, report::Format::Table, options);
  text += "\n" + standing + "\n";
  if (!trouble.empty())
    text +=
        fmt::format("the cluster is not heard ({}); trying again\n", EscapeForTerminal(trouble));
  if (text == drawn_) return;
  screen_.Show(text);
  drawn_at_ = now;
  drawn_ = std::move(text);
}

void RolloutScreen::Show(const rollout::Progress& progress, bool listed,
                         const std::string& trouble) {
  if (live_ && listed) return Draw(progress, trouble);
  if (listed) ShowLines(progress);
  if (trouble != said_trouble_ && !trouble.empty()) {
    session_.terminal.Err(
        fmt::format("the cluster is not heard ({}); trying again", EscapeForTerminal(trouble)));
  }
  said_trouble_ = trouble;
}

void RolloutScreen::Clear() { screen_.Clear(); }

}  // namespace datafly::commands

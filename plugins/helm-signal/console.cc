#include "plugins/helm-signal/console.h"

#include "common/cli/prompt.h"
#include "common/core/base/text.h"
#include "common/core/report/diff_render.h"

namespace datafly::commands {

Console::Console(cli::Session& session, report::Format format, bool yes, const Instant& deadline)
    : session_(session), screen_(session, format), yes_(yes), deadline_(deadline) {}

void Console::Tell(const std::string& line) { session_.terminal.Err(EscapeForTerminal(line)); }

void Console::ShowPlan(const report::Document& plan) {
  report::RenderOptions options;
  options.width = session_.terminal.width();
  options.color = session_.terminal.color();
  options.quiet = true;
  for (const report::Section& section : plan.sections) {
    const auto* diff = std::get_if<diff::ShownDiff>(&section.body);
    if (diff != nullptr)
      session_.terminal.Err(report::RenderDiff(*diff, report::DiffFormat::Summary, options));
  }
  session_.terminal.Err(report::Render(plan, report::Format::Table, options));
}

Result<bool> Console::Confirm(const std::string& question) {
  if (yes_) {
    Tell(question + " yes (--yes)");
    return true;
  }
  return Ask(question);
}

Result<bool> Console::Ask(const std::string& question) {
  auto answer = cli::AskLine(session_, EscapeForTerminal(question) + " [y/N]", deadline_);
  if (!answer) {
    if (answer.error().remedy.empty())
      answer.error().remedy = "--yes says so without a terminal; --dry-run only judges";
    return Fail(answer.error());
  }
  return *answer == "y" || *answer == "Y" || *answer == "yes";
}

void Console::ShowRollout(const rollout::Progress& progress, bool listed,
                          const operations::RolloutFollow::Silence& silence) {
  screen_.Show(progress, listed, silence);
}

void Console::EndRollout() { screen_.Clear(); }

}  // namespace datafly::commands

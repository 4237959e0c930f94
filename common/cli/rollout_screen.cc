#include "common/cli/rollout_screen.h"

#include "common/core/base/text.h"
#include "common/core/report/rollout_document.h"

namespace datafly::cli {
namespace {

/// A connection that is replaced at once is no news.
constexpr Millis kWorthTelling{2000};
constexpr Millis kTellAgain{10000};

std::string LineOf(const rollout::WorkloadProgress& workload) {
  std::string line =
      fmt::format("{} {}: {}/{} updated, {}/{} ready", workload.id, ToString(workload.state),
                  workload.updated, workload.desired, workload.ready, workload.desired);
  if (!workload.note.empty()) line += "; " + workload.note;
  return line;
}

}  // namespace

RolloutScreen::RolloutScreen(Session& session, report::Format format)
    : session_(session),
      screen_(session.terminal),
      // With -v, lines on stderr would be drawn over.
      live_(session.terminal.can_redraw() && !session.log.Says(Log::Level::Info) &&
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

std::string RolloutScreen::DescribeSilence(const gather::RolloutWatch::Silence& silence) const {
  const auto ago = std::chrono::duration_cast<Millis>(session_.loop.Now() - silence.since);
  const std::string since =
      FormatTime(std::chrono::floor<std::chrono::seconds>(session_.clock.Now() - ago));
  return fmt::format("nothing has been heard since {}: {}", since.substr(since.find('T') + 1),
                     silence.why);
}

void RolloutScreen::Draw(const rollout::Progress& progress, const std::string& silence) {
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
  if (!silence.empty()) text += EscapeForTerminal(silence) + "; trying again\n";
  if (text == drawn_) return;
  screen_.Show(text);
  drawn_at_ = now;
  drawn_ = std::move(text);
}

void RolloutScreen::ShowSilence(const Silence& silence) {
  const Instant now = session_.loop.Now();
  const std::string at = FormatTime(std::chrono::floor<std::chrono::seconds>(session_.clock.Now()));
  if (silence) {
    silent_since_ =
        std::min(said_silence_.empty() ? silence->since : silent_since_, silence->since);
    if (silence->why == said_silence_ && now - said_silence_at_ < kTellAgain) return;
    session_.terminal.Err(
        fmt::format("{} {}; trying again", at, EscapeForTerminal(DescribeSilence(*silence))));
    said_silence_ = silence->why;
    said_silence_at_ = now;
  } else if (!std::exchange(said_silence_, {}).empty()) {
    session_.terminal.Err(
        fmt::format("{} heard again after {}, and read anew what has changed since", at,
                    FormatAge(std::chrono::duration_cast<Millis>(now - silent_since_))));
  }
}

void RolloutScreen::Show(const rollout::Progress& progress, bool listed, const Silence& silence) {
  const bool tell = silence && session_.loop.Now() - silence->since >= kWorthTelling;
  if (live_ && listed) return Draw(progress, tell ? DescribeSilence(*silence) : "");
  if (listed) ShowLines(progress);
  if (tell || !silence) ShowSilence(silence);
}

void RolloutScreen::Clear() { screen_.Clear(); }

}  // namespace datafly::cli

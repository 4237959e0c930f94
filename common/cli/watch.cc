#include "common/cli/watch.h"

#include "common/cli/live_screen.h"
#include "common/core/base/text.h"

namespace datafly::cli {
namespace {

constexpr Millis kShortestInterval{100};  // an API server is not to be asked in a tight loop

/// Where looks go: one screen in place, or lines.
class Viewer {
 public:
  Viewer(Session& session, const WatchPlan& plan)
      : session_(session),
        plan_(plan),
        screen_(session.terminal),
        in_place_(session.terminal.can_redraw() && !session.log.Says(Log::Level::Info)) {}

  /// False when nobody reads any more.
  bool Show(const Look& look) {
    return in_place_ ? ShowScreen(look.screen) : ShowNews(look.verdicts);
  }

  /// The last good screen stays, the trouble goes below.
  bool ShowTrouble(const Error& error) {
    const std::string text = fmt::format("not known: {}", EscapeForTerminal(error.message));
    if (!in_place_) return ShowNews({{"", text}});
    return Draw(fmt::format("{}\n{}; this is what was seen last\n", last_screen_, text));
  }

 private:
  bool ShowScreen(const std::string& screen) {
    last_screen_ = screen;
    return Draw(screen);
  }

  bool Draw(const std::string& screen) {
    return screen_.Show(fmt::format("{}\n{}, again every {}; Ctrl-C ends\n", screen, Now(),
                                    FormatDuration(plan_.interval)));
  }

  bool ShowNews(const std::vector<std::pair<std::string, std::string>>& verdicts) {
    std::map<std::string, std::string> now(verdicts.begin(), verdicts.end());
    std::string news;
    for (const auto& [subject, verdict] : verdicts) {
      const auto before = told_.find(subject);
      if (before == told_.end() || before->second != verdict) news += Line(subject, verdict);
    }
    for (const auto& [subject, verdict] : told_) {
      if (!now.contains(subject) && !subject.empty()) news += Line(subject, "gone");
    }
    told_ = std::move(now);
    return news.empty() || session_.terminal.Out(news);
  }

  std::string Line(const std::string& subject, const std::string& verdict) {
    return fmt::format("{} {}{}{}\n", Now(), EscapeForTerminal(subject), subject.empty() ? "" : " ",
                       EscapeForTerminal(verdict));
  }

  [[nodiscard]] std::string Now() const {
    return FormatTime(std::chrono::floor<std::chrono::seconds>(session_.clock.Now()));
  }

  Session& session_;
  const WatchPlan& plan_;
  LiveScreen screen_;
  bool in_place_;
  std::string last_screen_;
  std::map<std::string, std::string> told_;
};

}  // namespace

void DeclareWatchFlags(CommandLine& command, WatchFlags& flags) {
  command.AddFlag("-w,--watch", flags.watch,
                  "Look again every --interval until interrupted (exit 130): in place on a "
                  "terminal, else a line for each verdict that changes");
  command.AddOption("--wait-for", flags.wait_for,
                    "Look again every --interval until all is good, at most so long; a server "
                    "that is away meanwhile is asked again, too",
                    "DURATION");
  command.AddOption("--interval", flags.interval,
                    "Time between looks of --watch and --wait-for (default 5s)", "DURATION");
}

Result<WatchPlan> ResolveWatch(const WatchFlags& flags, const OutputPlan& output,
                               bool from_snapshot) {
  WatchPlan plan;
  plan.watch = flags.watch;
  auto interval = ParseDuration(flags.interval);
  if (!interval || *interval < kShortestInterval) {
    return Fail(Error::InvalidInput("--interval wants a duration of at least 100ms, such as 5s"));
  }
  plan.interval = *interval;
  auto wait_for = ParseDuration(flags.wait_for.empty() ? "0" : flags.wait_for);
  if (!wait_for) return Fail(wait_for.error().Within("--wait-for"));
  plan.wait_for = *wait_for;
  if (from_snapshot && (plan.watch || plan.wait_for.count() > 0)) {
    return Fail(
        Error::InvalidInput(fmt::format("{} needs a live cluster; a snapshot does not change",
                                        plan.watch ? "--watch" : "--wait-for"),
                            "leave out --from, or the other"));
  }
  const bool for_people =
      output.format == report::Format::Table || output.format == report::Format::Wide;
  if (plan.watch && (!for_people || !output.files.empty())) {
    return Fail(Error::InvalidInput("--watch shows table or wide, and writes no --report",
                                    "for a report, leave out --watch or use --wait-for"));
  }
  return plan;
}

ExitStatus Watch(Session& session, const WatchPlan& plan,
                 const std::function<Result<Look>()>& look) {
  Viewer viewer(session, plan);
  const bool waits = plan.wait_for.count() > 0;
  const Instant end = session.loop.Now() + plan.wait_for;
  for (bool first = true;; first = false) {
    const auto seen = look();
    // Ctrl-C is how a watch ends: nothing to report.
    if (!seen && seen.error().kind == ErrorKind::Interrupted) return ExitStatus::Interrupted;
    const bool again = seen || (waits ? seen.error().MayPass() : !first);
    if (!again) return Report(session, seen.error());
    if (!(seen ? viewer.Show(*seen) : viewer.ShowTrouble(seen.error())))
      return ExitStatus::CouldNotDo;
    const Instant now = session.loop.Now();
    if (waits && seen && (seen->status == ExitStatus::Good || now >= end)) return seen->status;
    if (waits && now >= end) return Report(session, seen.error());
    const Instant next = now + plan.interval;
    if (!session.loop.RunUntil(waits ? std::min(next, end) : next, [] { return false; }))
      return ExitStatus::Interrupted;
  }
}

}  // namespace datafly::cli

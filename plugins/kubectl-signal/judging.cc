#include "plugins/kubectl-signal/judging.h"

#include "common/cli/many_document.h"
#include "common/cli/report_output.h"
#include "common/core/base/text.h"

namespace datafly::commands {
namespace {

/// One look after the other at what the flags name.
class Judge {
 public:
  Judge(cli::Session& session, const JudgingFlags& flags, const JudgingPlan& plan,
        const Profile& profile, const Judging& judging)
      : session_(session), flags_(flags), plan_(plan), profile_(profile), judging_(judging) {}

  Result<report::Document> Once() {
    if (!flags_.source.snapshot_file.empty()) {
      ASSIGN_OR_RETURN(const Facts facts, FactsOfSnapshot(session_, flags_.shared, flags_.source));
      return judging_.judge(facts);
    }
    const Instant deadline = session_.loop.Now() + plan_.output.deadline;
    if (!clusters_) {
      ASSIGN_OR_RETURN(clusters_, cli::Clusters::Open(session_, flags_.shared, plan_.choice));
    }
    ASSIGN_OR_RETURN(const auto installations,
                     clusters_->Find(session_, flags_.shared, plan_.choice, profile_, deadline));
    NoteClusters(installations);
    return plan_.choice.Many() ? Many(installations, deadline)
                               : One(installations.front(), deadline);
  }

  /// Once, in the end: on a screen that is drawn in place they would be drawn over.
  void ShowWarnings() {
    for (const cli::Cluster* cluster : seen_) commands::ShowWarnings(session_, *cluster);
  }

 private:
  void NoteClusters(const std::vector<cli::Installation>& installations) {
    for (const cli::Installation& one : installations) {
      const bool known = std::find(seen_.begin(), seen_.end(), one.cluster) != seen_.end();
      if (one.cluster != nullptr && !known) seen_.push_back(one.cluster);
    }
  }

  Result<report::Document> One(const cli::Installation& installation, Instant deadline) {
    ASSIGN_OR_RETURN(const Facts facts, FactsOfInstallation(session_, installation, flags_.source,
                                                            profile_, deadline));
    return judging_.judge(facts);
  }

  Result<report::Document> Many(const std::vector<cli::Installation>& installations,
                                Instant deadline) {
    std::vector<cli::JudgedInstallation> judged;
    for (std::size_t i = 0; i < installations.size(); ++i) {
      const Instant until = cli::Share(session_.loop.Now(), deadline, installations.size() - i);
      ASSIGN_OR_RETURN(auto one, OneOfMany(installations[i], until));
      judged.push_back(std::move(one));
    }
    return cli::ManyDocument(judging_.kind, judging_.title, std::move(judged));
  }

  /// Fails only when interrupted: what else goes wrong is that installation's own.
  Result<cli::JudgedInstallation> OneOfMany(const cli::Installation& at, Instant deadline) {
    cli::JudgedInstallation one{at.context, at.name_space, at.release, {}, {}, true};
    auto facts = at.trouble ? Result<Facts>(Fail(*at.trouble))
                            : FactsOfInstallation(session_, at, flags_.source, profile_, deadline);
    if (facts) {
      one.release = facts->scope.release;
      if (facts->release) one.version = facts->release->chart_version;
      one.report = judging_.judge(*facts);
      return one;
    }
    if (facts.error().kind == ErrorKind::Interrupted) return Fail(facts.error());
    one.looked_at = false;
    one.report = cli::TroubleReport(at.context, at.name_space, at.release, facts.error(),
                                    session_.clock.Now());
    return one;
  }

  cli::Session& session_;
  const JudgingFlags& flags_;
  const JudgingPlan& plan_;
  const Profile& profile_;
  const Judging& judging_;
  std::optional<cli::Clusters> clusters_;
  std::vector<const cli::Cluster*> seen_;
};

std::string InOneLine(const report::Document& document) {
  return fmt::format("{}: {}", document.verdict, document.verdict_detail);
}

cli::Look LookOf(const report::Document& document, const JudgingPlan& plan,
                 const report::RenderOptions& options) {
  cli::Look look;
  look.screen = report::Render(document, plan.output.format, options);
  look.status = static_cast<cli::ExitStatus>(document.exit_code);
  for (const report::Document& one : document.installations) {
    look.verdicts.emplace_back(cli::LabelOf(one), InOneLine(one));
  }
  if (!plan.choice.Many()) look.verdicts.emplace_back("", InOneLine(document));
  return look;
}

/// Only the last look is shown; before it, a line for each on stderr. One that fails for what may
/// pass is made again, as one that is not good.
Result<report::Document> LookUntilGood(Judge& judge, cli::Session& session,
                                       const cli::WatchPlan& plan) {
  const Instant end = session.loop.Now() + plan.wait_for;
  for (;;) {
    auto document = judge.Once();
    const Instant now = session.loop.Now();
    const bool again = document ? document->exit_code != 0 : document.error().MayPass();
    if (!again || now >= end) return document;
    const std::string seen =
        document ? InOneLine(*document)
                 : fmt::format("not known: {}", EscapeForTerminal(document.error().message));
    session.terminal.Err(fmt::format("{}; trying again for {} more", seen,
                                     FormatAge(std::chrono::duration_cast<Millis>(end - now))));
    TRY(session.loop.RunUntil(std::min(end, now + plan.interval), [] { return false; }));
  }
}

}  // namespace

void DeclareJudgingFlags(cli::CommandLine& line, JudgingFlags& flags) {
  line.AddOption("--from", flags.source.snapshot_file, "Judge a snapshot instead of a live cluster",
                 "FILE");
  cli::DeclareWatchFlags(line, flags.watch);
  cli::DeclareInstallationFlags(line, flags.installations);
  cli::DeclareOutputFlags(line, flags.shared);
  cli::DeclareConnectionFlags(line, flags.shared);
}

Result<JudgingPlan> ResolveJudging(const JudgingFlags& flags) {
  JudgingPlan plan;
  const bool from_snapshot = !flags.source.snapshot_file.empty();
  ASSIGN_OR_RETURN(plan.output, cli::ResolveOutput(flags.shared));
  ASSIGN_OR_RETURN(plan.choice, cli::ResolveInstallations(flags.shared, flags.installations));
  ASSIGN_OR_RETURN(plan.watch, cli::ResolveWatch(flags.watch, plan.output, from_snapshot));
  if (from_snapshot && plan.choice.Many()) {
    return Fail(
        Error::InvalidInput("--from is one installation: not with -A, -l or several "
                            "--context",
                            "judge each snapshot by itself"));
  }
  return plan;
}

cli::ExitStatus RunJudging(cli::Session& session, const JudgingFlags& flags,
                           const JudgingPlan& plan, const Profile& profile,
                           const Judging& judging) {
  Judge judge(session, flags, plan, profile, judging);
  if (plan.watch.watch) {
    const auto status = cli::Watch(session, plan.watch, [&]() -> Result<cli::Look> {
      ASSIGN_OR_RETURN(const auto document, judge.Once());
      return LookOf(document, plan, cli::ScreenOptions(session, flags.shared));
    });
    judge.ShowWarnings();
    return status;
  }
  const auto document = LookUntilGood(judge, session, plan.watch);
  if (!document) return cli::Report(session, document.error());
  judge.ShowWarnings();
  return cli::Show(session, flags.shared, plan.output, *document);
}

}  // namespace datafly::commands

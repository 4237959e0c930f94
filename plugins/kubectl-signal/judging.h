#pragma once

#include <functional>
#include <string>

#include "common/cli/installations.h"
#include "common/cli/watch.h"
#include "common/core/report/document.h"
#include "plugins/kubectl-signal/facts_source.h"

namespace datafly::commands {

/// The flags of a reading command that judges: where from, which installations, how often. Closed
/// over by the command.
struct JudgingFlags {
  cli::SharedFlags shared;
  FactsSource source;
  cli::InstallationFlags installations;
  cli::WatchFlags watch;
};
/// Declares all of them but those of FactsSource that name a target (--to, -f, --set). The command
/// must set Command::many and Command::shared.
void DeclareJudgingFlags(cli::CommandLine& line, JudgingFlags& flags);

/// The same, checked.
struct JudgingPlan {
  cli::OutputPlan output;
  cli::InstallationChoice choice;
  cli::WatchPlan watch;
};
/// An error is wrong usage.
Result<JudgingPlan> ResolveJudging(const JudgingFlags& flags);

/// What a judging command is: its report on the facts of one installation.
struct Judging {
  std::string kind;   ///< JSON kind of the report: "PreflightReport"
  std::string title;  ///< of a report on many: "Preflight"
  std::function<report::Document(const Facts&)> judge;
};

/// Gathers, judges and shows: one installation in full, or one row each of many (-A, -l, several
/// --context); once, until all is good, or again and again. The worst exit code of all.
cli::ExitStatus RunJudging(cli::Session& session, const JudgingFlags& flags,
                           const JudgingPlan& plan, const Profile& profile, const Judging& judging);

}  // namespace datafly::commands

#pragma once

#include <string>

#include "common/cli/rollout_screen.h"
#include "common/cli/session.h"
#include "common/operations/dialogue.h"

namespace datafly::commands {

/// A changing command's dialogue on the command line: what happens goes to stderr, the result to
/// stdout is the caller's.
class Console : public operations::Dialogue {
 public:
  /// `yes`: --yes was given; `deadline`: how long a question may wait; it may be moved on.
  Console(cli::Session& session, report::Format format, bool yes, const Instant& deadline);

  void Tell(const std::string& line) override;
  void ShowPlan(const report::Document& plan) override;
  Result<bool> Confirm(const std::string& question) override;
  Result<bool> Ask(const std::string& question) override;
  void ShowRollout(const rollout::Progress& progress, bool listed,
                   const operations::RolloutFollow::Silence& silence) override;
  void EndRollout() override;
  void SetScope(const Scope& scope) { screen_.SetScope(scope); }

 private:
  cli::Session& session_;
  cli::RolloutScreen screen_;
  bool yes_;
  const Instant& deadline_;
};

}  // namespace datafly::commands

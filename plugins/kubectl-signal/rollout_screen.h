#pragma once

#include <map>
#include <string>

#include "common/cli/session.h"
#include "common/core/report/document.h"
#include "common/core/rollout/tracker.h"

namespace datafly::commands {

/// What a user sees while a rollout is followed: a table drawn in place on a terminal, else a line
/// on stderr for each workload whose state or counts change. The final report is not its business.
class RolloutScreen {
 public:
  /// Machine formats on stdout get no table: only lines on stderr.
  RolloutScreen(cli::Session& session, report::Format format);

  /// `trouble`: why the cluster is not heard at the moment; empty when it is.
  void Show(const rollout::Progress& progress, const std::string& trouble);
  /// Takes the live table off the screen before the final report.
  void Clear();

 private:
  void ShowLines(const rollout::Progress& progress);

  cli::Session& session_;
  bool live_;
  std::map<std::string, std::string> said_;  ///< by workload: its last line
  std::string said_trouble_;
};

}  // namespace datafly::commands

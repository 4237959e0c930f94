#pragma once

#include <map>
#include <string>

#include "common/cli/live_screen.h"
#include "common/cli/session.h"
#include "common/core/facts/facts.h"
#include "common/core/report/document.h"
#include "common/core/rollout/tracker.h"
#include "common/gather/rollout_watch.h"

namespace datafly::cli {

/// What a user sees while a rollout is followed: a table drawn in place on a terminal, else a line
/// on stderr for each workload whose state or counts change. The final report is not its business.
class RolloutScreen {
 public:
  /// Machine formats on stdout get no table: only lines on stderr.
  RolloutScreen(Session& session, report::Format format);

  /// `scope` is told above the table.
  void SetScope(const Scope& scope) { scope_ = scope; }
  using Silence = std::optional<gather::RolloutWatch::Silence>;
  /// `listed`: everything has been read once; before, there is no progress to show. A `silence`
  /// that lasts is told, and told again when its reason changes or 10 s have passed; so is its end.
  void Show(const rollout::Progress& progress, bool listed, const Silence& silence);
  /// "nothing has been heard since 12:34:56Z: connection refused by …".
  [[nodiscard]] std::string DescribeSilence(const gather::RolloutWatch::Silence& silence) const;
  /// Takes the live table off the screen before the final report.
  void Clear();

 private:
  void ShowLines(const rollout::Progress& progress);
  void Draw(const rollout::Progress& progress, const std::string& silence);
  void ShowSilence(const Silence& silence);

  Session& session_;
  Scope scope_;
  LiveScreen screen_;
  bool live_;
  Instant drawn_at_{};
  std::string drawn_;
  std::map<std::string, std::string> said_;  ///< by workload: its last line
  std::string said_silence_;                 ///< empty: none was told, or its end
  Instant said_silence_at_{};
  Instant silent_since_{};
};

}  // namespace datafly::cli

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/core/profile/profile.h"
#include "common/core/report/rollout_document.h"
#include "common/core/rollout/tracker.h"
#include "common/gather/gather.h"
#include "common/gather/log_excerpts.h"
#include "common/gather/rollout_watch.h"

namespace datafly::operations {

/// Follows the workloads of a release until it is certain how their rollout ends: all complete,
/// one failed with a certain cause, nothing can be seen, or the deadline (Io::deadline). What was
/// seen before the cluster fell silent decides nothing.
class RolloutFollow {
 public:
  using Silence = std::optional<gather::RolloutWatch::Silence>;
  struct Options {
    Millis deadline{0};    ///< as the user gave it, for the words
    bool endless = false;  ///< goes on after the end, until the deadline or an interrupt
    /// Whether helm may still change what is followed: then complete workloads are those of before.
    /// Asked when all are complete; fails only when interrupted. Empty: it does not.
    std::function<Result<bool>()> still_applying;
    /// Whether to stop waiting although helm may still be at work (it died over it).
    std::function<bool(Time now)> give_up;
    /// Sees each change before it is judged (recording).
    gather::RolloutWatch::OnChange on_change;
    /// Shows how it stands; called whenever something may have changed, and each second.
    std::function<void(const rollout::Progress&, bool listed, const Silence&)> on_look;
    /// Ends it early, for another reason than the rollout's; empty: nothing does.
    std::function<bool()> ended;
    /// Takes known secrets out of what pods tell: their logs, and their last words in the causes.
    /// May be empty.
    gather::Mask mask;
  };

  struct End {
    rollout::Progress progress;
    report::RolloutOutcome outcome;  ///< `lock` and `silence` are the caller's to fill in
    report::Excerpts excerpts;       ///< the last lines of the containers that tell the cause
    Silence silence;
  };

  /// What an end proves.
  enum class Outcome {
    Complete,     ///< every workload is what it should be, and the cluster is heard
    Failed,       ///< a cause is certain
    Unheard,      ///< the cluster had fallen silent: what was whole may not be any more
    Blind,        ///< what decides it may not be read
    NotComplete,  ///< nothing certain stands against it yet
  };
  static Outcome OutcomeOf(const End& end);

  RolloutFollow(gather::Io& io, std::string name_space, const Profile& profile, Options options);

  /// `ids`: "Deployment/gateway". Errors: interrupted.
  Result<End> Run(const std::vector<std::string>& ids);

 private:
  [[nodiscard]] Time Now() const;
  [[nodiscard]] bool Follows(std::string_view kind) const;
  [[nodiscard]] bool IsBlind(const gather::RolloutWatch& watch) const;
  void NoteSilence(const gather::RolloutWatch& watch);
  [[nodiscard]] bool IsDeaf() const;
  [[nodiscard]] Time KnownAt() const;
  Result<void> LookWhetherApplied(const gather::RolloutWatch& watch,
                                  const rollout::Progress& progress);
  bool Ended(const gather::RolloutWatch& watch, const rollout::Progress& progress);
  [[nodiscard]] Instant NextLook(const rollout::Progress& progress) const;
  [[nodiscard]] rollout::Progress Shown(rollout::Progress progress) const;
  Result<End> Conclude(const gather::RolloutWatch& watch, rollout::Progress progress);

  gather::Io& io_;
  std::string name_space_;
  Options options_;
  rollout::Tracker tracker_;
  bool applying_;
  Silence silence_;
  Time known_at_;                 ///< when the cluster was heard last, while it is not
  Instant deaf_until_{};          ///< until then, what is known may be old
  Instant settled_at_{};          ///< a Complete counts from then on
  std::vector<std::string> ids_;  ///< of the followed workloads
};

/// Takes known secrets out of what pods tell in it.
void MaskWords(const gather::Mask& mask, rollout::Progress& progress);

}  // namespace datafly::operations

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/core/rollout/tracker.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// Keeps a Tracker true: lists what a rollout is made of (workloads, ReplicaSets, pods, events,
/// autoscalers of one namespace) and follows each kind by a watch. A watch that is lost for good
/// (410, a restarted API server, a network that was away) is replaced by a new list; what that list
/// no longer holds is taken away. A server that is away is waited for; when it has said nothing for
/// a while, it is asked for its version, so that its absence and its return are seen. Must outlive
/// the Waits during which it is advanced.
class RolloutWatch {
 public:
  using OnChange = std::function<void(const rollout::Change&)>;

  /// Starts the lists. `on_change` sees each change before the tracker does (recording); may be
  /// empty.
  RolloutWatch(Io& io, const std::string& name_space, rollout::Tracker& tracker,
               OnChange on_change = {});
  ~RolloutWatch();
  RolloutWatch(const RolloutWatch&) = delete;
  RolloutWatch& operator=(const RolloutWatch&) = delete;

  /// Does what the arrived answers call for; call it from the condition of Loop::RunUntil. True
  /// when the tracker was told something since the last call.
  bool Advance();

  /// Each kind has been listed once, or may not be.
  [[nodiscard]] bool Listed() const;
  /// A kind that the user may not list or watch, and why.
  struct Refusal {
    std::string kind;  ///< "Deployment", "Event", …
    Absence absence;
  };
  [[nodiscard]] std::vector<Refusal> Refused() const;
  /// The cluster is not heard at the moment, and is asked again and again.
  struct Silence {
    Instant since;    ///< when it was heard last
    std::string why;  ///< "connection refused by …"
  };
  /// What is known may be old then. Absent: it was heard a few seconds ago at most.
  [[nodiscard]] std::optional<Silence> FindSilence() const;

 private:
  void AskForLife();

  class Kind;
  template <class T>
  class KindOf;
  Io& io_;
  std::vector<std::unique_ptr<Kind>> kinds_;
  std::optional<Pending<std::string>> life_;  ///< the answer to AskForLife
  Instant asked_at_{};
};

}  // namespace datafly::gather

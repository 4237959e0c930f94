#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/core/rollout/autoscaling.h"
#include "common/core/rollout/pod_causes.h"

/// The state of one workload's rollout, judged from what is known at one time. Pure.
namespace datafly::rollout {

enum class RolloutState {
  Complete,          ///< the newest generation is out: all replicas updated and available, old gone
  Progressing,       ///< on its way, nothing stands against it
  WaitingForSchema,  ///< its pods end while the migrations still run; no failure of its own
  InDoubt,           ///< something stands against it that may pass by itself
  Failed,            ///< a cause is certain: it will not complete by waiting
};
std::string_view ToString(RolloutState state);  ///< "complete", "progressing", …

/// A cause and when it is certain.
struct Standing {
  Cause cause;
  std::optional<Time> certain_at;  ///< absent: not by itself, something else must happen first
  bool schema = false;             ///< may be for want of the schema
  [[nodiscard]] bool CertainAt(Time now) const { return certain_at && *certain_at <= now; }
};

/// Counts are replicas.
struct WorkloadProgress {
  std::string id;  ///< "Deployment/event-processor"
  RolloutState state = RolloutState::Progressing;
  std::int64_t desired = 0;
  std::int64_t updated = 0;    ///< of the newest generation
  std::int64_t ready = 0;      ///< of all generations: what serves now
  std::int64_t available = 0;  ///< of all generations
  std::int64_t old = 0;        ///< pods of an earlier generation that still exist
  std::string note;  ///< one line for the screen: what it waits for, or the first cause; then what
                     ///< its autoscaler does
  std::vector<Standing> causes;  ///< certain ones first
  /// When the judgement changes although nothing happens: a grace or a pod's end comes due.
  std::optional<Time> next;
};

/// Where the migrations of the release are.
struct SchemaProgress {
  bool migrating = false;           ///< no new pod has finished its migrate container yet
  std::optional<Time> ready_since;  ///< when the first new pod finished it
};

struct WorkloadView {
  const kinds::Workload& workload;
  Time now;
  std::vector<const kinds::Pod*> new_pods = {};  ///< of the newest generation
  std::vector<const kinds::Pod*> old_pods = {};
  /// Of the newest ReplicaSet, else of the workload: condition ReplicaFailure, or the newest event
  /// FailedCreate with its words as message; null = pods can be made.
  const kinds::Condition* replica_failure = nullptr;
  std::optional<Time> stale_since = {};  ///< the generation has not been observed since
  SchemaProgress schema = {};
  std::optional<Autoscaling> autoscaling = {};  ///< absent: no autoscaler, or none is known
  std::string_view migrate_container = {};
  Millis oom_window{0};
  /// When a cause that carries no time of its own was first seen; absent = now.
  std::function<Time(const Cause&)> first_seen = {};
  /// The events about an object; may answer null (not known).
  std::function<const EventList*(const std::string& uid)> events_of = {};
};

WorkloadProgress JudgeWorkload(const WorkloadView& view);

}  // namespace datafly::rollout

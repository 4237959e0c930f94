#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/core/kinds/replica_sets.h"
#include "common/core/rollout/progress.h"

namespace datafly::rollout {

/// An object that is gone.
struct Removed {
  std::string uid;
};
/// One thing that a list or a watch said.
using Change =
    std::variant<kinds::Workload, kinds::ReplicaSet, kinds::Pod, kinds::Event, kinds::Hpa, Removed>;

/// All workloads of a release at one time.
struct Progress {
  Time at;
  RolloutState state = RolloutState::Progressing;  ///< the worst; Complete only when all are
  std::vector<WorkloadProgress> workloads = {};    ///< in the order of their ids
  std::vector<std::string> missing = {};           ///< followed, and not in the cluster (yet)
  SchemaProgress schema = {};
  /// When the next grace ends: look again then, even when nothing changes. Absent: no grace runs.
  std::optional<Time> next = {};
};

struct TrackerOptions {
  std::string migrate_container;  ///< the profile's
  Millis oom_window{0};           ///< the profile's restart_window
};

/// Follows a release's workloads: turns what lists and watches say into states and causes. It does
/// no input or output and reads no clock (it is fed objects and asked for its view at a time), so
/// that a recorded stream replays in virtual time. Objects come in any order, as often as one
/// likes; of one object the newest wins. Not thread safe.
class Tracker {
 public:
  explicit Tracker(TrackerOptions options);

  /// ReplicaSets may not be read: from now on a Deployment's pods, and which of them are new, are
  /// told by names and labels (owners.h).
  void GuessReplicaSets();

  /// Only these are judged ("Deployment/gateway"); calling it again replaces the list.
  void Follow(const std::vector<std::string>& workload_ids);

  void Put(kinds::Workload workload);
  void Put(kinds::ReplicaSet replica_set);
  void Put(kinds::Pod pod);
  void Put(kinds::Event event);
  void Put(kinds::Hpa hpa);
  /// The object of that uid is gone, whatever it was; unknown ones are ignored.
  void Remove(std::string_view uid);
  void Apply(Change change);

  /// The view at `now`, valid until the next call of anything. Workloads that nothing happened to
  /// and whose graces still run are not judged again.
  const Progress& Look(Time now);

  /// Every pod of a workload, of all generations, by ownership.
  [[nodiscard]] std::vector<const kinds::Pod*> PodsOf(std::string_view workload_id) const;
  /// Evidence: the pod and the events about an object (any order), as last seen.
  [[nodiscard]] const kinds::Pod* FindPod(std::string_view name) const;
  [[nodiscard]] EventList EventsOf(std::string_view uid) const;

 private:
  struct Followed {
    std::optional<kinds::Workload> workload;
    std::optional<Time> stale_since;
    std::optional<Time> autoscaler_differs_since;
    bool dirty = true;
    WorkloadProgress progress;
    SchemaProgress schema;  ///< with which it was judged
    /// Causes without a time of their own (a pull error): first and last seen, by what they are.
    std::map<std::string, std::pair<Time, Time>> seen;
  };
  struct Autoscaler {
    kinds::Hpa hpa;
    std::int64_t wanted_first = 0;
  };
  struct EventLog {
    std::map<std::string, kinds::Event, std::less<>> by_uid;
    EventList list;  ///< into by_uid
  };

  Followed* FindByUid(std::string_view uid);
  void MarkOwner(const kinds::ObjectMeta& meta);
  void MarkUid(std::string_view uid);
  [[nodiscard]] const kinds::ReplicaSet* NewestReplicaSet(const kinds::Workload& workload) const;
  void NoteGuessedOwner(const kinds::Pod& pod);
  void CollectGuessed(const Followed& followed, WorkloadView& view) const;
  void CollectPods(const Followed& followed, const kinds::ReplicaSet* newest,
                   WorkloadView& view) const;
  [[nodiscard]] SchemaProgress LookAtSchema() const;
  void AddSchemaOf(const Followed& followed, SchemaProgress& schema) const;
  [[nodiscard]] std::optional<Autoscaling> LookAtAutoscaler(Followed& followed, Time now) const;
  void Judge(Followed& followed, Time now);
  static Time FirstSeen(Followed& followed, const Cause& cause, Time now);

  TrackerOptions options_;
  bool guesses_ = false;
  std::map<std::string, Followed, std::less<>> followed_;               ///< by id
  std::map<std::string, std::string, std::less<>> id_by_uid_;           ///< of workloads
  std::map<std::string, kinds::ReplicaSet, std::less<>> replica_sets_;  ///< by uid
  std::map<std::string, kinds::Pod, std::less<>> pods_;                 ///< by uid
  std::map<std::string, std::set<std::string>, std::less<>> owned_;     ///< owner's uid -> uids
  std::map<std::string, std::set<std::string>, std::less<>>
      guessed_;  ///< Deployment's id -> uids of pods, with guesses_
  std::map<std::string, EventLog, std::less<>> events_;         ///< by involved uid
  std::map<std::string, Autoscaler, std::less<>> autoscalers_;  ///< by what they scale
  Progress progress_;
};

}  // namespace datafly::rollout

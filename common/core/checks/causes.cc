#include "common/core/checks/causes.h"

#include <set>

#include "common/core/facts/pod_index.h"
#include "common/core/rollout/pod_causes.h"
#include "common/core/rollout/tracker.h"

namespace datafly::checks {

namespace {

using rollout::Cause;

/// The facts as a tracker sees them, at the time they were taken.
class Collector {
 public:
  explicit Collector(const Input& input)
      : input_(input),
        facts_(input.facts),
        pods_(input.facts),
        tracker_({input.profile.migrate_container, input.profile.restart_window}) {}

  std::vector<FoundCause> Collect() {
    Feed();
    const Time now = facts_.taken_at;
    const rollout::Progress& progress = tracker_.Look(now);
    for (const rollout::WorkloadProgress& workload : progress.workloads) {
      for (const rollout::Standing& standing : workload.causes)
        Add(standing.cause, standing.CertainAt(now));
    }
    for (const kinds::Workload* workload : workloads_) AddPods(*workload);
    return std::move(found_);
  }

 private:
  void Feed() {
    std::vector<std::string> ids;
    workloads_ = WorkloadsOfRelease(facts_, input_.profile.part_of_label);
    for (const kinds::Workload* workload : workloads_) ids.push_back(workload->Id());
    tracker_.Follow(ids);
    for (const kinds::Workload* workload : workloads_) tracker_.Put(*workload);
    if (!facts_.replica_sets) tracker_.GuessReplicaSets();
    if (facts_.replica_sets) {
      for (const kinds::ReplicaSet& set : *facts_.replica_sets) tracker_.Put(set);
    }
    if (facts_.events) {
      for (const kinds::Event& event : *facts_.events) tracker_.Put(event);
    }
    if (facts_.hpas) {
      for (const kinds::Hpa& hpa : *facts_.hpas) tracker_.Put(hpa);
    }
    if (facts_.pods) {
      for (const kinds::Pod& pod : *facts_.pods) {
        if (!IsSilent(pod)) tracker_.Put(pod);
      }
    }
  }

  /// A pod that is ready, was not killed for memory, is not told to end and has no migrate
  /// container tells the tracker nothing: thousands of them need not be copied.
  [[nodiscard]] bool IsSilent(const kinds::Pod& pod) const {
    if (pod.meta.deletion || pod.phase != "Running" || !IsReady(pod)) return false;
    return std::none_of(pod.containers.begin(), pod.containers.end(),
                        [&](const kinds::ContainerStatus& container) {
                          return container.last_state.reason == "OOMKilled" ||
                                 container.name == input_.profile.migrate_container;
                        });
  }

  /// Ownership is exact and fast; without the ReplicaSets between, the selector must do.
  [[nodiscard]] std::vector<const kinds::Pod*> PodsOf(const kinds::Workload& workload) const {
    if (facts_.replica_sets) return tracker_.PodsOf(workload.Id());
    return pods_.Of(workload);
  }

  /// What a rollout does not look at: pods of a complete workload, old pods, ready ones that were
  /// killed for memory a while ago.
  void AddPods(const kinds::Workload& workload) {
    for (const kinds::Pod* pod : PodsOf(workload)) AddPod(*pod, workload);
  }

  void AddPod(const kinds::Pod& pod, const kinds::Workload& workload) {
    const rollout::EventList events = tracker_.EventsOf(pod.meta.uid);
    auto cause = rollout::FindPodCause({.pod = pod,
                                        .now = facts_.taken_at,
                                        .migrate_container = input_.profile.migrate_container,
                                        .oom_window = input_.profile.restart_window,
                                        .events = &events,
                                        .spec = &workload.pod});
    if (!cause) return;
    cause->workload = workload.Id();
    const bool certain = cause->confirmed && IsGraceOver(*cause);
    Add(std::move(*cause), certain);
  }

  [[nodiscard]] bool IsGraceOver(const Cause& cause) const {
    return cause.since.value_or(facts_.taken_at) + cause.grace <= facts_.taken_at;
  }

  void Add(Cause cause, bool certain) {
    // A pod that is on its way up or down within its time is no cause of anything.
    const bool in_passing = cause.id == rollout::CauseClass::Starting ||
                            cause.id == rollout::CauseClass::StuckTerminating;
    if (in_passing && !IsGraceOver(cause)) return;
    if (!known_.insert(cause.object + "\n" + cause.container).second) return;
    found_.push_back({std::move(cause), certain});
  }

  const Input& input_;
  const Facts& facts_;
  PodIndex pods_;
  rollout::Tracker tracker_;
  std::vector<const kinds::Workload*> workloads_;
  std::set<std::string> known_;
  std::vector<FoundCause> found_;
};

}  // namespace

std::vector<FoundCause> FindCauses(const Input& input) { return Collector(input).Collect(); }

std::vector<FoundGroup> GroupFound(const std::vector<FoundCause>& causes) {
  std::vector<FoundGroup> out;
  for (const bool certain : {true, false}) {
    std::vector<Cause> part;
    for (const FoundCause& found : causes) {
      if (found.certain == certain) part.push_back(found.cause);
    }
    for (rollout::CauseGroup& group : rollout::GroupCauses(part))
      out.push_back({std::move(group), certain});
  }
  return out;
}

}  // namespace datafly::checks

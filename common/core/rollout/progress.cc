#include "common/core/rollout/progress.h"

#include "common/core/rollout/completion.h"
#include "common/core/rollout/refusal.h"

namespace datafly::rollout {

namespace {

using kinds::Pod;
using kinds::Workload;
using enum CauseClass;

/// What a service does that finds a database without its tables: it ends, or does not get ready.
bool MayWantSchema(CauseClass id) {
  return id == CrashLoop || id == EndsNormally || id == CrashBySignal || id == KilledNotForMemory ||
         id == InitFails || id == LivenessKilled || id == StartupKilled || id == ReadinessFails;
}

/// Causes that go away when an old pod is gone: it held the room, the port or the volume.
bool WaitsForRoom(CauseClass id) {
  return id == QuotaExceeded || id == InsufficientResources || id == SurgeDoesNotFit ||
         id == HostPorts || id == TooManyPods || id == VolumeInUse || id == PodAffinity;
}

/// When the last old pod that is on its way out will be gone, by its own grace period.
std::optional<Time> LastDeletion(const std::vector<const Pod*>& pods) {
  std::optional<Time> last;
  for (const Pod* pod : pods) {
    if (pod->meta.deletion)
      last = std::max(last.value_or(*pod->meta.deletion), *pod->meta.deletion);
  }
  return last;
}

Standing StandingOf(Cause cause, const WorkloadView& view) {
  Standing standing;
  standing.schema = MayWantSchema(cause.id) &&
                    (view.schema.migrating ||
                     (view.schema.ready_since && cause.since <= view.schema.ready_since));
  Time since = cause.since ? *cause.since : view.first_seen ? view.first_seen(cause) : view.now;
  if (WaitsForRoom(cause.id)) {
    since = std::max(since, LastDeletion(view.old_pods).value_or(since));
  }
  // One that started before the schema was there gets its whole grace from then on; one that ended
  // before must end again.
  if (standing.schema && view.schema.ready_since) since = std::max(since, *view.schema.ready_since);
  const bool must_show_again =
      standing.schema && (view.schema.migrating || cause.id != ReadinessFails);
  if (cause.confirmed && !must_show_again) standing.certain_at = since + cause.grace;
  if (standing.schema && !must_show_again) standing.schema = false;
  standing.cause = std::move(cause);
  return standing;
}

class WorkloadJudge {
 public:
  explicit WorkloadJudge(const WorkloadView& view) : view_(view), workload_(view.workload) {}

  WorkloadProgress Judge() {
    Count();
    if (IsStale(workload_)) {
      progress_.note = "its controller has not seen the newest change yet";
      AddStale();
    } else {
      progress_.note = WaitsFor(workload_);
      if (progress_.note.empty()) {
        progress_.state = RolloutState::Complete;
        progress_.note = LeavesBehind(workload_);
        AddAutoscalerNote();
        return std::move(progress_);
      }
      AddCauses();
    }
    Settle();
    AddAutoscalerNote();
    return std::move(progress_);
  }

 private:
  void Count() {
    progress_.id = workload_.Id();
    progress_.desired = workload_.DesiredReplicas();
    progress_.updated = workload_.updated_replicas;
    progress_.ready = workload_.ready_replicas;
    progress_.available = workload_.available_replicas;
    // Those that stay by the workload's own strategy are judged as new ones.
    const bool stay = workload_.strategy == "OnDelete" || workload_.partition > 0;
    progress_.old =
        stay ? workload_.status_replicas - workload_.updated_replicas : std::ssize(view_.old_pods);
  }

  void Add(Cause cause) {
    cause.workload = workload_.Id();
    const bool serves_in_full = workload_.available_replicas >= workload_.DesiredReplicas();
    if (view_.autoscaling && !serves_in_full)
      AddAutoscaling(*view_.autoscaling, workload_.DesiredReplicas(), cause);
    if (cause.object.empty()) cause.object = workload_.Id();
    progress_.causes.push_back(StandingOf(std::move(cause), view_));
  }

  void AddAutoscalerNote() {
    if (!view_.autoscaling) return;
    if (const auto shows_at = DifferenceShowsAt(*view_.autoscaling)) LookAgainAt(*shows_at);
    const std::string told =
        DescribeAutoscaling(*view_.autoscaling, workload_.DesiredReplicas(), view_.now);
    if (told.empty()) return;
    progress_.note += progress_.note.empty() ? told : "; " + told;
  }

  void AddStale() {
    Cause cause = MakeCause(GenerationStale, {}, {}, progress_.note, {});
    cause.since = view_.stale_since;
    Add(std::move(cause));
  }

  void AddCauses() {
    if (workload_.paused) {
      Add(MakeCause(Paused, {}, {}, "the rollout is paused; " + progress_.note, {}));
    }
    if (view_.replica_failure != nullptr) {
      Add(RefusalCause(view_.replica_failure->message, view_.replica_failure->last_transition));
    }
    for (const Pod* pod : view_.new_pods) AddPod(*pod);
    for (const Pod* pod : view_.old_pods) AddOldPod(*pod);
    if (const kinds::Condition* exceeded = FindDeadlineExceeded(workload_)) {
      Cause cause = MakeCause(ProgressDeadline, {}, {}, "gave up waiting: " + progress_.note,
                              exceeded->message);
      cause.since = exceeded->last_transition;
      Add(std::move(cause));
    }
  }

  [[nodiscard]] std::optional<Cause> CauseOf(const Pod& pod) const {
    return FindPodCause({.pod = pod,
                         .now = view_.now,
                         .migrate_container = view_.migrate_container,
                         .oom_window = view_.oom_window,
                         .events = view_.events_of ? view_.events_of(pod.meta.uid) : nullptr,
                         .spec = &workload_.pod});
  }

  /// An ended pod is replaced by its controller; what counts is its successor. A ready one is well,
  /// whatever it went through.
  void AddPod(const Pod& pod) {
    // IsReady calls a Succeeded pod ready; one of a Deployment has been put off its node.
    const bool well = pod.phase == "Running" && IsReady(pod);
    if (pod.meta.deletion || well) return;
    auto cause = CauseOf(pod);
    if (!cause) return;
    if (cause->id == InsufficientResources && OldServeInFull()) cause->id = SurgeDoesNotFit;
    Add(std::move(*cause));
  }

  /// The StatefulSet controller updates one pod after the other, and waits for each to be Ready
  /// before it goes on (kubernetes#67250): an old one that cannot become so is not replaced. A
  /// controller that does replace it gets the time for that.
  void AddOldPodInTheWay(const Pod& pod) {
    constexpr Millis kIsReplaced{30000};
    if (pod.phase == "Running" && IsReady(pod)) return;
    auto cause = CauseOf(pod);
    if (!cause) return;
    const Time seen = view_.first_seen ? view_.first_seen(*cause) : view_.now;
    cause->since = std::max(cause->since.value_or(seen), seen);
    cause->grace = std::max(cause->grace, kIsReplaced);
    cause->summary += "; its StatefulSet replaces no old pod that is not Ready: delete it";
    Add(std::move(*cause));
  }

  /// An old pod stands in the way only of a workload that waits for it to be gone.
  void AddOldPod(const Pod& pod) {
    if (workload_.kind == "StatefulSet" && !pod.meta.deletion) return AddOldPodInTheWay(pod);
    const bool waits = workload_.kind != "Deployment" || workload_.strategy == "Recreate" ||
                       workload_.updated_replicas >= workload_.DesiredReplicas();
    if (!waits || !pod.meta.deletion) return;
    if (auto cause = CauseOf(pod)) {
      Add(std::move(*cause));
    } else {
      LookAgainAt(*pod.meta.deletion + Millis(1));
    }
  }

  void LookAgainAt(Time time) {
    if (time > view_.now) progress_.next = std::min(progress_.next.value_or(time), time);
  }

  /// maxUnavailable comes to 0 and every old replica still serves: the controller will not make
  /// room by itself.
  [[nodiscard]] bool OldServeInFull() const {
    const std::int64_t desired = workload_.DesiredReplicas();
    return workload_.kind == "Deployment" && workload_.strategy == "RollingUpdate" &&
           workload_.max_unavailable.Resolve(desired, false) == 0 &&
           workload_.available_replicas >= desired;
  }

  void Settle() {
    const auto certain = [&](const Standing& s) { return s.CertainAt(view_.now); };
    std::stable_partition(progress_.causes.begin(), progress_.causes.end(), certain);
    progress_.state = RolloutState::Progressing;
    for (const Standing& standing : progress_.causes) {
      progress_.state = std::max(progress_.state, StateOf(standing));
      if (standing.certain_at) LookAgainAt(*standing.certain_at);
    }
    if (progress_.state != RolloutState::Progressing) {
      progress_.note = progress_.causes.front().cause.summary;
    }
  }

  [[nodiscard]] RolloutState StateOf(const Standing& standing) const {
    if (standing.CertainAt(view_.now)) return RolloutState::Failed;
    if (standing.schema) return RolloutState::WaitingForSchema;
    // A pod that starts, or a controller that has just been told, is how every rollout begins.
    const CauseClass id = standing.cause.id;
    if (id == Starting || id == GenerationStale || id == ReadinessFails || id == StuckTerminating)
      return RolloutState::Progressing;
    return RolloutState::InDoubt;
  }

  const WorkloadView& view_;
  const Workload& workload_;
  WorkloadProgress progress_;
};

}  // namespace

std::string_view ToString(RolloutState state) {
  switch (state) {
    case RolloutState::Complete:
      return "complete";
    case RolloutState::Progressing:
      return "progressing";
    case RolloutState::WaitingForSchema:
      return "waiting-for-schema";
    case RolloutState::InDoubt:
      return "in-doubt";
    case RolloutState::Failed:
      return "failed";
  }
  return "failed";
}

WorkloadProgress JudgeWorkload(const WorkloadView& view) { return WorkloadJudge(view).Judge(); }

}  // namespace datafly::rollout

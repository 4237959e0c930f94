#include "common/core/rollout/tracker.h"

#include <charconv>

#include "common/core/rollout/completion.h"
#include "common/core/rollout/owners.h"
#include "common/core/rollout/refusal.h"

namespace datafly::rollout {

namespace {

using kinds::ContainerStatus;
using kinds::Pod;
using kinds::ReplicaSet;
using kinds::Workload;

/// A pull that is tried again shows no error for a while; the same error is still the same.
constexpr Millis kForgetAfter{2 * 60 * 1000};

std::string_view OwnerUid(const kinds::ObjectMeta& meta) {
  return meta.controller ? std::string_view(meta.controller->uid) : std::string_view();
}

/// deployment.kubernetes.io/revision, which counts up; 0 when there is none.
std::int64_t RevisionOf(const ReplicaSet& replica_set) {
  const auto found = replica_set.meta.annotations.find("deployment.kubernetes.io/revision");
  std::int64_t revision = 0;
  if (found == replica_set.meta.annotations.end()) return revision;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), revision);
  return revision;
}

bool HasMigrateContainer(const Workload& workload, std::string_view name) {
  const auto& inits = workload.pod.init_containers;
  return std::any_of(inits.begin(), inits.end(),
                     [&](const kinds::ContainerSpec& c) { return c.name == name; });
}

/// When the pod's migrate container succeeded, if it did.
std::optional<Time> MigratedAt(const Pod& pod, std::string_view name) {
  for (const ContainerStatus& container : pod.containers) {
    const kinds::ContainerState& state = container.state;
    if (container.init && container.name == name &&
        state.kind == kinds::ContainerState::Kind::Terminated && state.exit_code == 0) {
      return state.finished_at;
    }
  }
  return std::nullopt;
}

}  // namespace

Tracker::Tracker(TrackerOptions options) : options_(std::move(options)) {}

void Tracker::GuessReplicaSets() {
  if (std::exchange(guesses_, true)) return;
  for (const auto& [uid, pod] : pods_) NoteGuessedOwner(pod);
  for (auto& [id, followed] : followed_) followed.dirty = true;
}

void Tracker::NoteGuessedOwner(const Pod& pod) {
  if (std::string id = GuessDeployment(pod.meta); !id.empty())
    guessed_[std::move(id)].insert(pod.meta.uid);
}

void Tracker::Follow(const std::vector<std::string>& workload_ids) {
  std::map<std::string, Followed, std::less<>> next;
  for (const std::string& id : workload_ids) {
    const auto known = followed_.find(id);
    next.emplace(id, known == followed_.end() ? Followed{} : std::move(known->second));
  }
  followed_ = std::move(next);
}

Tracker::Followed* Tracker::FindByUid(std::string_view uid) {
  const auto id = id_by_uid_.find(uid);
  if (id == id_by_uid_.end()) return nullptr;
  const auto found = followed_.find(id->second);
  return found == followed_.end() ? nullptr : &found->second;
}

void Tracker::MarkUid(std::string_view uid) {
  if (Followed* followed = FindByUid(uid)) {
    followed->dirty = true;
  } else if (const auto set = replica_sets_.find(uid); set != replica_sets_.end()) {
    MarkOwner(set->second.meta);
  } else if (const auto pod = pods_.find(uid); pod != pods_.end()) {
    MarkOwner(pod->second.meta);
  }
}

void Tracker::MarkOwner(const kinds::ObjectMeta& meta) {
  const std::string_view owner = OwnerUid(meta);
  if (!owner.empty() && owner != meta.uid) MarkUid(owner);
  if (!guesses_) return;
  if (const auto guessed = followed_.find(GuessDeployment(meta)); guessed != followed_.end())
    guessed->second.dirty = true;
}

void Tracker::Put(Workload workload) {
  const auto found = followed_.find(workload.Id());
  if (found == followed_.end()) return;
  Followed& followed = found->second;
  id_by_uid_[workload.meta.uid] = found->first;
  followed.dirty = true;
  if (!IsStale(workload)) followed.stale_since.reset();
  followed.workload = std::move(workload);
}

void Tracker::Put(ReplicaSet replica_set) {
  const std::string uid = replica_set.meta.uid;
  owned_[std::string(OwnerUid(replica_set.meta))].insert(uid);
  const auto at = replica_sets_.insert_or_assign(uid, std::move(replica_set)).first;
  MarkOwner(at->second.meta);
}

void Tracker::Put(Pod pod) {
  const std::string uid = pod.meta.uid;
  owned_[std::string(OwnerUid(pod.meta))].insert(uid);
  const auto at = pods_.insert_or_assign(uid, std::move(pod)).first;
  if (guesses_) NoteGuessedOwner(at->second);
  MarkOwner(at->second.meta);
}

void Tracker::Put(kinds::Event event) {
  const std::string about = event.involved.uid;
  const std::string uid = event.meta.uid;
  EventLog& log = events_[about];
  const auto [at, is_new] = log.by_uid.insert_or_assign(uid, std::move(event));
  if (is_new) log.list.push_back(&at->second);
  MarkUid(about);
}

void Tracker::Put(kinds::Hpa hpa) {
  std::string target = hpa.target_kind + "/" + hpa.target_name;
  if (const auto found = followed_.find(target); found != followed_.end())
    found->second.dirty = true;
  const auto [at, is_new] = autoscalers_.try_emplace(std::move(target));
  Autoscaler& autoscaler = at->second;
  // One that has computed nothing yet begins with what it computes first.
  if (is_new || autoscaler.hpa.meta.uid != hpa.meta.uid || autoscaler.wanted_first == 0)
    autoscaler.wanted_first = hpa.desired_replicas;
  autoscaler.hpa = std::move(hpa);
}

void Tracker::Remove(std::string_view gone) {
  const std::string uid(gone);
  MarkUid(uid);
  if (const auto id = id_by_uid_.find(uid); id != id_by_uid_.end()) {
    if (const auto found = followed_.find(id->second); found != followed_.end())
      found->second = Followed{};
    id_by_uid_.erase(id);
  }
  const auto forget = [&](auto& objects) {
    const auto found = objects.find(uid);
    if (found == objects.end()) return;
    owned_[std::string(OwnerUid(found->second.meta))].erase(uid);
    if (const auto guessed = guessed_.find(GuessDeployment(found->second.meta));
        guessed != guessed_.end())
      guessed->second.erase(uid);
    objects.erase(found);
  };
  forget(replica_sets_);
  forget(pods_);
  std::erase_if(autoscalers_, [&](const auto& entry) {
    if (entry.second.hpa.meta.uid != uid) return false;
    if (const auto found = followed_.find(entry.first); found != followed_.end())
      found->second.dirty = true;
    return true;
  });
  events_.erase(uid);
}

void Tracker::Apply(Change change) {
  if (auto* removed = std::get_if<Removed>(&change)) return Remove(removed->uid);
  std::visit(
      [this](auto&& object) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(object)>, Removed>)
          Put(std::forward<decltype(object)>(object));
      },
      std::move(change));
}

const ReplicaSet* Tracker::NewestReplicaSet(const Workload& workload) const {
  const auto owned = owned_.find(workload.meta.uid);
  if (workload.kind != "Deployment" || owned == owned_.end()) return nullptr;
  const ReplicaSet* newest = nullptr;
  for (const std::string& uid : owned->second) {
    const auto found = replica_sets_.find(uid);
    if (found == replica_sets_.end()) continue;
    if (newest == nullptr || RevisionOf(found->second) > RevisionOf(*newest))
      newest = &found->second;
  }
  return newest;
}

void Tracker::CollectGuessed(const Followed& followed, WorkloadView& view) const {
  const auto guessed = guessed_.find(followed.workload->Id());
  if (guessed == guessed_.end()) return;
  std::vector<const Pod*> pods;
  for (const std::string& uid : guessed->second) {
    if (const auto pod = pods_.find(uid); pod != pods_.end()) pods.push_back(&pod->second);
  }
  const std::string newest = GuessNewestHash(view.workload, pods);
  for (const Pod* pod : pods) {
    const std::string* hash = LabelOf(pod->meta, "pod-template-hash");
    (hash != nullptr && *hash == newest ? view.new_pods : view.old_pods).push_back(pod);
  }
}

void Tracker::CollectPods(const Followed& followed, const ReplicaSet* newest,
                          WorkloadView& view) const {
  const auto collect = [&](const std::string& owner, bool (*is_new)(const Pod&, const Workload&),
                           bool of_newest) {
    const auto owned = owned_.find(owner);
    if (owned == owned_.end()) return;
    for (const std::string& uid : owned->second) {
      const auto pod = pods_.find(uid);
      if (pod == pods_.end()) continue;
      const bool fresh = of_newest && (is_new == nullptr || is_new(pod->second, view.workload));
      (fresh ? view.new_pods : view.old_pods).push_back(&pod->second);
    }
  };
  const std::string& uid = followed.workload->meta.uid;
  if (followed.workload->kind != "Deployment") return collect(uid, IsOfNewestRevision, true);
  if (guesses_) return CollectGuessed(followed, view);
  const auto owned = owned_.find(uid);
  if (owned == owned_.end()) return;
  for (const std::string& set : owned->second) {
    collect(set, nullptr, newest != nullptr && set == newest->meta.uid);
  }
}

void Tracker::AddSchemaOf(const Followed& followed, SchemaProgress& schema) const {
  if (!followed.workload || !HasMigrateContainer(*followed.workload, options_.migrate_container))
    return;
  const Workload& workload = *followed.workload;
  if (workload.DesiredReplicas() == 0) return;
  std::optional<Time> ready;
  if (!IsStale(workload)) {
    WorkloadView view{.workload = workload, .now = {}};
    CollectPods(followed, NewestReplicaSet(workload), view);
    for (const Pod* pod : view.new_pods) {
      const auto at = MigratedAt(*pod, options_.migrate_container);
      if (at) ready = std::min(ready.value_or(*at), *at);
    }
  }
  if (!ready) schema.migrating = true;
  if (ready) schema.ready_since = std::max(schema.ready_since.value_or(*ready), *ready);
}

SchemaProgress Tracker::LookAtSchema() const {
  SchemaProgress schema;
  if (options_.migrate_container.empty()) return schema;
  for (const auto& [id, followed] : followed_) AddSchemaOf(followed, schema);
  return schema;
}

Time Tracker::FirstSeen(Followed& followed, const Cause& cause, Time now) {
  std::erase_if(followed.seen,
                [&](const auto& entry) { return now - entry.second.second > kForgetAfter; });
  const std::string key =
      fmt::format("{}\n{}\n{}", cause.object, cause.container, SpecOf(cause.id).name);
  auto& [first, last] = followed.seen.try_emplace(key, now, now).first->second;
  last = now;
  return first;
}

namespace {

/// The newest event FailedCreate about an object, as a condition: what a StatefulSet or DaemonSet,
/// which have no condition ReplicaFailure, tell of refused pods.
std::optional<kinds::Condition> FailedCreate(const EventList& events) {
  const kinds::Event* newest = nullptr;
  for (const kinds::Event* event : events) {
    if (newest == nullptr || event->last_seen >= newest->last_seen) newest = event;
  }
  if (newest == nullptr || newest->reason != "FailedCreate") return std::nullopt;
  return kinds::Condition{"ReplicaFailure", "True", newest->reason, newest->message,
                          newest->first_seen};
}

/// A ReplicaSet's condition keeps the words of the first refusal until pods can be made
/// (calculateStatus of the ReplicaSet controller): that another reason refuses them by now, only
/// the events tell. It counts from its own first event.
std::optional<kinds::Condition> OtherRefusal(const kinds::Condition& told,
                                             const EventList& events) {
  auto other = FailedCreate(events);
  if (!other) return std::nullopt;
  const CauseClass id = ClassifyRefusal(other->message).id;
  const bool is_newer = other->last_transition && told.last_transition &&
                        *other->last_transition >= *told.last_transition;
  if (!is_newer || id == ClassifyRefusal(told.message).id) return std::nullopt;
  for (const kinds::Event* event : events) {
    const bool same = event->reason == "FailedCreate" && event->first_seen &&
                      *event->first_seen >= *told.last_transition &&
                      ClassifyRefusal(event->message).id == id;
    if (same) other->last_transition = std::min(*other->last_transition, *event->first_seen);
  }
  return other;
}

}  // namespace

std::optional<Autoscaling> Tracker::LookAtAutoscaler(Followed& followed, Time now) const {
  const Workload& workload = *followed.workload;
  const auto found = autoscalers_.find(workload.Id());
  if (found == autoscalers_.end()) return std::nullopt;
  const kinds::Hpa& hpa = found->second.hpa;
  const bool differs =
      hpa.desired_replicas != 0 && hpa.desired_replicas != workload.DesiredReplicas();
  auto& since = followed.autoscaler_differs_since;
  since = differs ? since.value_or(now) : std::optional<Time>();
  return Autoscaling{hpa.min_replicas, hpa.desired_replicas, found->second.wanted_first, since};
}

void Tracker::Judge(Followed& followed, Time now) {
  const Workload& workload = *followed.workload;
  if (IsStale(workload) && !followed.stale_since) followed.stale_since = now;
  const ReplicaSet* newest = NewestReplicaSet(workload);
  WorkloadView view{.workload = workload,
                    .now = now,
                    .stale_since = followed.stale_since,
                    .schema = followed.schema,
                    .autoscaling = LookAtAutoscaler(followed, now),
                    .migrate_container = options_.migrate_container,
                    .oom_window = options_.oom_window};
  CollectPods(followed, newest, view);
  std::optional<kinds::Condition> failed_create;
  if (workload.kind == "Deployment") {
    view.replica_failure =
        FindReplicaFailure(newest != nullptr ? newest->conditions : workload.conditions);
    if (view.replica_failure != nullptr && newest != nullptr)
      failed_create = OtherRefusal(*view.replica_failure, EventsOf(newest->meta.uid));
  } else {
    failed_create = FailedCreate(EventsOf(workload.meta.uid));
  }
  if (failed_create) view.replica_failure = &*failed_create;
  view.first_seen = [&](const Cause& cause) { return FirstSeen(followed, cause, now); };
  view.events_of = [this](const std::string& uid) -> const EventList* {
    const auto found = events_.find(uid);
    return found == events_.end() ? nullptr : &found->second.list;
  };
  followed.progress = JudgeWorkload(view);
  followed.dirty = false;
}

const Progress& Tracker::Look(Time now) {
  progress_ = {.at = now, .state = RolloutState::Complete};
  progress_.schema = LookAtSchema();
  for (auto& [id, followed] : followed_) {
    if (!followed.workload) {
      progress_.missing.push_back(id);
      progress_.state = std::max(progress_.state, RolloutState::Progressing);
      continue;
    }
    const bool schema_moved = followed.schema.migrating != progress_.schema.migrating ||
                              followed.schema.ready_since != progress_.schema.ready_since;
    followed.schema = progress_.schema;
    const std::optional<Time>& next = followed.progress.next;
    const bool due = next && *next <= now;
    if (followed.dirty || due || schema_moved) Judge(followed, now);
    if (next) progress_.next = std::min(progress_.next.value_or(*next), *next);
    progress_.state = std::max(progress_.state, followed.progress.state);
    progress_.workloads.push_back(followed.progress);
  }
  return progress_;
}

std::vector<const Pod*> Tracker::PodsOf(std::string_view workload_id) const {
  const auto found = followed_.find(workload_id);
  if (found == followed_.end() || !found->second.workload) return {};
  const Workload& workload = *found->second.workload;
  WorkloadView view{.workload = workload, .now = {}};
  CollectPods(found->second, NewestReplicaSet(workload), view);
  std::vector<const Pod*> pods = std::move(view.new_pods);
  pods.insert(pods.end(), view.old_pods.begin(), view.old_pods.end());
  return pods;
}

const Pod* Tracker::FindPod(std::string_view name) const {
  for (const auto& [uid, pod] : pods_) {
    if (pod.meta.name == name) return &pod;
  }
  return nullptr;
}

EventList Tracker::EventsOf(std::string_view uid) const {
  const auto found = events_.find(uid);
  return found == events_.end() ? EventList{} : found->second.list;
}

}  // namespace datafly::rollout

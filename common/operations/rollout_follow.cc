#include "common/operations/rollout_follow.h"

#include <set>

#include "common/gather/log_excerpts.h"

namespace datafly::operations {
namespace {

/// What helm changed last may reach the watches a moment after it has ended.
constexpr Millis kSettling{1000};

/// The logs that tell about the certain causes; one pod speaks for its workload.
std::vector<gather::LogRequest> LogsFor(const rollout::Progress& progress,
                                        const rollout::Tracker& tracker) {
  std::vector<gather::LogRequest> requests;
  std::set<std::pair<std::string, std::string>> told;
  for (const rollout::WorkloadProgress& workload : progress.workloads) {
    for (const rollout::Standing& standing : workload.causes) {
      const rollout::Cause& cause = standing.cause;
      if (!standing.CertainAt(progress.at) || requests.size() == gather::kMostLogs) continue;
      const kinds::Pod* pod = tracker.FindPod(cause.object.substr(cause.object.find('/') + 1));
      auto request = pod == nullptr ? std::nullopt : gather::LogThatTells(cause, *pod);
      if (request && told.emplace(cause.workload, cause.container).second)
        requests.push_back(std::move(*request));
    }
  }
  return requests;
}

bool IsRefused(const gather::RolloutWatch& watch, std::string_view kind) {
  const auto refused = watch.Refused();
  return std::any_of(refused.begin(), refused.end(),
                     [&](const auto& refusal) { return refusal.kind == kind; });
}

}  // namespace

RolloutFollow::Outcome RolloutFollow::OutcomeOf(const End& end) {
  const rollout::RolloutState state = end.progress.state;
  if (state == rollout::RolloutState::Failed) return Outcome::Failed;
  if (end.silence) return Outcome::Unheard;
  if (!end.outcome.blind.empty()) return Outcome::Blind;
  return state == rollout::RolloutState::Complete ? Outcome::Complete : Outcome::NotComplete;
}

RolloutFollow::RolloutFollow(gather::Io& io, std::string name_space, const Profile& profile,
                             Options options)
    : io_(io),
      name_space_(std::move(name_space)),
      options_(std::move(options)),
      tracker_({profile.migrate_container, profile.restart_window}),
      applying_(static_cast<bool>(options_.still_applying)) {}

Result<RolloutFollow::End> RolloutFollow::Run(const std::vector<std::string>& ids) {
  ids_ = ids;
  tracker_.Follow(ids);
  gather::RolloutWatch watch(io_, name_space_, tracker_, options_.on_change);
  for (;;) {
    if (IsRefused(watch, "ReplicaSet")) tracker_.GuessReplicaSets();
    NoteSilence(watch);
    const rollout::Progress& progress = tracker_.Look(KnownAt());
    if (Ended(watch, progress)) return Conclude(watch, progress);
    TRY(LookWhetherApplied(watch, progress));
    if (options_.on_look) options_.on_look(Shown(progress), watch.Listed(), silence_);
    TRY(io_.loop.RunUntil(NextLook(progress),
                          [&] { return watch.Advance() || (options_.ended && options_.ended()); }));
  }
}

Time RolloutFollow::Now() const { return io_.kube.ServerTime().value_or(io_.system.clock.Now()); }

/// Whether some followed workload is of this kind.
bool RolloutFollow::Follows(std::string_view kind) const {
  return std::any_of(ids_.begin(), ids_.end(), [&](const std::string& id) {
    return id.starts_with(std::string(kind) + "/");
  });
}

bool RolloutFollow::IsBlind(const gather::RolloutWatch& watch) const {
  const auto refused = watch.Refused();
  return std::any_of(refused.begin(), refused.end(),
                     [&](const auto& refusal) { return Follows(refusal.kind); });
}

Result<void> RolloutFollow::LookWhetherApplied(const gather::RolloutWatch& watch,
                                               const rollout::Progress& progress) {
  const bool complete = watch.Listed() && progress.state == rollout::RolloutState::Complete;
  if (!applying_ || !complete) return {};
  ASSIGN_OR_RETURN(applying_, options_.still_applying());
  if (!applying_) settled_at_ = io_.loop.Now() + kSettling;
  return {};
}

/// What was seen before a silence may be long past: until it ends, and for a moment afterwards
/// while the watches still bring what has happened, no grace runs out and nothing is concluded.
void RolloutFollow::NoteSilence(const gather::RolloutWatch& watch) {
  silence_ = watch.FindSilence();
  if (!silence_) return;
  const Instant now = io_.loop.Now();
  if (now >= deaf_until_)
    known_at_ = Now() - std::chrono::duration_cast<Millis>(now - silence_->since);
  deaf_until_ = now + std::chrono::seconds(3);
}

bool RolloutFollow::IsDeaf() const { return io_.loop.Now() < deaf_until_; }

/// The time by which the tracker is asked.
Time RolloutFollow::KnownAt() const { return IsDeaf() ? known_at_ : Now(); }

bool RolloutFollow::Ended(const gather::RolloutWatch& watch, const rollout::Progress& progress) {
  const Instant now = io_.loop.Now();
  if (now >= io_.deadline) return true;
  if (options_.ended && options_.ended()) return true;
  if (!watch.Listed() || IsDeaf()) return false;
  if (IsBlind(watch)) return true;
  if (options_.endless) return false;
  if (progress.state == rollout::RolloutState::Failed) return true;
  if (progress.state != rollout::RolloutState::Complete) return false;
  if (applying_) return options_.give_up && options_.give_up(progress.at);
  return now >= settled_at_;
}

/// When to look again although nothing comes: a grace ends, a list is tried again, or the screen's
/// ages move.
Instant RolloutFollow::NextLook(const rollout::Progress& progress) const {
  Millis pause{1000};
  if (progress.next) pause = std::clamp(*progress.next - progress.at, Millis(1), pause);
  return std::min(io_.deadline, io_.loop.Now() + pause);
}

/// Without what the release holds as secret.
rollout::Progress RolloutFollow::Shown(rollout::Progress progress) const {
  if (!options_.mask) return progress;
  MaskWords(options_.mask, progress);
  return progress;
}

/// `progress` by value: the watches go on telling the tracker while logs are read.
Result<RolloutFollow::End> RolloutFollow::Conclude(const gather::RolloutWatch& watch,
                                                   rollout::Progress progress) {
  End end;
  end.outcome.deadline = options_.deadline;
  end.outcome.deadline_passed = io_.loop.Now() >= io_.deadline;
  for (auto& refusal : watch.Refused()) {
    if (refusal.kind == "ReplicaSet") {
      refusal.absence.reason +=
          "; which pods are a Deployment's is told by their names, and what refuses pods by the "
          "Deployment's own condition alone";
    }
    (Follows(refusal.kind) ? end.outcome.blind : end.outcome.partly)
        .push_back(std::move(refusal.absence));
  }
  end.silence = silence_;
  // The logs are evidence for a verdict that stands: a slow node must not hold it up.
  gather::Io io{io_.loop, io_.http, io_.kube, io_.system, io_.loop.Now() + std::chrono::seconds(3)};
  ASSIGN_OR_RETURN(end.excerpts, gather::ReadLogExcerpts(
                                     io, name_space_, LogsFor(progress, tracker_), options_.mask));
  end.progress = Shown(std::move(progress));
  return end;
}

void MaskWords(const gather::Mask& mask, rollout::Progress& progress) {
  for (rollout::WorkloadProgress& workload : progress.workloads) {
    workload.note = mask(workload.note);
    for (rollout::Standing& standing : workload.causes) {
      standing.cause.summary = mask(standing.cause.summary);
      standing.cause.detail = mask(standing.cause.detail);
    }
  }
}

}  // namespace datafly::operations

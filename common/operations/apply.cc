#include "common/operations/apply.h"

#include "common/core/base/text.h"
#include "common/io/system/process_identity.h"
#include "common/operations/actor.h"

namespace datafly::operations {
namespace {

using journal::Operation;
using journal::Phase;

/// How long a helm that was told to end may take to write down that it has failed.
constexpr std::chrono::seconds kHelmEnds{15};
constexpr std::chrono::seconds kEvidence{5};
/// For helm's own part: rendering, and sending each object.
constexpr std::chrono::minutes kApplying{5};
constexpr std::chrono::minutes kRest{2};

std::string FirstCause(const rollout::Progress& progress) {
  for (const rollout::WorkloadProgress& workload : progress.workloads) {
    for (const rollout::Standing& standing : workload.causes) {
      if (standing.CertainAt(progress.at))
        return fmt::format("{}: {}", workload.id, standing.cause.summary);
    }
  }
  return {};
}

/// Helm's own lock, taken by somebody else in the moment before (helm pkg/action: errPending; the
/// storage driver's ErrReleaseExists).
bool IsRefusal(std::string_view words) {
  return words.find("another operation (install/upgrade/rollback) is in progress") !=
             std::string_view::npos ||
         words.find("release: already exists") != std::string_view::npos;
}

rollout::Progress WithoutWords(rollout::Progress progress) {
  for (rollout::WorkloadProgress& workload : progress.workloads)
    for (rollout::Standing& standing : workload.causes) standing.cause.detail.clear();
  return progress;
}

void MaskEvidence(const gather::Mask& mask, RolloutFollow::End& end) {
  MaskWords(mask, end.progress);
  for (auto& [container, lines] : end.excerpts)
    for (std::string& line : lines) line = mask(line);
}

class Applying {
 public:
  Applying(gather::Io& io, JournalWriter& journal, Dialogue& dialogue, const Profile& profile,
           ApplyStep step)
      : io_(io),
        journal_(journal),
        dialogue_(dialogue),
        profile_(profile),
        step_(std::move(step)) {}

  Result<Applied> Run() {
    TRY(journal_.Write("applying",
                       [](Operation& operation) { operation.phase = Phase::Applying; }));
    dialogue_.Tell(step_.what + " …");
    // What has begun must not be cut short by a question that was answered late.
    io_.deadline = std::max(
        io_.deadline, io_.loop.Now() + HelmsTime() + step_.rollout_deadline + step_.soak + kRest);
    TRY(StartHelm());
    ASSIGN_OR_RETURN(RolloutFollow::End end, WatchHelm());
    TRY(EndHelm());
    TRY(CheckLease());
    TRY(LearnMask());
    MaskEvidence(step_.mask, end);
    if (HelmEnded() && !HelmFailed()) {
      TRY(journal_.Write("following",
                         [](Operation& operation) { operation.phase = Phase::Following; }));
      // Listed anew: all that helm has changed is in it, and nothing is taken for what was before.
      gather::Io io = Until(step_.rollout_deadline);
      ASSIGN_OR_RETURN(end, Follow(io, {}));
      const bool complete = RolloutFollow::OutcomeOf(end) == RolloutFollow::Outcome::Complete;
      if (complete && step_.soak > Millis(0)) {
        ASSIGN_OR_RETURN(end, Soak());
      }
    }
    TRY(CheckLease());
    dialogue_.EndRollout();
    Applied applied = Judge(std::move(end));
    if (applied.end == Applied::End::HelmFailed || !HelmEnded()) {
      ASSIGN_OR_RETURN(applied.hooks, HookEvidence());
    }
    return applied;
  }

 private:
  [[nodiscard]] Millis HelmsTime() const {
    return step_.helm_timeout * static_cast<std::int64_t>(step_.hooks.size() + 1) + kApplying;
  }
  [[nodiscard]] gather::Io Until(Millis time) const {
    return {io_.loop, io_.http, io_.kube, io_.system,
            std::min(io_.deadline, io_.loop.Now() + time)};
  }
  /// A lost lease stops: somebody else may be at work by now.
  Result<void> CheckLease() {
    if (!journal_.LeaseIsLost()) return {};
    dialogue_.EndRollout();
    return journal_.CheckLease();
  }

  Result<void> StartHelm() {
    std::int64_t pid = 0;
    step_.helm.on_started = [&pid](std::int64_t started) { pid = started; };
    step_.helm.timeout = HelmsTime() + kRest;
    // A process that slept since the last write must not begin what another run may have done.
    TRY(journal_.Act("helm",
                     [this] { helm_ = helm::StartApply(io_.system.processes, step_.helm); }));
    if (pid == 0) return {};  // it could not be started, which its result tells
    return journal_.Write("helm started", [pid](Operation& operation) {
      operation.helm = journal::ProcessId{ThisMachine(), pid, StartOfProcess(pid).value_or("")};
    });
  }

  /// Takes helm's result when it is there.
  bool HelmEnded() {
    if (!result_ && helm_.Done()) result_ = helm_.Take();
    return result_.has_value();
  }
  [[nodiscard]] bool HelmFailed() { return HelmEnded() && !result_->has_value(); }

  Result<RolloutFollow::End> Follow(gather::Io& io, RolloutFollow::Options options) {
    options.deadline = step_.rollout_deadline;
    options.mask = step_.mask;
    options.ended = [this, ended = std::move(options.ended)] {
      return journal_.LeaseIsLost() || (ended && ended());
    };
    if (!options.on_look)
      options.on_look = [this](const auto& progress, bool listed, const auto& silence) {
        soak_.failed = listed && progress.state == rollout::RolloutState::Failed;
        dialogue_.ShowRollout(progress, listed, silence);
      };
    return RolloutFollow(io, step_.name_space, profile_, std::move(options)).Run(step_.workloads);
  }

  /// Shows what happens until helm has ended; what is seen decides nothing, since a failure may be
  /// one of before.
  Result<RolloutFollow::End> WatchHelm() {
    gather::Io io = Until(HelmsTime());
    RolloutFollow::Options options;
    options.endless = true;
    options.ended = [this] { return HelmEnded(); };
    // What pods tell may be a secret that helm is just making: not before that is learnt.
    options.on_look = [this](const auto& progress, bool listed, const auto& silence) {
      dialogue_.ShowRollout(WithoutWords(progress), listed, silence);
    };
    auto end = Follow(io, std::move(options));
    if (end)
      TRY(io.loop.RunUntil(io.deadline, [this] { return HelmEnded() || journal_.LeaseIsLost(); }));
    return end;
  }

  /// Goes on looking at what has come up, until the time is up or something fails for certain.
  Result<RolloutFollow::End> Soak() {
    dialogue_.EndRollout();
    dialogue_.Tell(
        fmt::format("every workload came up; watching them for {}", FormatAge(step_.soak)));
    gather::Io io = Until(step_.soak);
    soak_.begun = true;
    RolloutFollow::Options options;
    options.endless = true;
    options.ended = [this] { return soak_.failed; };
    return Follow(io, std::move(options));
  }

  Result<std::vector<gather::HookEvidence>> HookEvidence() {
    gather::Io io{io_.loop, io_.http, io_.kube, io_.system, io_.loop.Now() + kEvidence};
    // Times of creation are in whole seconds.
    const Time since = journal_.operation().started_at - std::chrono::seconds(1);
    return gather::ReadHookEvidence(io, step_.name_space, step_.hooks, since, step_.mask);
  }

  /// What was secret before helm, and what it has made.
  Result<void> LearnMask() {
    ASSIGN_OR_RETURN(auto later, step_.learn_again());
    step_.mask = [before = std::move(step_.mask), later = std::move(later)](
                     std::string_view words) { return later(before(words)); };
    return {};
  }

  /// The time is up, and helm still waits for something.
  Result<void> EndHelm() {
    if (HelmEnded()) return {};
    dialogue_.Tell("helm is still at work: it is ended");
    helm_ = {};
    return io_.loop.RunUntil(std::min(io_.deadline, io_.loop.Now() + kHelmEnds), [this] {
      const auto& helm = journal_.operation().helm;
      return !helm || !HelmRuns(*helm);
    });
  }

  Applied Judge(RolloutFollow::End end) {
    Applied applied;
    if (!HelmEnded()) {
      // What was seen meanwhile may be of before.
      applied.end = Applied::End::NotComplete;
      applied.reason = fmt::format("helm was not done within {}", FormatAge(HelmsTime()));
    } else if (HelmFailed()) {
      applied.reason = result_->error().message;
      applied.end = IsRefusal(applied.reason) ? Applied::End::Refused : Applied::End::HelmFailed;
    } else {
      JudgeRollout(end, applied);
    }
    applied.rollout = std::move(end);
    return applied;
  }

  void JudgeRollout(const RolloutFollow::End& end, Applied& applied) const {
    using Outcome = RolloutFollow::Outcome;
    switch (RolloutFollow::OutcomeOf(end)) {
      case Outcome::Complete:
        return;
      case Outcome::Failed:
        applied.end = Applied::End::RolloutFailed;
        applied.reason = (soak_.begun ? "after it had come up: " : "") + FirstCause(end.progress);
        return;
      case Outcome::Unheard:
        applied.end = Applied::End::NotComplete;
        applied.reason = "the cluster was not heard any more when the time was up";
        return;
      case Outcome::Blind:
        applied.end = Applied::End::Blind;
        applied.reason = end.outcome.blind.front().reason;
        return;
      case Outcome::NotComplete:
        applied.end = Applied::End::NotComplete;
        applied.reason =
            soak_.begun
                ? fmt::format("not whole any more {} after it had come up", FormatAge(step_.soak))
                : fmt::format("not complete within {}", FormatAge(step_.rollout_deadline));
        return;
    }
  }

  gather::Io& io_;
  JournalWriter& journal_;
  Dialogue& dialogue_;
  const Profile& profile_;
  ApplyStep step_;
  Pending<std::monostate> helm_;
  std::optional<Result<std::monostate>> result_;
  struct {
    bool begun = false, failed = false;
  } soak_;
};

}  // namespace

journal::Verdict VerdictOf(Applied::End end) {
  using journal::Verdict;
  switch (end) {
    case Applied::End::Complete:
      return Verdict::Verified;
    case Applied::End::Refused:
    case Applied::End::NotBegun:
      return Verdict::Abandoned;
    case Applied::End::HelmFailed:
    case Applied::End::RolloutFailed:
      return Verdict::Failed;
    case Applied::End::NotComplete:
    case Applied::End::Blind:
      return Verdict::Stopped;
  }
  return Verdict::Stopped;
}

Millis HookTimeout(const std::vector<std::string>& arguments) {
  constexpr std::string_view kName = "--timeout";
  constexpr Millis kLongest = std::chrono::hours(24);  // a sum of them must stay a time
  Millis timeout{300'000};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view value(arguments[i]);
    if (!value.starts_with(kName)) continue;
    value.remove_prefix(kName.size());
    if (value.starts_with('='))
      value.remove_prefix(1);
    else if (value.empty() && i + 1 < arguments.size())
      value = arguments[i + 1];
    if (const auto given = ParseDuration(value)) timeout = std::min(*given, kLongest);
  }
  return timeout;
}

Result<Applied> Apply(gather::Io& io, JournalWriter& journal, Dialogue& dialogue,
                      const Profile& profile, ApplyStep step) {
  return Applying(io, journal, dialogue, profile, std::move(step)).Run();
}

}  // namespace datafly::operations

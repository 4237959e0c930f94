#include "common/gather/rollout_watch.h"

#include "common/gather/lists.h"

namespace datafly::gather {
namespace {

constexpr Millis kTryAgainAfter{1000};
/// A quiet cluster sends nothing for a minute (bookmarks); one that is away sends nothing either.
constexpr Millis kQuiet{5000};
/// To wait for a sign of life before its absence is silence: more than a slow answer takes.
constexpr Millis kAnswer{2000};

// A right that is missing or an API that is not there will not come back by asking again.
bool IsFinal(ErrorKind kind) { return kind == ErrorKind::Forbidden || kind == ErrorKind::NotFound; }

}  // namespace

/// One kind of object, listed and watched.
class RolloutWatch::Kind {
 public:
  virtual ~Kind() = default;
  virtual bool Advance() = 0;
  std::string kind;  ///< "Pod"
  bool listed = false;
  std::optional<Absence> refused;
  /// Why the newest attempt to list or watch failed, and when the first in a row did.
  std::optional<Silence> trouble;
};

template <class T>
class RolloutWatch::KindOf : public RolloutWatch::Kind {
 public:
  struct Rules {
    kube::Resource resource;
    std::function<Result<void>(kinds::PaddedJson, std::vector<T>&)> decode_list;
    Result<T> (*decode_one)(std::string_view);
  };

  KindOf(Io& io, Rules rules, std::function<void(rollout::Change)> tell)
      : io_(io), rules_(std::move(rules)), tell_(std::move(tell)) {
    StartList();
  }

  bool Advance() override {
    if (list_ && list_->Done()) FinishList();
    if (watch_ && watch_->Done()) FinishWatch();
    if (again_at_ && io_.loop.Now() >= *again_at_) StartList();
    return std::exchange(changed_, false);
  }

 private:
  void StartList() {
    again_at_.reset();
    items_.clear();
    list_ = io_.kube.StartList(
        rules_.resource, {},
        [this](kube::Client::PageBuffer page) {
          return rules_.decode_list({page.data, page.size, page.capacity}, items_);
        },
        [this] { items_.clear(); });
  }

  void FinishList() {
    auto outcome = list_->Take();
    list_.reset();
    if (!outcome) return GiveUpOrRetry(outcome.error(), "list");
    std::set<std::string> gone = std::move(known_);
    known_.clear();
    for (T& item : items_) {
      gone.erase(item.meta.uid);
      Tell(std::move(item));
    }
    items_.clear();
    for (const std::string& uid : gone) TellRemoved(uid);
    listed = true;
    changed_ = true;
    trouble.reset();
    watch_ = io_.kube.StartWatch(rules_.resource, {}, outcome->resource_version,
                                 [this](const kube::WatchEvent& event) { return Take(event); });
  }

  Result<void> Take(const kube::WatchEvent& event) {
    if (event.type == kube::WatchEvent::Type::Bookmark) return {};
    ASSIGN_OR_RETURN(T object, rules_.decode_one(event.object));
    changed_ = true;
    if (event.type == kube::WatchEvent::Type::Deleted) {
      known_.erase(object.meta.uid);
      TellRemoved(object.meta.uid);
    } else {
      Tell(std::move(object));
    }
    return {};
  }

  void FinishWatch() {
    auto ended = watch_->Take();
    watch_.reset();
    if (ended || ended.error().kind == ErrorKind::Expired) return StartList();
    GiveUpOrRetry(ended.error(), "watch");
  }

  void GiveUpOrRetry(const Error& error, std::string_view verb) {
    if (IsFinal(error.kind)) {
      refused = Absence::From(error, fmt::format("{} {} in {}", verb, rules_.resource.plural,
                                                 rules_.resource.name_space));
      listed = true;
      changed_ = true;
      return;
    }
    trouble = Silence{trouble ? trouble->since : io_.loop.Now(), error.message};
    again_at_ = io_.loop.Now() + kTryAgainAfter;
  }

  void Tell(T object) {
    known_.insert(object.meta.uid);
    tell_(std::move(object));
  }
  void TellRemoved(const std::string& uid) { tell_(rollout::Removed{uid}); }

  Io& io_;
  Rules rules_;
  std::function<void(rollout::Change)> tell_;
  std::vector<T> items_;
  std::set<std::string> known_;  ///< uids
  std::optional<Instant> again_at_;
  bool changed_ = false;
  std::optional<Pending<kube::ListOutcome>> list_;
  std::optional<Pending<std::string>> watch_;
};

RolloutWatch::RolloutWatch(Io& io, const std::string& name_space, rollout::Tracker& tracker,
                           OnChange on_change)
    : io_(io) {
  const auto tell = [&tracker, on_change = std::move(on_change)](rollout::Change change) {
    if (on_change) on_change(change);
    tracker.Apply(std::move(change));
  };
  const auto decoder = std::make_shared<kinds::Decoder>();
  const auto add = [&]<class T>(
                       std::string kind, std::string group_version, std::string plural,
                       Result<void> (kinds::Decoder::*list)(kinds::PaddedJson, std::vector<T>&),
                       Result<T> (*one)(std::string_view)) {
    kinds_.push_back(std::make_unique<KindOf<T>>(
        io,
        typename KindOf<T>::Rules{{std::move(group_version), std::move(plural), name_space},
                                  [decoder, list](kinds::PaddedJson page, std::vector<T>& out) {
                                    return ((*decoder).*list)(page, out);
                                  },
                                  one},
        tell));
    kinds_.back()->kind = std::move(kind);
  };
  const auto add_workloads = [&](std::string plural, const std::string& kind) {
    kinds_.push_back(std::make_unique<KindOf<kinds::Workload>>(
        io,
        KindOf<kinds::Workload>::Rules{
            {"apps/v1", std::move(plural), name_space},
            [decoder, kind](kinds::PaddedJson page, std::vector<kinds::Workload>& out) {
              return decoder->Workloads(page, kind, out);
            },
            kinds::DecodeWorkload},
        tell));
    kinds_.back()->kind = kind;
  };
  add_workloads("deployments", "Deployment");
  add_workloads("statefulsets", "StatefulSet");
  add_workloads("daemonsets", "DaemonSet");
  add("ReplicaSet", "apps/v1", "replicasets", &kinds::Decoder::ReplicaSets,
      kinds::DecodeReplicaSet);
  add("Pod", "v1", "pods", &kinds::Decoder::Pods, kinds::DecodePod);
  add("Event", "v1", "events", &kinds::Decoder::Events, kinds::DecodeEvent);
  add("HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers",
      &kinds::Decoder::Hpas, kinds::DecodeHpa);
}

RolloutWatch::~RolloutWatch() = default;

bool RolloutWatch::Advance() {
  bool changed = false;
  for (const auto& kind : kinds_) changed = kind->Advance() || changed;
  AskForLife();
  return changed;
}

bool RolloutWatch::Listed() const {
  return std::all_of(kinds_.begin(), kinds_.end(), [](const auto& kind) { return kind->listed; });
}

std::vector<RolloutWatch::Refusal> RolloutWatch::Refused() const {
  std::vector<Refusal> refused;
  for (const auto& kind : kinds_) {
    if (kind->refused) refused.push_back({kind->kind, *kind->refused});
  }
  return refused;
}

void RolloutWatch::AskForLife() {
  if (life_ && life_->Done()) life_.reset();
  const Instant now = io_.loop.Now();
  const Instant heard_at = io_.kube.contact().heard_at;
  if (life_ || now - heard_at < kQuiet || now - asked_at_ < kTryAgainAfter) return;
  asked_at_ = now;
  life_ = io_.kube.StartGet("/version");
}

std::optional<RolloutWatch::Silence> RolloutWatch::FindSilence() const {
  const kube::Client::Contact& contact = io_.kube.contact();
  for (const auto& kind : kinds_) {
    if (kind->trouble)
      return Silence{std::min(contact.heard_at, kind->trouble->since), kind->trouble->why};
  }
  if (!contact.trouble.empty()) return Silence{contact.heard_at, contact.trouble};
  if (io_.loop.Now() - contact.heard_at > kQuiet + kAnswer)
    return Silence{contact.heard_at, "the server does not answer"};
  return std::nullopt;
}

}  // namespace datafly::gather

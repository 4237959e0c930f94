#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "common/core/facts/rollout_recording.h"

/// Real rollouts of the lab, recorded by `kubectl signal rollout --record` and replayed in virtual
/// time with the arrival of each kind shifted and stretched: watches of different kinds are
/// independent streams, so only the order within a kind is given. The name of a recording says how
/// it must end: healthy-*.jsonl, or fail-CLASS[-more].jsonl.
namespace datafly {
namespace {

using rollout::RolloutState;

struct Recording {
  std::string name;
  std::vector<RecordedChange> changes;
};

std::vector<Recording> LoadAll() {
  std::vector<Recording> out;
  for (const auto& entry :
       std::filesystem::directory_iterator(SIGNAL_SOURCE_DIR "/tests/fixtures/rollouts")) {
    if (entry.path().extension() != ".jsonl") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    auto changes = LoadRecording(text.str());
    EXPECT_TRUE(changes) << entry.path() << ": " << (changes ? "" : changes.error().message);
    if (changes) out.push_back({entry.path().stem().string(), *std::move(changes)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

/// Shifts each kind's stream by up to a second and lets each change be late by up to 800 ms more.
std::vector<RecordedChange> Vary(const std::vector<RecordedChange>& changes, unsigned seed) {
  std::minstd_rand random(seed);
  const auto up_to = [&](int most) {
    return Millis(std::uniform_int_distribution<int>(0, most)(random));
  };
  std::map<std::size_t, Millis> shift;
  std::map<std::size_t, Time> latest;
  std::vector<RecordedChange> out = changes;
  for (RecordedChange& change : out) {
    const std::size_t kind = change.change.index();
    const auto [at, is_new] = shift.try_emplace(kind, Millis(0));
    if (is_new) at->second = up_to(1000);
    Time& last = latest.try_emplace(kind, change.at).first->second;
    change.at = last = std::max(last, change.at + at->second + up_to(800));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return out;
}

std::vector<std::string> IdsIn(const std::vector<RecordedChange>& changes) {
  std::set<std::string> ids;
  for (const RecordedChange& change : changes) {
    if (const auto* workload = std::get_if<kinds::Workload>(&change.change)) {
      if (workload->meta.annotations.count("meta.helm.sh/release-name") > 0)
        ids.insert(workload->Id());
    }
  }
  return {ids.begin(), ids.end()};
}

/// The classes that were certain at any time, and the last state.
struct Replayed {
  std::set<std::string> certain;
  RolloutState last = RolloutState::Progressing;
};

class Replay {
 public:
  explicit Replay(const std::vector<RecordedChange>& changes)
      : tracker_({.migrate_container = "migrate", .oom_window = std::chrono::hours(1)}) {
    tracker_.Follow(IdsIn(changes));
    Time now = changes.front().at;
    for (const RecordedChange& change : changes) {
      LookUntil(now, change.at);
      now = std::max(now, change.at);
      tracker_.Apply(change.change);
      LookAt(now);
    }
    LookOn(now);
  }
  Replayed result;

 private:
  /// As the command does: also when a grace ends between two changes.
  void LookUntil(Time from, Time to) {
    Time now = from;
    while (tracker_.Look(now).next && *tracker_.Look(now).next < to) {
      now = *tracker_.Look(now).next;
      LookAt(now);
    }
  }
  /// The recording ended with the command: a grace may have ended when nothing had changed for
  /// long.
  void LookOn(Time now) {
    const Time end = now + std::chrono::minutes(3);
    now += std::chrono::seconds(1);
    LookAt(now);
    while (result.certain.empty() && result.last != RolloutState::Complete) {
      const auto next = tracker_.Look(now).next;
      if (!next || *next > end) return;
      now = *next;
      LookAt(now);
    }
  }
  void LookAt(Time now) {
    const rollout::Progress& progress = tracker_.Look(now);
    result.last = progress.state;
    for (const auto& workload : progress.workloads) {
      for (const auto& standing : workload.causes) {
        if (standing.CertainAt(now))
          result.certain.insert(std::string(rollout::SpecOf(standing.cause.id).name));
      }
    }
  }
  rollout::Tracker tracker_;
};

/// "image-not-found" of "fail-image-not-found-gateway": the longest class that fits.
std::string ClassIn(const std::string& name) {
  std::string best;
  for (const rollout::CauseSpec& spec : rollout::AllCauses()) {
    if (name.starts_with("fail-" + std::string(spec.name)) && spec.name.size() > best.size())
      best = spec.name;
  }
  return best;
}

constexpr unsigned kReplays = 500;

TEST(Replay, HealthyUpgradesNeverAlarmAndFailuresAreNamedExactly) {
  const std::vector<Recording> recordings = LoadAll();
  ASSERT_FALSE(recordings.empty());
  for (unsigned i = 0; i < kReplays; ++i) {
    const Recording& recording = recordings[i % recordings.size()];
    const unsigned seed = i / static_cast<unsigned>(recordings.size());
    const auto changes = seed == 0 ? recording.changes : Vary(recording.changes, seed);
    const Replayed replayed = Replay(changes).result;
    SCOPED_TRACE(fmt::format("{}, seed {}", recording.name, seed));
    if (recording.name.starts_with("healthy-")) {
      EXPECT_TRUE(replayed.certain.empty()) << fmt::format("{}", fmt::join(replayed.certain, ", "));
      EXPECT_EQ(replayed.last, RolloutState::Complete);
    } else {
      EXPECT_EQ(replayed.certain, std::set<std::string>{ClassIn(recording.name)});
    }
  }
}

}  // namespace
}  // namespace datafly

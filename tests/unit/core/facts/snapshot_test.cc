#include "common/core/facts/snapshot.h"

#include <limits>

#include "common/core/base/gzip.h"
#include "tests/unit/core/facts/facts_walk.h"

namespace datafly {
namespace {

using testing::TestWithParam;

Snapshot Reloaded(const Snapshot& snapshot, SnapshotForm form) {
  auto loaded = LoadSnapshot(SaveSnapshot(snapshot, form).value());
  EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  return loaded.value_or(Snapshot{});
}

class SnapshotRoundTrip : public TestWithParam<int> {};

TEST_P(SnapshotRoundTrip, KeepsEveryField) {
  const Snapshot snapshot = Filled(GetParam());
  for (const SnapshotForm form : {SnapshotForm::Plain, SnapshotForm::Gzip}) {
    EXPECT_EQ(DifferencesOf(snapshot, Reloaded(snapshot, form)), std::vector<std::string>{});
  }
}

TEST_P(SnapshotRoundTrip, KeepsWhyAFactIsMissing) {
  const Snapshot snapshot = Filled(GetParam(), true);
  EXPECT_EQ(DifferencesOf(snapshot, Reloaded(snapshot, SnapshotForm::Plain)),
            std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Seeds, SnapshotRoundTrip, testing::Range(0, 6));

TEST(Snapshots, TheWalkSeesADifference) {
  const Snapshot a = Filled(0);
  Snapshot b = a;
  b.facts.pods->at(1).containers.at(0).state.exit_code += 1;
  b.targets.begin()->second.values.continuity.at(0).key = "other";
  EXPECT_EQ(DifferencesOf(a, b).size(), 2U);
  EXPECT_EQ(DifferencesOf(a, b).at(0), "facts.pods[1].containers[0].state.exitCode");
}

TEST(Snapshots, FactsNobodyGatheredRoundTrip) {
  const Snapshot snapshot;
  EXPECT_EQ(DifferencesOf(snapshot, Reloaded(snapshot, SnapshotForm::Gzip)),
            std::vector<std::string>{});
}

TEST(Snapshots, SameBytesForTheSameFacts) {
  for (const SnapshotForm form : {SnapshotForm::Plain, SnapshotForm::Gzip}) {
    const std::string first = SaveSnapshot(Filled(3), form).value();
    EXPECT_EQ(first, SaveSnapshot(Filled(3), form).value());
    EXPECT_EQ(first, SaveSnapshot(LoadSnapshot(first).value(), form).value());
  }
}

TEST(Snapshots, GzipIsThePlainTextWithoutIndentation) {
  Snapshot snapshot;
  snapshot.facts.scope.release = "datafly";
  const std::string bytes = SaveSnapshot(snapshot).value();
  ASSERT_TRUE(IsGzip(bytes));
  const std::string text = Gunzip(bytes, 1 << 20).value();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_NE(text.find(R"("scope":{"release":"datafly"})"), std::string::npos);
}

TEST(Snapshots, StartWithTheHeader) {
  Snapshot snapshot;
  snapshot.facts.taken_at = ParseTime("2026-11-26T03:09:25Z").value();
  snapshot.facts.tool_version = "0.1.0";
  EXPECT_TRUE(PlainText(snapshot).starts_with(R"({
 "kind": "SignalSnapshot",
 "schemaVersion": 1,
 "takenAt": "2026-11-26T03:09:25Z",
 "toolVersion": "0.1.0",
)")) << PlainText(snapshot).substr(0, 200);
}

TEST(Snapshots, AFactThatTheFileDoesNotKnowIsAbsent) {
  const auto snapshot = LoadSnapshot(
      R"({"kind":"SignalSnapshot","schemaVersion":1,"takenAt":"2026-11-26T03:09:25Z"})");
  ASSERT_TRUE(snapshot.has_value()) << snapshot.error().message;
  EXPECT_FALSE(snapshot->facts.pods.Known());
  EXPECT_EQ(snapshot->facts.pods.absence().kind, AbsenceKind::Snapshot);
  EXPECT_EQ(snapshot->facts.pods.absence().reason, "the snapshot was taken without it");
}

TEST(Snapshots, UnknownFieldsAreIgnored) {
  const auto snapshot = LoadSnapshot(R"({"kind":"SignalSnapshot","schemaVersion":1,
      "takenAt":"2026-11-26T03:09:25Z","novelty":{"a":[1,2]},
      "pods":{"value":[{"metadata":{"name":"a","colour":"red"},"mood":"good"}]}})");
  ASSERT_TRUE(snapshot.has_value()) << snapshot.error().message;
  EXPECT_EQ(snapshot->facts.pods->at(0).meta.name, "a");
}

TEST(Snapshots, DefaultsOfTheApiSurviveWhenAFileOmitsThem) {
  const auto snapshot = LoadSnapshot(R"({"kind":"SignalSnapshot","schemaVersion":1,
      "takenAt":"2026-11-26T03:09:25Z","workloads":{"value":[{}]}})");
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->facts.workloads->at(0).pod.termination_grace_seconds, 30);
}

TEST(Snapshots, ZeroIsKeptWhereTheDefaultIsNot) {
  Snapshot snapshot;
  snapshot.facts.workloads = std::vector<kinds::Workload>(1);
  snapshot.facts.workloads->at(0).pod.termination_grace_seconds = 0;
  snapshot.facts.workloads->at(0).max_surge = {0, false};
  const kinds::Workload loaded = Reloaded(snapshot, SnapshotForm::Plain).facts.workloads->at(0);
  EXPECT_EQ(loaded.pod.termination_grace_seconds, 0);
  EXPECT_EQ(loaded.max_surge.value, 0);
  EXPECT_FALSE(loaded.max_surge.percent);
}

TEST(Snapshots, ExtremesSurvive) {
  Snapshot snapshot;
  kinds::Node node;
  node.capacity["largest"].milli = 9'223'372'036'854'775'000;
  node.capacity["smallest"].milli = -9'223'372'036'854'775'000;
  node.capacity["digits"].milli = 999'999'999'999'999'999;  // all that a Quantity tells apart
  node.meta.generation = std::numeric_limits<std::int64_t>::min();
  snapshot.facts.nodes = std::vector{node};
  EXPECT_EQ(DifferencesOf(snapshot, Reloaded(snapshot, SnapshotForm::Plain)),
            std::vector<std::string>{});
}

TEST(Snapshots, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  Snapshot snapshot;
  snapshot.facts.scope.context = "a\xff";
  EXPECT_EQ(Reloaded(snapshot, SnapshotForm::Plain).facts.scope.context, "a\xef\xbf\xbd");
}

}  // namespace
}  // namespace datafly

#include "common/io/helm/helm_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/system/fakes.h"

namespace datafly::helm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const HelmCalls kCalls{"/opt/helm", {{"HELM_NAMESPACE", "ns"}}};

// What Helm 3.22 printed in the lab, shortened.
constexpr const char* kHistory = R"([
  {"revision":2,"updated":"2026-11-26T10:00:00Z","status":"deployed","chart":"datafly-1.3.0"},
  {"revision":1,"updated":"2026-11-26T09:00:00Z","status":"superseded","chart":"datafly-1.2.0"}])";
constexpr const char* kMetadata =
    R"({"name":"datafly","chart":"datafly","version":"1.3.0","appVersion":"1.3.0",)"
    R"("namespace":"ns","revision":2,"status":"deployed"})";
constexpr const char* kManifest =
    "---\n# Source: c/t/a.yaml\nkind: ConfigMap\nmetadata: {name: a}\n";
constexpr const char* kHooks =
    "---\n# Source: c/t/h.yaml\nkind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: "
    "'pre-upgrade,post-install'}}\n";

TEST(HelmRecords, HistoryIsAscending) {
  FakeProcessRunner processes;
  processes.Reply({0, kHistory, ""});
  const auto history = StartHistory(processes, kCalls, "datafly", Millis(1000)).Take();
  ASSERT_TRUE(history.has_value()) << history.error().message;
  ASSERT_THAT(*history, SizeIs(2));
  EXPECT_EQ(history->front().revision, 1);
  EXPECT_EQ(history->back().status, release::Status::Deployed);
  EXPECT_THAT(processes.commands()[0].argv,
              ElementsAre("/opt/helm", "history", "datafly", "--max", "256", "-o", "json"));
}

TEST(HelmRecords, ARecordOfFourReads) {
  FakeProcessRunner processes;
  for (const char* reply : {kMetadata, kManifest, kHooks, R"({"replicas":2})"})
    processes.Reply({0, reply, ""});
  RecordByHelm pending(processes, kCalls, "datafly", 2, Millis(1000));
  ASSERT_TRUE(pending.Done());
  const auto record = pending.Take();
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_TRUE(record->partial);
  EXPECT_EQ(record->revision, 2);
  EXPECT_EQ(record->status, release::Status::Deployed);
  EXPECT_EQ(record->chart.version, "1.3.0");
  EXPECT_EQ(record->manifest, kManifest);
  EXPECT_EQ(record->user_values_json, R"({"replicas":2})");
  ASSERT_THAT(record->hooks, SizeIs(1));
  EXPECT_THAT(record->hooks[0].events, ElementsAre("pre-upgrade", "post-install"));
  EXPECT_THAT(processes.commands()[1].argv,
              ElementsAre("/opt/helm", "get", "manifest", "datafly", "--revision", "2"));
}

TEST(HelmRecords, NoValuesAreNone) {
  FakeProcessRunner processes;
  for (const char* reply : {kMetadata, kManifest, "", "null\n"}) processes.Reply({0, reply, ""});
  const auto record = RecordByHelm(processes, kCalls, "datafly", 2, Millis(1000)).Take();
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_EQ(record->user_values_json, "{}");
  EXPECT_THAT(record->hooks, IsEmpty());
}

TEST(HelmRecords, HelmsOwnWordsAreTheError) {
  FakeProcessRunner processes;
  processes.Reply({1, "", "Error: release: not found\n"});
  const auto history = StartHistory(processes, kCalls, "datafly", Millis(1000)).Take();
  ASSERT_FALSE(history.has_value());
  EXPECT_EQ(history.error().message, "helm: release: not found");
  processes.Reply({0, "no json", ""});
  EXPECT_FALSE(StartHistory(processes, kCalls, "datafly", Millis(1000)).Take().has_value());
}

}  // namespace
}  // namespace datafly::helm

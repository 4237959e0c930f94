#include "common/core/facts/rollout_recording.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

const Time kAt = *ParseTime("2026-11-26T03:00:00.250Z");

kinds::Pod SomePod() {
  kinds::Pod pod;
  pod.meta.name = "gateway-1";
  pod.meta.uid = "p1";
  pod.phase = "Running";
  kinds::ContainerStatus container;
  container.name = "app";
  container.restart_count = 2;
  container.state.kind = kinds::ContainerState::Kind::Waiting;
  container.state.reason = "CrashLoopBackOff";
  pod.containers.push_back(container);
  return pod;
}

TEST(RolloutRecording, ComesBackAsItWas) {
  kinds::Event event;
  event.reason = "Killing";
  event.involved.uid = "p1";
  event.last_seen = kAt;
  const std::string text = RecordLine({kAt, SomePod()}) + "\n" + RecordLine({kAt, event}) + "\n" +
                           RecordLine({kAt, rollout::Removed{"p1"}}) + "\n\n";
  const auto changes = LoadRecording(text);
  ASSERT_TRUE(changes) << changes.error().message;
  ASSERT_EQ(changes->size(), 3U);
  EXPECT_EQ((*changes)[0].at, kAt);
  const auto& pod = std::get<kinds::Pod>((*changes)[0].change);
  EXPECT_EQ(pod.meta.uid, "p1");
  EXPECT_EQ(pod.containers.at(0).state.reason, "CrashLoopBackOff");
  EXPECT_EQ(std::get<kinds::Event>((*changes)[1].change).last_seen, kAt);
  EXPECT_EQ(std::get<rollout::Removed>((*changes)[2].change).uid, "p1");
}

TEST(RolloutRecording, HoldsAutoscalers) {
  kinds::Hpa hpa;
  hpa.target_name = "gateway";
  hpa.desired_replicas = 4;
  const auto changes = LoadRecording(RecordLine({kAt, hpa}));
  ASSERT_TRUE(changes) << changes.error().message;
  EXPECT_EQ(std::get<kinds::Hpa>(changes->at(0).change).desired_replicas, 4);
}

TEST(RolloutRecording, WhatIsBrokenNamesItsLine) {
  const std::string good = RecordLine({kAt, SomePod()}) + "\n";
  for (const char* bad : {"{", "{}", R"({"at":"2026-11-26T03:00:00Z","kind":"Lamp"})",
                          R"({"at":"2026-11-26T03:00:00Z","kind":"Pod"})", R"({"at":7})"}) {
    const auto changes = LoadRecording(good + bad);
    ASSERT_FALSE(changes) << bad;
    EXPECT_NE(changes.error().message.find("line 2"), std::string::npos) << changes.error().message;
  }
}

}  // namespace
}  // namespace datafly

#include "tests/unit/core/decode/decode_support.h"

namespace datafly::kinds {
namespace {

TEST(DecodeEvent, OfTheOldRecorder) {
  const auto event = DecodeEvent(R"({
    "kind": "Event", "metadata": {"name": "x.1", "uid": "e1",
      "creationTimestamp": "2026-11-26T03:00:00Z"},
    "involvedObject": {"kind": "Pod", "name": "gateway-1", "uid": "p1",
      "fieldPath": "spec.containers{gateway}"},
    "type": "Warning", "reason": "Unhealthy", "message": "Readiness probe failed: x",
    "firstTimestamp": "2026-11-26T03:00:00Z", "lastTimestamp": "2026-11-26T03:05:00Z", "count": 7,
    "eventTime": null})");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->involved.uid, "p1");
  EXPECT_EQ(ContainerOf(*event), "gateway");
  EXPECT_EQ(event->count, 7);
  EXPECT_EQ(FormatTime(*event->first_seen), "2026-11-26T03:00:00Z");
  EXPECT_EQ(FormatTime(*event->last_seen), "2026-11-26T03:05:00Z");
}

TEST(DecodeEvent, OfTheNewRecorderHasASeries) {
  const auto event = DecodeEvent(R"({
    "metadata": {"uid": "e1", "creationTimestamp": "2026-11-26T03:00:01Z"},
    "involvedObject": {"kind": "Pod", "uid": "p1"}, "reason": "FailedScheduling",
    "eventTime": "2026-11-26T03:00:01.123456Z", "firstTimestamp": null, "lastTimestamp": null,
    "series": {"count": 3, "lastObservedTime": "2026-11-26T03:02:00.5Z"}})");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->count, 3);
  EXPECT_EQ(FormatTime(*event->last_seen), "2026-11-26T03:02:00.500Z");
  EXPECT_EQ(ContainerOf(*event), "");
}

TEST(DecodeEvent, WithoutAnyTimeItIsAsOldAsItself) {
  const auto event = DecodeEvent(R"({"metadata": {"creationTimestamp": "2026-11-26T03:00:00Z"}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(FormatTime(*event->last_seen), "2026-11-26T03:00:00Z");
}

TEST(DecodeMessages, CredentialsAreTakenOut) {
  const auto event = DecodeEvent(R"({"metadata": {"creationTimestamp": "2026-11-26T03:00:00Z"},
    "message": "Readiness probe failed: postgres://signal:hunter2@db:5432/events refused"})");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->message, "Readiness probe failed: postgres://signal:***@db:5432/events refused");
  const auto pod = DecodePod(R"({"status": {"message": "password=hunter2", "conditions":
    [{"type": "Ready", "message": "token=hunter2"}], "containerStatuses": [{"name": "app",
    "state": {"waiting": {"message": "secret=hunter2"}},
    "lastState": {"terminated": {"message": "panic: redis://u:hunter2@cache"}}}]}})");
  ASSERT_TRUE(pod) << pod.error().message;
  const ContainerStatus& app = pod->containers.at(0);
  for (const std::string& text :
       {pod->message, pod->conditions.at(0).message, app.state.message, app.last_state.message}) {
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find("***"), std::string::npos) << text;
  }
}

TEST(DecodeReplicaSet, KeepsRevisionAndFailure) {
  const auto set = DecodeReplicaSet(R"({
    "metadata": {"name": "gateway-5f", "uid": "r1", "generation": 2,
      "annotations": {"deployment.kubernetes.io/revision": "4", "secret": "hunter2"},
      "ownerReferences": [{"kind": "Deployment", "name": "gateway", "uid": "d1",
        "controller": true}]},
    "spec": {"replicas": 2},
    "status": {"replicas": 1, "readyReplicas": 1, "observedGeneration": 2,
      "conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "exceeded quota: tight", "lastTransitionTime": "2026-11-26T03:00:00Z"}]}})");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->replicas, 2);
  EXPECT_EQ(set->status_replicas, 1);
  EXPECT_EQ(set->meta.controller->uid, "d1");
  EXPECT_EQ(set->meta.annotations.size(), 1U);
  EXPECT_EQ(set->conditions.at(0).message, "exceeded quota: tight");
}

TEST(DecodeEndpointSlices, ReadyUnlessSaidOtherwise) {
  std::string text = R"({"items": [{"metadata": {"name": "a",
      "labels": {"kubernetes.io/service-name": "gateway"}},
    "endpoints": [
      {"addresses": ["10.0.0.1"], "conditions": {"ready": true},
       "targetRef": {"kind": "Pod", "name": "gateway-1"}},
      {"addresses": ["10.0.0.2"], "conditions": {"ready": false},
       "targetRef": {"kind": "Pod", "name": "gateway-2"}},
      {"addresses": ["10.0.0.3"]}]}, {"metadata": {"name": "b"}, "endpoints": null}]})";
  std::vector<EndpointSlice> slices;
  const auto done = Decoder().EndpointSlices({text.data(), text.size(), text.size()}, slices);
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[0].service, "gateway");
  ASSERT_EQ(slices[0].endpoints.size(), 3U);
  EXPECT_TRUE(slices[0].endpoints[0].ready);
  EXPECT_FALSE(slices[0].endpoints[1].ready);
  EXPECT_EQ(slices[0].endpoints[1].pod, "gateway-2");
  EXPECT_TRUE(slices[0].endpoints[2].ready);
}

TEST(DecodePod, OneObjectOfAWatch) {
  const auto pod = DecodePod(R"({"kind": "Pod", "metadata": {"name": "x", "uid": "u"},
                                 "status": {"phase": "Running"}})");
  ASSERT_TRUE(pod);
  EXPECT_EQ(pod->meta.uid, "u");
  EXPECT_EQ(pod->phase, "Running");
}

TEST(DecodeStatefulSet, KeepsTheUpdateRevision) {
  const auto set = DecodeWorkload(R"({"kind": "StatefulSet", "metadata": {"name": "x"},
                                      "status": {"updateRevision": "x-7f"}})");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->update_revision, "x-7f");
}

}  // namespace
}  // namespace datafly::kinds

#include "tests/unit/core/decode/decode_support.h"

namespace datafly::kinds {
namespace {

constexpr std::string_view kPod = R"({
  "metadata": {
    "name": "event-gateway-7d9c5b6f4-x2x9k", "namespace": "datafly", "uid": "0b5f",
    "generateName": "event-gateway-7d9c5b6f4-", "resourceVersion": "1207",
    "creationTimestamp": "2026-11-26T03:00:00Z", "deletionTimestamp": "2026-11-26T03:30:00Z",
    "deletionGracePeriodSeconds": 30, "generation": 3,
    "labels": {"app.kubernetes.io/name": "event-gateway", "pod-template-hash": "7d9c5b6f4"},
    "annotations": {
      "kubectl.kubernetes.io/last-applied-configuration": "{\"env\":[{\"value\":\"hunter2\"}]}",
      "kubectl.kubernetes.io/default-container": "gateway",
      "vault.hashicorp.com/token": "hunter2",
      "meta.helm.sh/release-name": "datafly"},
    "ownerReferences": [
      {"apiVersion": "v1", "kind": "ConfigMap", "name": "other", "uid": "1"},
      {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "event-gateway-7d9c5b6f4",
       "uid": "2", "controller": true, "blockOwnerDeletion": true}],
    "managedFields": [{"manager": "kubelet", "fieldsV1": {"f:metadata": {}}}]
  },
  "spec": {
    "nodeName": "node-1",
    "initContainers": [
      {"name": "migrate", "resources": {"requests": {"cpu": "1", "memory": "64Mi"}}},
      {"name": "proxy", "restartPolicy": "Always", "resources": {"requests": {"cpu": "100m"}}}],
    "containers": [
      {"name": "gateway", "image": "registry.example/gateway:2.3.0",
       "env": [{"name": "ENCRYPTION_KEY", "value": "hunter2"}],
       "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "2"}}}],
    "overhead": {"cpu": "10m"}
  },
  "status": {
    "phase": "Running", "startTime": "2026-11-26T03:00:01Z",
    "conditions": [
      {"type": "Ready", "status": "False", "reason": "ContainersNotReady",
       "message": "containers with unready status: [gateway]",
       "lastProbeTime": null, "lastTransitionTime": "2026-11-26T03:00:09Z"}],
    "initContainerStatuses": [
      {"name": "migrate", "ready": true, "restartCount": 0, "image": "m:1", "imageID": "m@sha256:1",
       "state": {"terminated": {"exitCode": 0, "reason": "Completed",
         "startedAt": "2026-11-26T03:00:02Z", "finishedAt": "2026-11-26T03:00:04Z"}}},
      {"name": "proxy", "ready": true, "started": true, "restartCount": 0, "image": "p:1",
       "imageID": "p@sha256:1", "state": {"running": {"startedAt": "2026-11-26T03:00:05Z"}}}],
    "containerStatuses": [
      {"name": "gateway", "ready": false, "started": false, "restartCount": 4, "image": "g:1",
       "imageID": "g@sha256:1",
       "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 1m20s"}},
       "lastState": {"terminated": {"exitCode": 137, "signal": 9, "reason": "OOMKilled",
         "startedAt": null, "finishedAt": "2026-11-26T03:01:00Z"}}}]
  }
})";

Pod DecodedPod(std::string_view json) {
  const Page page(ListOf(json));
  std::vector<Pod> pods;
  Decoder decoder;
  const auto done = decoder.Pods(page.Padded(), pods);
  EXPECT_TRUE(done.has_value()) << done.error().message;
  return pods.empty() ? Pod{} : pods.front();
}

TEST(DecodePods, ReadsMetadata) {
  const ObjectMeta meta = DecodedPod(kPod).meta;
  EXPECT_EQ(meta.name, "event-gateway-7d9c5b6f4-x2x9k");
  EXPECT_EQ(meta.name_space, "datafly");
  EXPECT_EQ(meta.uid, "0b5f");
  EXPECT_EQ(meta.generation, 3);
  EXPECT_EQ(meta.labels.size(), 2U);
  EXPECT_EQ(meta.labels.at("app.kubernetes.io/name"), "event-gateway");
  EXPECT_EQ(meta.creation, At("2026-11-26T03:00:00Z"));
  EXPECT_EQ(meta.deletion, At("2026-11-26T03:30:00Z"));
}

TEST(DecodePods, KeepsOnlyHarmlessAnnotations) {
  const std::map<std::string, std::string> kept{
      {"kubectl.kubernetes.io/default-container", "gateway"},
      {"meta.helm.sh/release-name", "datafly"}};
  EXPECT_EQ(DecodedPod(kPod).meta.annotations, kept);
}

TEST(DecodePods, TakesTheControllerAmongTheOwners) {
  const auto owner = DecodedPod(kPod).meta.controller;
  ASSERT_TRUE(owner.has_value());
  EXPECT_EQ(owner->kind, "ReplicaSet");
  EXPECT_EQ(owner->name, "event-gateway-7d9c5b6f4");
  EXPECT_EQ(owner->uid, "2");
}

TEST(DecodePods, ReadsSpecAndStatus) {
  const Pod pod = DecodedPod(kPod);
  EXPECT_EQ(pod.node, "node-1");
  EXPECT_EQ(pod.phase, "Running");
  EXPECT_EQ(pod.start_time, At("2026-11-26T03:00:01Z"));
  ASSERT_EQ(pod.conditions.size(), 1U);
  EXPECT_EQ(pod.conditions[0].type, "Ready");
  EXPECT_EQ(pod.conditions[0].status, "False");
  EXPECT_EQ(pod.conditions[0].reason, "ContainersNotReady");
  EXPECT_EQ(pod.conditions[0].message, "containers with unready status: [gateway]");
  EXPECT_EQ(pod.conditions[0].last_transition, At("2026-11-26T03:00:09Z"));
}

TEST(DecodePods, ReadsContainerStatusesInitFirst) {
  const auto containers = DecodedPod(kPod).containers;
  ASSERT_EQ(containers.size(), 3U);
  EXPECT_EQ(containers[0].name, "migrate");
  EXPECT_TRUE(containers[0].init);
  EXPECT_FALSE(containers[0].restart_always);
  EXPECT_EQ(containers[0].state.kind, ContainerState::Kind::Terminated);
  EXPECT_EQ(containers[0].state.finished_at, At("2026-11-26T03:00:04Z"));
  EXPECT_EQ(containers[1].name, "proxy");
  EXPECT_TRUE(containers[1].init);
  EXPECT_TRUE(containers[1].restart_always);
  EXPECT_TRUE(containers[1].started);
  EXPECT_EQ(containers[1].state.kind, ContainerState::Kind::Running);
  EXPECT_EQ(containers[1].state.started_at, At("2026-11-26T03:00:05Z"));
}

TEST(DecodePods, ReadsStateAndLastState) {
  const ContainerStatus gateway = DecodedPod(kPod).containers.at(2);
  EXPECT_FALSE(gateway.init);
  EXPECT_FALSE(gateway.ready);
  EXPECT_EQ(gateway.image, "g:1");
  EXPECT_EQ(gateway.image_id, "g@sha256:1");
  EXPECT_EQ(gateway.restart_count, 4);
  EXPECT_EQ(gateway.state.kind, ContainerState::Kind::Waiting);
  EXPECT_EQ(gateway.state.reason, "CrashLoopBackOff");
  EXPECT_EQ(gateway.state.message, "back-off 1m20s");
  EXPECT_EQ(gateway.last_state.kind, ContainerState::Kind::Terminated);
  EXPECT_EQ(gateway.last_state.exit_code, 137);
  EXPECT_EQ(gateway.last_state.signal, 9);
  EXPECT_EQ(gateway.last_state.reason, "OOMKilled");
  EXPECT_EQ(gateway.last_state.started_at, std::nullopt);
}

struct RequestsCase {
  const char* what;
  const char* spec;
  const char* expected;
};

class DecodePodRequests : public testing::TestWithParam<RequestsCase> {};

TEST_P(DecodePodRequests, AreWhatTheSchedulerCounts) {
  const std::string pod =
      fmt::format(R"({{"metadata":{{"name":"a"}},"spec":{}}})", GetParam().spec);
  EXPECT_EQ(FormatAmounts(DecodedPod(pod).requests), GetParam().expected) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, DecodePodRequests,
    testing::Values(
        RequestsCase{"none", R"({"containers":[{"name":"a"}]})", ""},
        RequestsCase{"sum of containers",
                     R"({"containers":[{"resources":{"requests":{"cpu":"1"}}},
                       {"resources":{"requests":{"cpu":"500m","memory":"1Ki"}}}]})",
                     "cpu=1500m memory=1024000m"},
        RequestsCase{"a large init container wins",
                     R"({"initContainers":[{"resources":{"requests":{"cpu":"4"}}}],
                       "containers":[{"resources":{"requests":{"cpu":"1"}}}]})",
                     "cpu=4000m"},
        RequestsCase{"a sidecar counts beside the containers",
                     R"({"initContainers":[{"restartPolicy":"Always",
                       "resources":{"requests":{"cpu":"2"}}}],
                       "containers":[{"resources":{"requests":{"cpu":"1"}}}]})",
                     "cpu=3000m"},
        RequestsCase{"a sidecar counts beside later init containers",
                     R"({"initContainers":[
                       {"restartPolicy":"Always","resources":{"requests":{"cpu":"2"}}},
                       {"resources":{"requests":{"cpu":"4"}}}],
                       "containers":[{"resources":{"requests":{"cpu":"1"}}}]})",
                     "cpu=6000m"},
        RequestsCase{"the overhead comes on top",
                     R"({"containers":[{"resources":{"requests":{"cpu":"1"}}}],
                       "overhead":{"cpu":"250m","memory":"1Ki"}})",
                     "cpu=1250m memory=1024000m"},
        RequestsCase{"requests of the pod stand in for those of its containers",
                     R"({"containers":[{"resources":{"requests":{"cpu":"1","memory":"1Ki"}}}],
                       "resources":{"requests":{"cpu":"3"}}})",
                     "cpu=3000m memory=1024000m"},
        RequestsCase{"extended resources",
                     R"({"containers":[{"resources":{"requests":{"nvidia.com/gpu":"1"}}}]})",
                     "nvidia.com/gpu=1000m"}));

TEST(DecodePods, NothingOfAnEnvironmentIsKept) {
  const Pod pod = DecodedPod(kPod);
  for (const auto& [key, value] : pod.meta.annotations) EXPECT_NE(value, "hunter2") << key;
}

TEST(DecodePods, AcceptsAPodOfWhichNothingIsKnownYet) {
  const Pod pod = DecodedPod(R"({"metadata":{"name":"a","creationTimestamp":null},"spec":null,
                                 "status":{"containerStatuses":null,"conditions":[]}})");
  EXPECT_EQ(pod.meta.name, "a");
  EXPECT_EQ(pod.meta.creation, Time{});
  EXPECT_TRUE(pod.containers.empty());
}

TEST(DecodePods, AppendsPageAfterPage) {
  Decoder decoder;
  std::vector<Pod> pods;
  for (const char* name : {"a", "b", "c"}) {
    const Page page(ListOf(fmt::format(R"({{"metadata":{{"name":"{}"}}}})", name)));
    ASSERT_TRUE(decoder.Pods(page.Padded(), pods).has_value());
  }
  ASSERT_EQ(pods.size(), 3U);
  EXPECT_EQ(pods[2].meta.name, "c");
}

TEST(DecodePods, GrowsWithLargerPagesAndReadsUnpaddedOnes) {
  Decoder decoder;
  std::vector<Pod> pods;
  std::string items = R"({"metadata":{"name":"a"}})";
  for (int i = 0; i < 10; ++i) items += "," + items;  // 1,024 pods in the end
  const Page small(ListOf(R"({"metadata":{"name":"first"}})"));
  const Page large(ListOf(items));
  ASSERT_TRUE(decoder.Pods(small.Padded(0), pods).has_value());
  ASSERT_TRUE(decoder.Pods(large.Padded(0), pods).has_value());
  ASSERT_TRUE(decoder.Pods(small.Padded(), pods).has_value());
  ASSERT_EQ(pods.size(), 1026U);
  EXPECT_EQ(pods.front().meta.name, "first");
  EXPECT_EQ(pods[1024].meta.name, "a");
  EXPECT_EQ(pods.back().meta.name, "first");
}

}  // namespace
}  // namespace datafly::kinds

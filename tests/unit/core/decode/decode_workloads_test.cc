#include "tests/unit/core/decode/decode_support.h"

namespace datafly::kinds {
namespace {

constexpr std::string_view kDeployment = R"({
  "apiVersion": "apps/v1", "kind": "Deployment",
  "metadata": {"name": "event-processor", "namespace": "datafly", "generation": 7,
    "annotations": {"deployment.kubernetes.io/revision": "4"}},
  "spec": {
    "replicas": 3, "paused": true, "minReadySeconds": 5, "progressDeadlineSeconds": 600,
    "selector": {"matchLabels": {"app": "p"}, "matchExpressions": [
      {"key": "tier", "operator": "In", "values": ["back", "middle"]}]},
    "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "10%"}},
    "template": {
      "metadata": {"labels": {"app": "p"}},
      "spec": {
        "initContainers": [{"name": "migrate", "image": "m:1"}],
        "containers": [{
          "name": "processor", "image": "p:1",
          "env": [{"name": "DATABASE_URL", "value": "postgres://u:hunter2@db"},
                  {"name": "JWT_SECRET", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
          "resources": {"requests": {"cpu": "250m"}, "limits": {"cpu": 1, "memory": "512Mi"}},
          "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 5},
          "livenessProbe": {"tcpSocket": {"port": 8080}, "failureThreshold": 9},
          "startupProbe": {"exec": {"command": ["true"]}, "initialDelaySeconds": 2},
          "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}}}],
        "terminationGracePeriodSeconds": 45, "serviceAccountName": "processor",
        "schedulerName": "default-scheduler", "imagePullSecrets": [{"name": "pull"}],
        "nodeSelector": {"disk": "ssd"},
        "affinity": {"nodeAffinity": {}, "podAntiAffinity": {}},
        "topologySpreadConstraints": [{"maxSkew": 1}],
        "tolerations": [{"operator": "Exists"}]}}},
  "status": {"observedGeneration": 6, "replicas": 4, "updatedReplicas": 2, "readyReplicas": 3,
    "availableReplicas": 1, "conditions": [{"type": "Progressing", "status": "True"}]}
})";

Workload Decoded(std::string_view json) {
  auto workload = DecodeWorkload(json);
  EXPECT_TRUE(workload.has_value()) << workload.error().message;
  return workload.value_or(Workload{});
}

TEST(DecodeWorkloads, ReadsSpec) {
  const Workload w = Decoded(kDeployment);
  EXPECT_EQ(w.Id(), "Deployment/event-processor");
  EXPECT_EQ(w.meta.generation, 7);
  EXPECT_EQ(w.meta.annotations.at("deployment.kubernetes.io/revision"), "4");
  EXPECT_EQ(w.replicas, 3);
  EXPECT_TRUE(w.paused);
  EXPECT_EQ(w.min_ready_seconds, 5);
  EXPECT_EQ(w.progress_deadline_seconds, 600);
  EXPECT_EQ(w.strategy, "RollingUpdate");
  EXPECT_EQ(w.max_surge.value, 1);
  EXPECT_FALSE(w.max_surge.percent);
  EXPECT_EQ(w.max_unavailable.value, 10);
  EXPECT_TRUE(w.max_unavailable.percent);
}

TEST(DecodeWorkloads, ReadsSelector) {
  const LabelSelector selector = Decoded(kDeployment).selector;
  EXPECT_EQ(selector.match_labels.at("app"), "p");
  ASSERT_EQ(selector.expressions.size(), 1U);
  EXPECT_EQ(selector.expressions[0].key, "tier");
  EXPECT_EQ(selector.expressions[0].op, "In");
  EXPECT_EQ(selector.expressions[0].values, (std::vector<std::string>{"back", "middle"}));
}

TEST(DecodeWorkloads, ReadsPodTemplate) {
  const PodTemplate pod = Decoded(kDeployment).pod;
  EXPECT_EQ(pod.labels.at("app"), "p");
  EXPECT_EQ(pod.termination_grace_seconds, 45);
  EXPECT_EQ(pod.service_account, "processor");
  EXPECT_EQ(pod.scheduler_name, "default-scheduler");
  EXPECT_EQ(pod.image_pull_secrets, std::vector<std::string>{"pull"});
  EXPECT_EQ(pod.node_selector.at("disk"), "ssd");
  EXPECT_TRUE(pod.has_node_affinity);
  EXPECT_TRUE(pod.has_pod_anti_affinity);
  EXPECT_TRUE(pod.has_topology_spread);
  EXPECT_TRUE(pod.tolerates_anything);
  ASSERT_EQ(pod.init_containers.size(), 1U);
  EXPECT_EQ(pod.init_containers[0].name, "migrate");
}

TEST(DecodeWorkloads, ReadsContainers) {
  const ContainerSpec container = Decoded(kDeployment).pod.containers.at(0);
  EXPECT_EQ(container.name, "processor");
  EXPECT_EQ(container.image, "p:1");
  EXPECT_TRUE(container.has_pre_stop);
  EXPECT_FALSE(container.restart_always);
  EXPECT_EQ(FormatAmounts(container.limits), "cpu=1000m memory=536870912000m");
}

TEST(DecodeWorkloads, ALimitWithoutARequestIsARequest) {
  const ContainerSpec container = Decoded(kDeployment).pod.containers.at(0);
  EXPECT_EQ(FormatAmounts(container.requests), "cpu=250m memory=536870912000m");
}

TEST(DecodeWorkloads, ReadsProbesOverTheServersDefaults) {
  const ContainerSpec container = Decoded(kDeployment).pod.containers.at(0);
  ASSERT_TRUE(container.readiness && container.liveness && container.startup);
  EXPECT_EQ(container.readiness->handler, "httpGet");
  EXPECT_EQ(container.readiness->period_seconds, 5);
  EXPECT_EQ(container.readiness->failure_threshold, 3);
  EXPECT_EQ(container.liveness->handler, "tcpSocket");
  EXPECT_EQ(container.liveness->failure_threshold, 9);
  EXPECT_EQ(container.startup->handler, "exec");
  EXPECT_EQ(container.startup->initial_delay_seconds, 2);
}

TEST(DecodeWorkloads, KeepsNamesOfTheEnvironmentOnly) {
  const ContainerSpec container = Decoded(kDeployment).pod.containers.at(0);
  EXPECT_EQ(container.env_names, (std::vector<std::string>{"DATABASE_URL", "JWT_SECRET"}));
}

TEST(DecodeWorkloads, ReadsStatus) {
  const Workload w = Decoded(kDeployment);
  EXPECT_EQ(w.observed_generation, 6);
  EXPECT_EQ(w.status_replicas, 4);
  EXPECT_EQ(w.updated_replicas, 2);
  EXPECT_EQ(w.ready_replicas, 3);
  EXPECT_EQ(w.available_replicas, 1);
  ASSERT_EQ(w.conditions.size(), 1U);
  EXPECT_EQ(w.conditions[0].type, "Progressing");
}

TEST(DecodeWorkloads, LeavesWhatARenderedManifestOmits) {
  const Workload w = Decoded(R"({"kind":"Deployment","metadata":{"name":"a"},"spec":{}})");
  EXPECT_EQ(w.replicas, std::nullopt);
  EXPECT_EQ(w.strategy, "RollingUpdate");
  EXPECT_EQ(w.max_surge.value, 25);
  EXPECT_TRUE(w.max_surge.percent);
  EXPECT_EQ(w.pod.termination_grace_seconds, 30);
  EXPECT_FALSE(w.pod.tolerates_anything);
}

TEST(DecodeWorkloads, AcceptsWholeFloatsOfRenderedYaml) {
  EXPECT_EQ(Decoded(R"({"kind":"Deployment","spec":{"replicas":2e0}})").replicas, 2);
}

TEST(DecodeWorkloads, ReadsAStatefulSet) {
  const Workload w = Decoded(R"({"kind":"StatefulSet","metadata":{"name":"a"},
    "spec":{"updateStrategy":{"type":"OnDelete"}},"status":{"replicas":2}})");
  EXPECT_EQ(w.strategy, "OnDelete");
  EXPECT_EQ(w.max_surge.value, 0);
  EXPECT_EQ(w.max_unavailable.value, 1);
  EXPECT_FALSE(w.max_unavailable.percent);
  EXPECT_EQ(w.status_replicas, 2);
}

TEST(DecodeWorkloads, ReadsAPartition) {
  const Workload w = Decoded(R"({"kind":"StatefulSet","metadata":{"name":"a"},"spec":{
    "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}}}})");
  EXPECT_EQ(w.strategy, "RollingUpdate");
  EXPECT_EQ(w.partition, 2);
}

TEST(DecodeWorkloads, KeepsADaemonSetsTemplateGeneration) {
  const Workload w = Decoded(R"({"kind":"DaemonSet","metadata":{"name":"a","annotations":{
    "deprecated.daemonset.template.generation":"7","other":"secret"}}})");
  EXPECT_EQ(w.meta.annotations.size(), 1U);
  EXPECT_EQ(w.meta.annotations.at("deprecated.daemonset.template.generation"), "7");
}

TEST(DecodeWorkloads, ADaemonSetWantsWhatIsScheduled) {
  const Page page(ListOf(R"({"metadata":{"name":"a"},"spec":{"updateStrategy":{
      "type":"RollingUpdate","rollingUpdate":{"maxSurge":0,"maxUnavailable":2}}},
      "status":{"desiredNumberScheduled":5,"currentNumberScheduled":4,"updatedNumberScheduled":3,
      "numberReady":2,"numberAvailable":1,"observedGeneration":1}})"));
  std::vector<Workload> workloads;
  Decoder decoder;
  ASSERT_TRUE(decoder.Workloads(page.Padded(), "DaemonSet", workloads).has_value());
  const Workload& w = workloads.at(0);
  EXPECT_EQ(w.kind, "DaemonSet");
  EXPECT_EQ(w.DesiredReplicas(), 5);
  EXPECT_EQ(w.status_replicas, 4);
  EXPECT_EQ(w.updated_replicas, 3);
  EXPECT_EQ(w.ready_replicas, 2);
  EXPECT_EQ(w.available_replicas, 1);
  EXPECT_EQ(w.max_unavailable.value, 2);
}

TEST(DecodeWorkloads, RefusesAnotherKind) {
  const auto workload = DecodeWorkload(R"({"kind":"CronJob","metadata":{"name":"a"}})");
  ASSERT_FALSE(workload.has_value());
  EXPECT_EQ(workload.error().message,
            "the JSON's root: expected a Deployment, StatefulSet or DaemonSet");
}

TEST(DecodePdbs, ReadsSpecAndStatus) {
  const auto pdb = DecodePdb(R"({"metadata":{"name":"gateway"},
    "spec":{"minAvailable":"50%","selector":{"matchLabels":{"app":"g"}}},
    "status":{"disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":3,"expectedPods":4,
      "conditions":[{"type":"DisruptionAllowed","status":"True"}]}})");
  ASSERT_TRUE(pdb.has_value()) << pdb.error().message;
  EXPECT_EQ(pdb->meta.name, "gateway");
  ASSERT_TRUE(pdb->min_available.has_value());
  EXPECT_EQ(pdb->min_available->value, 50);
  EXPECT_TRUE(pdb->min_available->percent);
  EXPECT_FALSE(pdb->max_unavailable.has_value());
  EXPECT_EQ(pdb->selector.match_labels.at("app"), "g");
  EXPECT_EQ(pdb->disruptions_allowed, 1);
  EXPECT_EQ(pdb->current_healthy, 2);
  EXPECT_EQ(pdb->desired_healthy, 3);
  EXPECT_EQ(pdb->expected_pods, 4);
  EXPECT_EQ(pdb->conditions.size(), 1U);
}

TEST(DecodePdbs, ReadsWholeNumbers) {
  const auto pdb = DecodePdb(R"({"spec":{"maxUnavailable":0}})");
  ASSERT_TRUE(pdb && pdb->max_unavailable.has_value());
  EXPECT_EQ(pdb->max_unavailable->value, 0);
  EXPECT_FALSE(pdb->max_unavailable->percent);
}

}  // namespace
}  // namespace datafly::kinds

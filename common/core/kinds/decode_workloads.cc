#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

namespace {

void ReadAffinity(const Value& spec, PodTemplate& out) {
  const auto affinity = spec.Child("affinity");
  if (!affinity) return;
  out.has_node_affinity = affinity->Has("nodeAffinity");
  out.has_pod_anti_affinity = affinity->Has("podAntiAffinity");
}

void ReadPodSpec(const Value& spec, PodTemplate& out) {
  spec.Field("initContainers", out.init_containers);
  spec.Field("containers", out.containers);
  spec.Field("terminationGracePeriodSeconds", out.termination_grace_seconds);
  spec.Field("serviceAccountName", out.service_account);
  spec.Field("schedulerName", out.scheduler_name);
  spec.ForEachIn("imagePullSecrets", [&](const Value& secret) {
    if (!secret.session().Spend(sizeof(std::string))) return;
    secret.Field("name", out.image_pull_secrets.emplace_back());
  });
  spec.Field("nodeSelector", out.node_selector);
  ReadAffinity(spec, out);
  out.has_topology_spread = spec.HasItems("topologySpreadConstraints");
  out.tolerates_anything = spec.HasItems("tolerations");
}

void ReadTemplate(const Value& pod_template, PodTemplate& out) {
  if (const auto meta = pod_template.Child("metadata")) meta->Field("labels", out.labels);
  if (const auto spec = pod_template.Child("spec")) ReadPodSpec(*spec, out);
}

/// What the API server writes where nothing is written (pkg/apis/apps/v1/defaults.go).
void SetStrategyDefaults(Workload& out) {
  out.strategy = "RollingUpdate";
  if (out.kind == "Deployment") return;
  out.max_surge = {0, false};
  out.max_unavailable = {1, false};
}

void ReadStrategy(const Value& spec, Workload& out) {
  SetStrategyDefaults(out);
  const auto strategy = spec.Child(out.kind == "Deployment" ? "strategy" : "updateStrategy");
  if (!strategy) return;
  strategy->Field("type", out.strategy);
  if (const auto rolling = strategy->Child("rollingUpdate")) {
    rolling->Field("maxSurge", out.max_surge);
    rolling->Field("maxUnavailable", out.max_unavailable);
    rolling->Field("partition", out.partition);
  }
}

void ReadSpec(const Value& spec, Workload& out) {
  spec.Field("replicas", out.replicas);
  spec.Field("selector", out.selector);
  ReadStrategy(spec, out);
  spec.Field("paused", out.paused);
  spec.Field("minReadySeconds", out.min_ready_seconds);
  spec.Field("progressDeadlineSeconds", out.progress_deadline_seconds);
  if (const auto pod_template = spec.Child("template")) ReadTemplate(*pod_template, out.pod);
}

void ReadDaemonSetStatus(const Value& status, Workload& out) {
  status.Field("desiredNumberScheduled", out.replicas);
  status.Field("currentNumberScheduled", out.status_replicas);
  status.Field("updatedNumberScheduled", out.updated_replicas);
  status.Field("numberReady", out.ready_replicas);
  status.Field("numberAvailable", out.available_replicas);
}

void ReadStatus(const Value& status, Workload& out) {
  status.Field("observedGeneration", out.observed_generation);
  status.Field("conditions", out.conditions);
  if (out.kind == "DaemonSet") return ReadDaemonSetStatus(status, out);
  status.Field("replicas", out.status_replicas);
  status.Field("updatedReplicas", out.updated_replicas);
  status.Field("readyReplicas", out.ready_replicas);
  status.Field("availableReplicas", out.available_replicas);
  status.Field("updateRevision", out.update_revision);
}

}  // namespace

void ReadItem(const Value& item, Workload& out) {
  item.Field("metadata", out.meta);
  if (const auto spec = item.Child("spec")) ReadSpec(*spec, out);
  if (const auto status = item.Child("status")) ReadStatus(*status, out);
}

void ReadItem(const Value& item, Pdb& out) {
  item.Field("metadata", out.meta);
  if (const auto spec = item.Child("spec")) {
    spec->Field("selector", out.selector);
    spec->Field("minAvailable", out.min_available);
    spec->Field("maxUnavailable", out.max_unavailable);
  }
  if (const auto status = item.Child("status")) {
    status->Field("disruptionsAllowed", out.disruptions_allowed);
    status->Field("currentHealthy", out.current_healthy);
    status->Field("desiredHealthy", out.desired_healthy);
    status->Field("expectedPods", out.expected_pods);
    status->Field("conditions", out.conditions);
  }
}

}  // namespace datafly::kinds

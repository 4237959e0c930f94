#pragma once

#include "common/core/facts/describe.h"
#include "common/core/kinds/cluster.h"
#include "common/core/kinds/pods.h"
#include "common/core/kinds/workloads.h"

/// The descriptions of kinds/ (describe.h says how). Names are the API's where it has one.
namespace datafly::kinds {

constexpr std::string_view NameOf(ContainerState::Kind kind) {
  using enum ContainerState::Kind;
  switch (kind) {
    case None:
      return "none";
    case Waiting:
      return "waiting";
    case Running:
      return "running";
    case Terminated:
      return "terminated";
  }
  return {};
}

}  // namespace datafly::kinds

namespace datafly {

template <class V>
constexpr void Describe(V& v, Type<kinds::OwnerReference>) {
  using S = kinds::OwnerReference;
  v.Name("OwnerReference");
  v.Field("kind", &S::kind);
  v.Field("name", &S::name);
  v.Field("uid", &S::uid);
}
static_assert(DescribedWhole<kinds::OwnerReference>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ObjectMeta>) {
  using S = kinds::ObjectMeta;
  v.Name("ObjectMeta");
  v.Field("name", &S::name);
  v.Field("namespace", &S::name_space);
  v.Field("uid", &S::uid);
  v.Field("labels", &S::labels);
  v.Field("annotations", &S::annotations);
  v.Field("creationTimestamp", &S::creation);
  v.Field("deletionTimestamp", &S::deletion);
  v.Field("generation", &S::generation);
  v.Field("controller", &S::controller);
}
static_assert(DescribedWhole<kinds::ObjectMeta>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Condition>) {
  using S = kinds::Condition;
  v.Name("Condition");
  v.Field("type", &S::type);
  v.Field("status", &S::status);
  v.Field("reason", &S::reason);
  v.Field("message", &S::message);
  v.Field("lastTransitionTime", &S::last_transition);
}
static_assert(DescribedWhole<kinds::Condition>);

template <class V>
constexpr void Describe(V& v, Type<kinds::IntOrPercent>) {
  using S = kinds::IntOrPercent;
  v.Name("IntOrPercent");
  v.Field("amount", &S::value);
  v.Field("percent", &S::percent);
}
static_assert(DescribedWhole<kinds::IntOrPercent>);

template <class V>
constexpr void Describe(V& v, Type<kinds::LabelSelector::Expression>) {
  using S = kinds::LabelSelector::Expression;
  v.Name("LabelSelectorRequirement");
  v.Field("key", &S::key);
  v.Field("operator", &S::op);
  v.Field("values", &S::values);
}
static_assert(DescribedWhole<kinds::LabelSelector::Expression>);

template <class V>
constexpr void Describe(V& v, Type<kinds::LabelSelector>) {
  using S = kinds::LabelSelector;
  v.Name("LabelSelector");
  v.Field("matchLabels", &S::match_labels);
  v.Field("matchExpressions", &S::expressions);
}
static_assert(DescribedWhole<kinds::LabelSelector>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Taint>) {
  using S = kinds::Taint;
  v.Name("Taint");
  v.Field("key", &S::key);
  v.Field("effect", &S::effect);
}
static_assert(DescribedWhole<kinds::Taint>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Node>) {
  using S = kinds::Node;
  v.Name("Node");
  v.Field("metadata", &S::meta);
  v.Field("capacity", &S::capacity);
  v.Field("allocatable", &S::allocatable);
  v.Field("unschedulable", &S::unschedulable);
  v.Field("taints", &S::taints);
  v.Field("conditions", &S::conditions);
  v.Field("operatingSystem", &S::os);
  v.Field("architecture", &S::architecture);
  v.Field("kubeletVersion", &S::kubelet_version);
  v.Field("containerRuntimeVersion", &S::container_runtime);
}
static_assert(DescribedWhole<kinds::Node>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ResourceQuota>) {
  using S = kinds::ResourceQuota;
  v.Name("ResourceQuota");
  v.Field("metadata", &S::meta);
  v.Field("scopes", &S::scopes);
  v.Field("hasScopeSelector", &S::has_scope_selector);
  v.Field("hard", &S::hard);
  v.Field("used", &S::used);
}
static_assert(DescribedWhole<kinds::ResourceQuota>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ServerVersion>) {
  using S = kinds::ServerVersion;
  v.Name("ServerVersion");
  v.Field("gitVersion", &S::git_version);
  v.Field("platform", &S::platform);
}
static_assert(DescribedWhole<kinds::ServerVersion>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ContainerState>) {
  using S = kinds::ContainerState;
  v.Name("ContainerState");
  v.Field("kind", &S::kind);
  v.Field("reason", &S::reason);
  v.Field("message", &S::message);
  v.Field("exitCode", &S::exit_code);
  v.Field("signal", &S::signal);
  v.Field("startedAt", &S::started_at);
  v.Field("finishedAt", &S::finished_at);
}
static_assert(DescribedWhole<kinds::ContainerState>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ContainerStatus>) {
  using S = kinds::ContainerStatus;
  v.Name("ContainerStatus");
  v.Field("name", &S::name);
  v.Field("image", &S::image);
  v.Field("imageID", &S::image_id);
  v.Field("init", &S::init);
  v.Field("restartAlways", &S::restart_always);
  v.Field("started", &S::started);
  v.Field("ready", &S::ready);
  v.Field("restartCount", &S::restart_count);
  v.Field("state", &S::state);
  v.Field("lastState", &S::last_state);
}
static_assert(DescribedWhole<kinds::ContainerStatus>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Pod>) {
  using S = kinds::Pod;
  v.Name("Pod");
  v.Field("metadata", &S::meta);
  v.Field("nodeName", &S::node);
  v.Field("phase", &S::phase);
  v.Field("reason", &S::reason);
  v.Field("message", &S::message);
  v.Field("startTime", &S::start_time);
  v.Field("requests", &S::requests);
  v.Field("conditions", &S::conditions);
  v.Field("containers", &S::containers);
}
static_assert(DescribedWhole<kinds::Pod>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Probe>) {
  using S = kinds::Probe;
  v.Name("Probe");
  v.Field("handler", &S::handler);
  v.Field("initialDelaySeconds", &S::initial_delay_seconds);
  v.Field("periodSeconds", &S::period_seconds);
  v.Field("timeoutSeconds", &S::timeout_seconds);
  v.Field("failureThreshold", &S::failure_threshold);
  v.Field("successThreshold", &S::success_threshold);
}
static_assert(DescribedWhole<kinds::Probe>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ContainerSpec>) {
  using S = kinds::ContainerSpec;
  v.Name("Container");
  v.Field("name", &S::name);
  v.Field("image", &S::image);
  v.Field("requests", &S::requests);
  v.Field("limits", &S::limits);
  v.Field("readinessProbe", &S::readiness);
  v.Field("livenessProbe", &S::liveness);
  v.Field("startupProbe", &S::startup);
  v.Field("hasPreStop", &S::has_pre_stop);
  v.Field("restartAlways", &S::restart_always);
  v.Field("envNames", &S::env_names);
}
static_assert(DescribedWhole<kinds::ContainerSpec>);

template <class V>
constexpr void Describe(V& v, Type<kinds::PodTemplate>) {
  using S = kinds::PodTemplate;
  v.Name("PodTemplate");
  v.Field("labels", &S::labels);
  v.Field("initContainers", &S::init_containers);
  v.Field("containers", &S::containers);
  v.Field("terminationGracePeriodSeconds", &S::termination_grace_seconds);
  v.Field("serviceAccountName", &S::service_account);
  v.Field("schedulerName", &S::scheduler_name);
  v.Field("imagePullSecretNames", &S::image_pull_secrets);
  v.Field("nodeSelector", &S::node_selector);
  v.Field("hasNodeAffinity", &S::has_node_affinity);
  v.Field("hasPodAntiAffinity", &S::has_pod_anti_affinity);
  v.Field("hasTopologySpread", &S::has_topology_spread);
  v.Field("toleratesAnything", &S::tolerates_anything);
}
static_assert(DescribedWhole<kinds::PodTemplate>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Workload>) {
  using S = kinds::Workload;
  v.Name("Workload");
  v.Field("kind", &S::kind);
  v.Field("metadata", &S::meta);
  v.Field("replicas", &S::replicas);
  v.Field("selector", &S::selector);
  v.Field("strategy", &S::strategy);
  v.Field("maxSurge", &S::max_surge);
  v.Field("maxUnavailable", &S::max_unavailable);
  v.Field("partition", &S::partition);
  v.Field("paused", &S::paused);
  v.Field("minReadySeconds", &S::min_ready_seconds);
  v.Field("progressDeadlineSeconds", &S::progress_deadline_seconds);
  v.Field("template", &S::pod);
  v.Field("observedGeneration", &S::observed_generation);
  v.Field("statusReplicas", &S::status_replicas);
  v.Field("updatedReplicas", &S::updated_replicas);
  v.Field("readyReplicas", &S::ready_replicas);
  v.Field("availableReplicas", &S::available_replicas);
  v.Field("updateRevision", &S::update_revision);
  v.Field("conditions", &S::conditions);
}
static_assert(DescribedWhole<kinds::Workload>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Hpa>) {
  using S = kinds::Hpa;
  v.Name("HorizontalPodAutoscaler");
  v.Field("metadata", &S::meta);
  v.Field("targetKind", &S::target_kind);
  v.Field("targetName", &S::target_name);
  v.Field("minReplicas", &S::min_replicas);
  v.Field("maxReplicas", &S::max_replicas);
  v.Field("currentReplicas", &S::current_replicas);
  v.Field("desiredReplicas", &S::desired_replicas);
  v.Field("metrics", &S::metrics);
  v.Field("conditions", &S::conditions);
}
static_assert(DescribedWhole<kinds::Hpa>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Pdb>) {
  using S = kinds::Pdb;
  v.Name("PodDisruptionBudget");
  v.Field("metadata", &S::meta);
  v.Field("selector", &S::selector);
  v.Field("minAvailable", &S::min_available);
  v.Field("maxUnavailable", &S::max_unavailable);
  v.Field("disruptionsAllowed", &S::disruptions_allowed);
  v.Field("currentHealthy", &S::current_healthy);
  v.Field("desiredHealthy", &S::desired_healthy);
  v.Field("expectedPods", &S::expected_pods);
  v.Field("conditions", &S::conditions);
}
static_assert(DescribedWhole<kinds::Pdb>);

}  // namespace datafly

#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

struct Probe {
  std::string handler;  ///< "httpGet", "tcpSocket", "exec", "grpc"
  std::int32_t initial_delay_seconds = 0;
  std::int32_t period_seconds = 10;
  std::int32_t timeout_seconds = 1;
  std::int32_t failure_threshold = 3;
  std::int32_t success_threshold = 1;
};

struct ContainerSpec {
  std::string name;
  std::string image;
  ResourceList requests;
  ResourceList limits;
  std::optional<Probe> readiness;
  std::optional<Probe> liveness;
  std::optional<Probe> startup;
  bool has_pre_stop = false;
  bool restart_always = false;  ///< an init container that is a native sidecar
  std::vector<std::string> env_names;
};

/// PodTemplateSpec / PodSpec, reduced.
struct PodTemplate {
  std::map<std::string, std::string> labels;
  std::vector<ContainerSpec> init_containers;
  std::vector<ContainerSpec> containers;
  std::int64_t termination_grace_seconds = 30;
  std::string service_account;
  std::string scheduler_name;
  std::vector<std::string> image_pull_secrets;
  std::map<std::string, std::string> node_selector;
  bool has_node_affinity = false;
  bool has_pod_anti_affinity = false;
  bool has_topology_spread = false;
  bool tolerates_anything =
      false;  ///< any toleration present (placement is then judged as unknown, not as failing)
  /// What the scheduler counts: max(init containers, sum of containers + sidecars), per resource.
  [[nodiscard]] ResourceList EffectiveRequests() const;
  [[nodiscard]] ResourceList EffectiveLimits() const;
};

/// Deployment, StatefulSet or DaemonSet (apps/v1). In a rendered manifest the status fields are
/// zero.
struct Workload {
  std::string kind;  ///< "Deployment", "StatefulSet", "DaemonSet"
  ObjectMeta meta;
  std::optional<std::int64_t>
      replicas;  ///< spec.replicas as written; absent = not written (the server defaults to 1). A
                 ///< live DaemonSet: desiredNumberScheduled
  LabelSelector selector;
  std::string strategy;  ///< "RollingUpdate", "Recreate", "OnDelete"
  IntOrPercent max_surge{25, true};
  IntOrPercent max_unavailable{25, true};
  /// A StatefulSet's spec.updateStrategy.rollingUpdate.partition: pods of lower ordinals stay as
  /// they are.
  std::int64_t partition = 0;
  bool paused = false;
  std::int64_t min_ready_seconds = 0;
  std::optional<std::int64_t> progress_deadline_seconds;
  PodTemplate pod;

  std::int64_t observed_generation = 0;  ///< status.*
  std::int64_t status_replicas = 0;
  std::int64_t updated_replicas = 0;
  std::int64_t ready_replicas = 0;
  std::int64_t available_replicas = 0;
  std::string update_revision;  ///< StatefulSet status.updateRevision, a ControllerRevision's name
  std::vector<Condition> conditions;

  [[nodiscard]] std::string Id() const { return kind + "/" + meta.name; }
  [[nodiscard]] std::int64_t DesiredReplicas() const { return replicas.value_or(1); }
};

/// autoscaling/v2 HorizontalPodAutoscaler.
struct Hpa {
  ObjectMeta meta;
  std::string target_kind;
  std::string target_name;
  std::int64_t min_replicas = 1;
  std::int64_t max_replicas = 0;
  std::int64_t current_replicas = 0;
  std::int64_t desired_replicas = 0;
  std::vector<std::string> metrics;  ///< "cpu 80%", as kubectl describes the target
  std::vector<Condition> conditions;
};

/// policy/v1 PodDisruptionBudget.
struct Pdb {
  ObjectMeta meta;
  LabelSelector selector;
  std::optional<IntOrPercent> min_available;
  std::optional<IntOrPercent> max_unavailable;
  std::int64_t disruptions_allowed = 0;
  std::int64_t current_healthy = 0;
  std::int64_t desired_healthy = 0;
  std::int64_t expected_pods = 0;
  std::vector<Condition> conditions;
};

}  // namespace datafly::kinds

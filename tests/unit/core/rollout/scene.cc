#include "tests/unit/core/rollout/scene.h"

namespace datafly::rollout::test {

using kinds::ContainerState;
using kinds::ContainerStatus;

kinds::Workload Deployment(std::string name, std::int64_t desired) {
  kinds::Workload workload;
  workload.kind = "Deployment";
  workload.meta.name = name;
  workload.meta.uid = "deployment-" + name;
  workload.meta.generation = 2;
  workload.observed_generation = 2;
  workload.replicas = desired;
  workload.strategy = "RollingUpdate";
  workload.status_replicas = desired + 1;
  workload.updated_replicas = 1;
  workload.ready_replicas = desired;
  workload.available_replicas = desired;
  kinds::ContainerSpec app;
  app.name = "app";
  workload.pod.containers.push_back(app);
  return workload;
}

kinds::Workload Completed(kinds::Workload workload) {
  const std::int64_t desired = workload.DesiredReplicas();
  workload.status_replicas = workload.updated_replicas = desired;
  workload.ready_replicas = workload.available_replicas = desired;
  return workload;
}

kinds::ReplicaSet ReplicaSetOf(const kinds::Workload& workload, std::string suffix,
                               std::int64_t revision) {
  kinds::ReplicaSet set;
  set.meta.name = workload.meta.name + "-" + suffix;
  set.meta.uid = "replicaset-" + set.meta.name;
  set.meta.annotations["deployment.kubernetes.io/revision"] = std::to_string(revision);
  set.meta.controller = {workload.kind, workload.meta.name, workload.meta.uid};
  return set;
}

kinds::Pod PodOf(const kinds::ReplicaSet& replica_set, std::string suffix) {
  kinds::Pod pod;
  pod.meta.name = replica_set.meta.name + "-" + suffix;
  pod.meta.uid = "pod-" + pod.meta.name;
  pod.meta.creation = kStart;
  pod.meta.controller = {"ReplicaSet", replica_set.meta.name, replica_set.meta.uid};
  pod.node = "node-1";
  pod.phase = "Pending";
  pod.conditions.push_back({"PodScheduled", "True", "", "", kStart});
  pod.conditions.push_back({"Ready", "False", "ContainersNotReady", "", kStart});
  pod.containers.push_back(Waiting("ContainerCreating"));
  return pod;
}

ContainerStatus Waiting(std::string reason, std::string message) {
  ContainerStatus container;
  container.name = "app";
  container.image = "registry.example/app:v2";
  container.state.kind = ContainerState::Kind::Waiting;
  container.state.reason = std::move(reason);
  container.state.message = std::move(message);
  return container;
}

ContainerStatus Running(double since, bool ready) {
  ContainerStatus container = Waiting({});
  container.state.kind = ContainerState::Kind::Running;
  container.state.started_at = At(since);
  container.started = true;
  container.ready = ready;
  return container;
}

static ContainerState EndOf(std::int32_t exit_code, double at, std::string reason) {
  ContainerState state;
  state.kind = ContainerState::Kind::Terminated;
  state.exit_code = exit_code;
  state.reason = std::move(reason);
  state.finished_at = At(at);
  return state;
}

ContainerStatus Ended(std::int32_t exit_code, double at, std::int64_t restarts,
                      std::string reason) {
  ContainerStatus container = Waiting({});
  container.state = EndOf(exit_code, at, std::move(reason));
  container.restart_count = restarts;
  return container;
}

ContainerStatus BackOff(std::int32_t exit_code, double at, std::int64_t restarts) {
  ContainerStatus container = Waiting("CrashLoopBackOff", "back-off 10s restarting failed");
  container.last_state = EndOf(exit_code, at, "Error");
  container.restart_count = restarts;
  return container;
}

kinds::Pod With(kinds::Pod pod, ContainerStatus container) {
  if (container.state.kind != ContainerState::Kind::Waiting) pod.phase = "Running";
  pod.containers.back() = std::move(container);
  return pod;
}

kinds::Pod WithInit(kinds::Pod pod, std::string name, ContainerStatus container) {
  container.name = std::move(name);
  container.init = true;
  pod.containers.insert(pod.containers.begin(), std::move(container));
  return pod;
}

kinds::Pod Ready(kinds::Pod pod) {
  pod = With(std::move(pod), Running(1, true));
  for (kinds::Condition& condition : pod.conditions) condition.status = "True";
  return pod;
}

kinds::Event EventOn(const kinds::Pod& pod, std::string reason, std::string message, double at,
                     std::string container) {
  kinds::Event event;
  event.meta.uid = fmt::format("event-{}-{}-{}", pod.meta.name, reason, at);
  event.type = "Warning";
  event.reason = std::move(reason);
  event.message = std::move(message);
  event.involved = {"Pod", pod.meta.name, pod.meta.uid,
                    container.empty() ? "" : "spec.containers{" + container + "}"};
  event.first_seen = event.last_seen = At(at);
  return event;
}

}  // namespace datafly::rollout::test

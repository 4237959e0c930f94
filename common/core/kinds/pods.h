#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// One of waiting, running, terminated (core/v1 ContainerState).
struct ContainerState {
  enum class Kind { None, Waiting, Running, Terminated } kind = Kind::None;
  std::string reason;  ///< "CrashLoopBackOff", "OOMKilled", …
  std::string message;
  std::int32_t exit_code = 0;
  std::int32_t signal = 0;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
};

struct ContainerStatus {
  std::string name;
  std::string image;
  std::string image_id;
  bool init = false;
  bool restart_always = false;  ///< an init container with restartPolicy: Always (a native sidecar)
  bool started = false;         ///< the kubelet's `started`: the startup probe has passed
  bool ready = false;
  std::int64_t restart_count = 0;
  ContainerState state;
  ContainerState last_state;
};

struct Pod {
  ObjectMeta meta;
  std::string node;  ///< spec.nodeName
  std::string phase;
  std::string reason;  ///< status.reason: "Evicted", …
  std::string message;
  std::optional<Time> start_time;
  ResourceList requests;  ///< effective, as the scheduler counts
  std::vector<Condition> conditions;
  std::vector<ContainerStatus> containers;  ///< init containers first, marked
};

/// The STATUS column of `kubectl get pods` (printPod): "Running", "Init:CrashLoopBackOff",
/// "Terminating", …
std::string DisplayStatus(const Pod& pod);
/// Running with every container ready and the Ready condition True (or Succeeded).
bool IsReady(const Pod& pod);

}  // namespace datafly::kinds

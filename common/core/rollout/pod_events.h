#pragma once

#include "common/core/rollout/pod_causes.h"

/// Causes that only a pod's events tell: volumes, the sandbox, probes, a pull secret that is not
/// there. Without events (view.events null) nothing is found. Private to rollout/.
namespace datafly::rollout {

/// The pod waits for its volumes or its sandbox, unless a later event shows that it went on.
std::optional<Cause> FindSetupCause(const PodView& view);

/// The kubelet restarts this container because a liveness or startup probe failed (event Killing).
std::optional<Cause> FindProbeKill(const kinds::ContainerStatus& container, const PodView& view);

/// The newest event Unhealthy of the container whose words begin so ("Readiness probe failed"), or
/// null.
const kinds::Event* NewestUnhealthy(std::string_view container, std::string_view probe,
                                    const PodView& view);

/// The event that says that a pull secret named by the pod does not exist, or null.
const kinds::Event* FindMissingPullSecret(const PodView& view);

/// The kubelet's event that it put the pod off, or null. It may be all that is left: a process that
/// ends with 0 when it is told to leaves a pod in phase Succeeded, without a reason.
const kinds::Event* FindEviction(const PodView& view);

}  // namespace datafly::rollout

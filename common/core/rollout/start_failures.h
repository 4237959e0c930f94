#pragma once

#include "common/core/kinds/pods.h"
#include "common/core/rollout/cause.h"

/// Containers that cannot be created or started: a missing ConfigMap, Secret or key, a command that
/// is not there.
namespace datafly::rollout {

/// A waiting reason of the kubelet for a container that it could not make.
bool IsCreateReason(std::string_view waiting_reason);
/// A terminated state of a container that never ran (StartError, ContainerCannotRun).
bool IsStartError(const kinds::ContainerState& end);

/// `state`: what says so, waiting or terminated.
Cause StartCause(const kinds::ContainerStatus& container, const kinds::ContainerState& state);

}  // namespace datafly::rollout

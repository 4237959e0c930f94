#pragma once

#include "common/core/rollout/pod_causes.h"

/// Causes that the status of one container tells (containerStatuses[] and initContainerStatuses[]).
/// Private to rollout/.
namespace datafly::rollout {

/// The state that says most about a container: its last end, or the present one; null when it has
/// never ended.
const kinds::ContainerState* LastEnd(const kinds::ContainerStatus& container);

/// "container gateway", "init container wait", "the migrations (init container migrate)".
std::string Named(const kinds::ContainerStatus& container, std::string_view migrate_container);

std::optional<Cause> FindContainerCause(const kinds::ContainerStatus& container,
                                        const PodView& view);
Cause OomCause(const kinds::ContainerStatus& container, const PodView& view);

}  // namespace datafly::rollout

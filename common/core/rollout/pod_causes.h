#pragma once

#include <optional>
#include <span>
#include <vector>

#include "common/core/kinds/events.h"
#include "common/core/kinds/pods.h"
#include "common/core/kinds/workloads.h"
#include "common/core/rollout/cause.h"

/// What keeps one pod from being Running and Ready: the one place that tells pod causes apart. The
/// preflight's checks, the tracker, health and diagnose all read it.
namespace datafly::rollout {

using EventList = std::vector<const kinds::Event*>;

/// A pod and what is known around it.
struct PodView {
  const kinds::Pod& pod;
  Time now;
  std::string_view migrate_container = {};  ///< the profile's; an init container of that name
  Millis oom_window{0};  ///< an OOM kill of a container that runs again counts for so long
  const EventList* events = nullptr;         ///< about this pod, any order; null = not known
  const kinds::PodTemplate* spec = nullptr;  ///< of its workload: the probes' own grace
};

/// The one cause of a pod; nothing for a healthy one, for one that ends within its grace, and for a
/// finished (Succeeded) one that was not put off. `workload` is left empty.
std::optional<Cause> FindPodCause(const PodView& view);

}  // namespace datafly::rollout

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/rollout/cause.h"

/// The scheduler's words (condition PodScheduled False, event FailedScheduling), counted.
namespace datafly::rollout {

/// "1 Insufficient cpu" of "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were
/// unschedulable."
struct SchedulingReason {
  std::int64_t nodes = 0;  ///< 0 when the words hold no count ("persistentvolumeclaim … not found")
  std::string words;       ///< "Insufficient cpu"
  CauseClass id = CauseClass::Unschedulable;
};

/// "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …" ->
/// "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable".
std::string_view WithoutPreemption(std::string_view scheduler_message);

/// The reasons in the scheduler's order, the preemption tail left out.
std::vector<SchedulingReason> ParseSchedulingReasons(std::string_view scheduler_message);

/// The class that a person would mend first: what is wrong with the pod itself (a claim that is not
/// there) before what is wrong with the nodes, and taints last (control-plane nodes always have
/// one). Unschedulable when no reason is known.
CauseClass ClassifyScheduling(const std::vector<SchedulingReason>& reasons);

}  // namespace datafly::rollout

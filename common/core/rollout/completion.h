#pragma once

#include <string>

#include "common/core/kinds/workloads.h"

/// When a workload's newest generation is out, by its own status (as kubectl rollout status:
/// k8s.io/kubectl pkg/polymorphichelpers/rollout_status.go).
namespace datafly::rollout {

/// Its controller has not seen the newest spec yet: the rest of the status is of an older one.
bool IsStale(const kinds::Workload& workload);

/// What a rollout would still wait for, one line; empty when it is complete. Meaningless while
/// IsStale. A StatefulSet's partition is waited for as far as it goes; with OnDelete nothing is
/// updated by itself (there kubectl refuses to judge), and what runs must be available.
std::string WaitsFor(const kinds::Workload& workload);

/// That some replicas are of an earlier revision, and stay so until somebody acts, one line; else
/// empty.
std::string LeavesBehind(const kinds::Workload& workload);

/// The condition Progressing with reason ProgressDeadlineExceeded, or null.
const kinds::Condition* FindDeadlineExceeded(const kinds::Workload& workload);

}  // namespace datafly::rollout

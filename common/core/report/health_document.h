#pragma once

#include <vector>

#include "common/core/checks/check.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// The document of `health`: a row per workload of the release (replicas, versions, restarts,
/// autoscaler, PDB, endpoints), what differs between pods of one service, the newest warnings, and
/// the causes that keep it from being well. Exit codes as for a preflight: 0 healthy, 3 not, 5 when
/// something required is unknown, 4 only warnings with fail_on_warn.
Document HealthDocument(const checks::Input& input, bool fail_on_warn);

/// The codes that decide about health: today's workloads, pods, autoscalers and the release itself.
checks::Selection HealthSelection();

}  // namespace datafly::report

#pragma once

#include <string>
#include <vector>

#include "common/core/facts/facts.h"
#include "common/core/report/cause_findings.h"
#include "common/core/report/document.h"
#include "common/core/rollout/tracker.h"

namespace datafly::report {

/// How following a rollout ended, or stands.
struct RolloutOutcome {
  bool deadline_passed = false;
  Millis deadline{0};
  std::vector<Absence> refused;  ///< kinds that may not be read; pods among them: causes unknown
};

/// The document of `rollout`: a row per workload, the certain causes, the verdict ("complete",
/// "failed", "not complete", "progressing"). Exit codes: 0 complete, 3 failed or not complete
/// within the deadline, 5 when what decides it may not be read.
Document RolloutDocument(const Scope& scope, const rollout::Progress& progress,
                         const RolloutOutcome& outcome, const Excerpts& excerpts);

/// The rows alone, as the live screen shows them.
Table RolloutTable(const rollout::Progress& progress);

}  // namespace datafly::report

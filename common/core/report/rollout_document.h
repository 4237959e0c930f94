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
  std::vector<Absence> blind;  ///< why followed workloads cannot be followed: it decides
  /// Helm still works on the release, or died over it: what it is to change may not be applied yet.
  /// One line ("revision 2 is pending-upgrade for 7m"), or empty.
  std::string lock;
  /// The cluster is not heard: what is known is of before. One line ("nothing has been heard since
  /// 12:34:56Z: connection refused by …"), or empty.
  std::string silence;
  std::vector<Absence> partly;  ///< what only causes are told by (pods, events): it does not
};

/// The document of `rollout`: a row per workload, the certain causes, the verdict ("complete",
/// "failed", "not complete", "progressing"). Exit codes: 0 complete, 3 failed or not complete
/// within the deadline, 5 when what decides it may not be read.
Document RolloutDocument(const Scope& scope, const rollout::Progress& progress,
                         const RolloutOutcome& outcome, const Excerpts& excerpts);

/// The rows alone, as the live screen shows them.
Table RolloutTable(const rollout::Progress& progress);

}  // namespace datafly::report

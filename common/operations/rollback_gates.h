#pragma once

#include <span>

#include "common/core/checks/check.h"
#include "common/core/report/document.h"
#include "common/gather/release_diff.h"
#include "common/operations/rollback.h"

namespace datafly::operations {

/// A way back as it was judged.
struct JudgedRollback {
  report::Document document;  ///< kind RollbackReport; its exit code says whether a gate is shut
  bool forces_conflicts = false;  ///< all conflicts are about replicas
  std::int64_t newest_revision = 0;
};

/// Whether the release can go back to `target`: its images still exist, its APIs are still served,
/// no claim or CRD is lost, the server takes each object. Who goes back is in trouble already: only
/// these can shut the gate, everything else of today warns, and what is not known hinders nothing.
/// Errors: somebody may be at work on the release (a lock that is not proven dead: helm rollback
/// itself looks at none), the record is not there, the release is somebody else's (Flux, Argo CD),
/// interrupted.
Result<JudgedRollback> JudgeRollback(const Work& work, const RollbackTarget& target,
                                     const gather::DiffOptions& options,
                                     std::span<const checks::Acknowledgement> acks,
                                     bool fail_on_warn = false);

/// Between the judging and the answer somebody may have changed the release. Error: Conflict.
Result<void> CheckUnmoved(const Work& work, const JudgedRollback& judged);

}  // namespace datafly::operations

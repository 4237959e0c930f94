#pragma once

#include "common/core/report/document.h"
#include "common/operations/apply.h"

namespace datafly::operations {

/// What became of an upgrade or rollback, as sections of its report: hooks that failed with their
/// last lines, then the workloads, the certain causes and the logs that tell of them.
void AddApplied(report::Document& document, const Scope& scope, const Applied& applied);

}  // namespace datafly::operations

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/release/record.h"
#include "common/core/report/document.h"
#include "common/operations/apply.h"

namespace datafly::operations {

/// What became of an upgrade or rollback, as sections of its report: hooks that failed with their
/// last lines, then the workloads, the certain causes and the logs that tell of them.
void AddApplied(report::Document& document, const Scope& scope, const Applied& applied);

/// The objects of two manifests that are not the same text, or stand in one alone: "ConfigMap/a".
/// All that differs where one of them is no YAML is "the manifest".
std::vector<std::string> ObjectsThatDiffer(std::string_view shown, std::string_view applied);

/// A section "applied" where the revision that Helm has recorded is not what was judged and shown.
void AddDifference(report::Document& document, const release::ReleaseRecord& shown,
                   const release::ReleaseRecord& applied);

}  // namespace datafly::operations

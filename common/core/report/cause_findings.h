#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/core/facts/facts.h"
#include "common/core/report/document.h"
#include "common/core/rollout/grouping.h"

namespace datafly::report {

/// Lines of evidence by object ("Pod/x"): what was read beside the status, already safe to print
/// (the last lines of a log).
using Excerpts = std::map<std::string, std::vector<std::string>>;

/// One group of causes as a finding under its catalogue code: the class's heading as title, the
/// first of them in full, a command to go on with.
ReportedFinding CauseFinding(const rollout::CauseGroup& group, CheckVerdict verdict,
                             const Scope& scope, const Excerpts& excerpts);

/// The causes as a table for machines: class, workload, object, container, since, summary.
Table CauseTable(const std::vector<rollout::CauseGroup>& groups);

}  // namespace datafly::report

#pragma once

#include <string>
#include <vector>

#include "common/core/checks/causes.h"
#include "common/core/report/cause_findings.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// The document of `diagnose`: causes with one root told once, most telling first; below them what
/// other checks of the release fail (a lock, an autoscaler without metrics). `only`: the object
/// asked about ("Pod/x", "Deployment/y"), empty for the whole release. Exit codes: 0 nothing found,
/// 3 a certain cause, 5 when pods or workloads may not be read.
Document DiagnosisDocument(const checks::Input& input, const std::string& only,
                           const std::vector<checks::FoundGroup>& groups, const Excerpts& excerpts);

}  // namespace datafly::report

#pragma once

#include "common/core/checks/check.h"
#include "common/core/report/document.h"

/// The tables of the health screen. Private to report/.
namespace datafly::report {

Table ServicesTable(const checks::Input& input);
/// What differs between pods of one workload that should be alike: image, restarts far apart, a
/// node that is not Ready. Empty when nothing does.
Table DifferencesTable(const checks::Input& input);
/// The newest events of type Warning about objects of the release, at most `most`.
Table WarningsTable(const checks::Input& input, std::size_t most);

}  // namespace datafly::report

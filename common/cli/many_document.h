#pragma once

#include <string>
#include <vector>

#include "common/cli/exit_status.h"
#include "common/core/report/document.h"

namespace datafly::cli {

/// What became of one of many installations.
struct JudgedInstallation {
  std::string context, name_space, release;
  std::string version;      ///< of the chart that is deployed
  report::Document report;  ///< in full; of one that could not be looked at, the reason
  bool looked_at = true;
};

/// The report in the place of one that could not be made: "not known", exit code 5 (not knowing is
/// never a pass, and it does not hide what was found elsewhere), with the reason and the remedy.
report::Document TroubleReport(const std::string& context, const std::string& name_space,
                               const std::string& release, const Error& error, Time now);

/// One report on many installations: a table with one row each, the reports in full behind it, the
/// worst verdict and exit code (precedence of exit codes). CouldNotDo when none could be looked at.
report::Document ManyDocument(std::string kind, std::string title,
                              std::vector<JudgedInstallation> installations);

/// "context/namespace/release" of one installation's report, as far as known.
std::string LabelOf(const report::Document& installation);

/// The finding that decides a report, in one line: "SIG-POD-002 Pod/x: …"; else its verdict's
/// detail.
std::string WorstLine(const report::Document& report);

}  // namespace datafly::cli

#pragma once

#include <string>
#include <vector>

#include "common/core/report/document.h"

namespace datafly::report {

/// One line of a section of findings on a terminal: one finding, or several that say the same.
struct FindingLine {
  CheckVerdict verdict = CheckVerdict::Unknown;
  std::string code;
  std::string title;   ///< what is checked; empty when it would not be true of a folded line
  std::string object;  ///< of the finding, or "12 Deployments"
  std::string seen;
  const ReportedFinding* detail =
      nullptr;              ///< whose evidence and remedy follow; none under a folded line
  bool show_remedy = true;  ///< false while the next line has the same remedy
};

struct FoldRules {
  bool quiet = false;        ///< leave out what passed and what was skipped
  bool fold = true;          ///< join passes of one code, and skips for one reason
  std::size_t max_like = 0;  ///< findings of one code and verdict shown one by one; 0 = all
};

/// The lines of one section, in the order of its findings; a code's failures come before its folded
/// passes.
std::vector<FindingLine> FoldFindings(const std::vector<ReportedFinding>& findings,
                                      const FoldRules& rules);

/// "Deployments" when all objects are "Deployment/…", else "objects".
std::string NounOf(const std::vector<const ReportedFinding*>& findings);

}  // namespace datafly::report

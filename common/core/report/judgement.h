#pragma once

#include <span>
#include <string>

#include "common/core/checks/check.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// How many findings there are of each verdict; acknowledged ones count as warnings.
struct Counts {
  std::size_t pass = 0, warn = 0, fail = 0, skipped = 0;
  std::size_t unknown_required = 0, unknown_advisory = 0;
};
Counts CountVerdicts(std::span<const checks::FamilyResult> results);

/// What a judgement comes to, by the exit codes of both plugins: 3 a check failed, 5 something
/// required is unknown, 4 warnings (only with fail_on_warn), else 0. Failing beats unknown beats
/// warnings.
struct Verdict {
  std::string word;    ///< "go", "go with warnings", "no-go", "not known"
  std::string detail;  ///< one line: what decides it
  int exit_code = 0;
};
Verdict JudgeCounts(const Counts& counts, bool fail_on_warn);

/// Where it was looked: context, server, namespace, release, as far as known.
void AddScope(Document& document, const Scope& scope);

/// The document of a judging command: the scope, one section per family, the verdict. `kind` is the
/// JSON kind ("PreflightReport").
Document JudgementDocument(std::string kind, std::string title, const Facts& facts,
                           std::span<const checks::FamilyResult> results, bool fail_on_warn);

/// What the step to the target changes, field by field, as a section: shown wide and in files, for
/// the screen's table has the checks of it (SIG-CHG-…). Nothing where it is not known.
void AddChanges(Document& document, const Facts& facts);

}  // namespace datafly::report

#include "common/core/report/health_document.h"

#include "common/core/report/health_services.h"
#include "common/core/report/judgement.h"

namespace datafly::report {

namespace {

constexpr std::size_t kMostWarnings = 5;

std::string_view HealthWord(int exit_code) {
  switch (exit_code) {
    case 0:
      return "healthy";
    case 4:
      return "healthy with warnings";
    case 5:
      return "not known";
    default:
      return "unhealthy";
  }
}

void AddTable(Document& document, std::string name, std::string title, Table table) {
  if (!table.rows.empty())
    document.sections.push_back({std::move(name), std::move(title), std::move(table)});
}

}  // namespace

checks::Selection HealthSelection() {
  return {.only = {"SIG-WRK", "SIG-POD", "SIG-DIA", "SIG-HPA", "SIG-TLS", "SIG-REL", "SIG-LAG",
                   "SIG-MIG"},
          .skip = {}};
}

Document HealthDocument(const checks::Input& input, bool fail_on_warn) {
  const auto results = checks::JudgeAll(input, HealthSelection(), {});
  const Facts& facts = input.facts;
  Document document = JudgementDocument("HealthReport", "Health of release " + facts.scope.release,
                                        facts, results, fail_on_warn);
  const bool warnings = document.verdict == "go with warnings";
  document.verdict = warnings ? "healthy with warnings" : HealthWord(document.exit_code);
  document.brief = true;
  if (facts.workloads) {
    document.sections.insert(document.sections.begin(),
                             {"services", "Services", ServicesTable(input)});
  }
  AddTable(document, "differences", "Pods of one service that differ", DifferencesTable(input));
  AddTable(document, "warnings", "Newest warnings", WarningsTable(input, kMostWarnings));
  return document;
}

}  // namespace datafly::report

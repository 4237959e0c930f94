#include "common/core/report/judgement.h"

#include "common/core/base/text.h"

namespace datafly::report {
namespace {

void Count(const Finding& finding, Counts& counts) {
  switch (finding.verdict) {
    case CheckVerdict::Pass:
      ++counts.pass;
      break;
    case CheckVerdict::Warn:
      ++counts.warn;
      break;
    case CheckVerdict::Fail:
      ++counts.fail;
      break;
    case CheckVerdict::Skipped:
      ++counts.skipped;
      break;
    case CheckVerdict::Unknown:
      ++(finding.requirement == Requirement::Required ? counts.unknown_required
                                                      : counts.unknown_advisory);
      break;
  }
}

std::string Plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

ReportedFinding WithCatalogue(const Finding& finding) {
  ReportedFinding reported{finding, finding.code, {}, {}};
  if (const checks::CheckSpec* spec = checks::FindSpec(finding.code)) {
    reported.title = spec->title;
    reported.why = spec->why;
    reported.docs = "docs/checks.md#" + ToLower(finding.code);
  }
  return reported;
}

Section ToSection(const checks::FamilyResult& result) {
  Section section{std::string(result.family->name), std::string(result.family->title), {}};
  std::vector<ReportedFinding> findings;
  findings.reserve(result.findings.size());
  for (const Finding& finding : result.findings) findings.push_back(WithCatalogue(finding));
  section.body = std::move(findings);
  return section;
}

void AddContext(Document& document, std::string name, std::string value) {
  if (!value.empty()) document.context.emplace_back(std::move(name), std::move(value));
}

void AddRelease(Document& document, const Facts& facts) {
  if (!facts.release) return;
  const ReleaseFacts& release = *facts.release;
  AddContext(document, "revision", fmt::format("{} ({})", release.revision, release.status));
  AddContext(document, "chart", fmt::format("{} {}", release.chart_name, release.chart_version));
}

}  // namespace

Counts CountVerdicts(std::span<const checks::FamilyResult> results) {
  Counts counts;
  for (const auto& result : results) {
    for (const Finding& finding : result.findings) Count(finding, counts);
  }
  return counts;
}

Verdict JudgeCounts(const Counts& counts, bool fail_on_warn) {
  if (counts.fail > 0) {
    return {"no-go", Plural(counts.fail, "check failed", "checks failed"), 3};
  }
  if (counts.unknown_required > 0) {
    return {"not known",
            Plural(counts.unknown_required, "required check could not be made",
                   "required checks could not be made"),
            5};
  }
  if (counts.warn > 0) {
    return {"go with warnings", Plural(counts.warn, "warning", "warnings"), fail_on_warn ? 4 : 0};
  }
  if (counts.pass == 0) return {"not known", "nothing was checked", 5};
  return {"go", Plural(counts.pass, "check passed", "checks passed"), 0};
}

void AddScope(Document& document, const Scope& scope) {
  AddContext(document, "context", scope.context);
  AddContext(document, "server", scope.server);
  AddContext(document, "namespace", scope.name_space);
  AddContext(document, "release", scope.release);
}

Document JudgementDocument(std::string kind, std::string title, const Facts& facts,
                           std::span<const checks::FamilyResult> results, bool fail_on_warn) {
  Document document;
  document.kind = std::move(kind);
  document.title = std::move(title);
  document.tool_version = facts.tool_version;
  document.taken_at = facts.taken_at;
  AddScope(document, facts.scope);
  AddRelease(document, facts);
  if (facts.target) {
    AddContext(document, "target",
               fmt::format("{} {}", facts.target->chart_name, facts.target->chart_version));
  }
  for (const auto& result : results) {
    if (!result.findings.empty()) document.sections.push_back(ToSection(result));
  }
  Verdict verdict = JudgeCounts(CountVerdicts(results), fail_on_warn);
  document.verdict = std::move(verdict.word);
  document.verdict_detail = std::move(verdict.detail);
  document.exit_code = verdict.exit_code;
  return document;
}

void AddChanges(Document& document, const Facts& facts) {
  if (!facts.target || !facts.target->changes) return;
  // They were redacted when they were gathered; a snapshot is a file like any other.
  document.sections.push_back({"diff", "What the step changes, field by field",
                               diff::Redact(*facts.target->changes, {}), /*wide_only=*/true});
}

}  // namespace datafly::report

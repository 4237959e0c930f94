#include "common/core/report/history_document.h"

#include "common/core/report/judgement.h"

namespace datafly::report {

namespace {

using journal::Operation;
using journal::Phase;
using journal::Verdict;

Cell::Tone ToneOf(const Operation& operation) {
  if (operation.phase != Phase::Done) return Cell::Tone::Warn;
  if (operation.verdict == Verdict::Verified) return Cell::Tone::Good;
  return operation.verdict == Verdict::Failed ? Cell::Tone::Bad : Cell::Tone::Warn;
}

/// "verified"; of an operation that is under way or was killed, how far it came.
Cell VerdictOf(const std::optional<Operation>& operation) {
  if (!operation) return {"-", Cell::Tone::Dim};
  if (operation->phase != Phase::Done)
    return {fmt::format("not ended ({})", journal::ToString(operation->phase)), ToneOf(*operation)};
  return {std::string(journal::ToString(operation->verdict)), ToneOf(*operation)};
}

std::string HowOf(const std::optional<Operation>& operation) {
  if (!operation) return "helm";
  if (operation->kind == journal::Kind::Rollback)
    return fmt::format("rollback to {}", operation->back_to);
  return std::string(journal::ToString(operation->kind));
}

std::string TookOf(const std::optional<Operation>& operation) {
  if (!operation || operation->phase != Phase::Done) return "-";
  return FormatAge(operation->changed_at - operation->started_at);
}

std::string WhyOf(const HistoryRow& row) {
  if (row.operation && !row.operation->reason.empty()) return row.operation->reason;
  return row.description;
}

Cell StatusOf(const std::string& status) {
  if (status == "deployed") return {status, Cell::Tone::Good};
  if (status == "failed") return {status, Cell::Tone::Bad};
  return {status, status.starts_with("pending") ? Cell::Tone::Warn : Cell::Tone::Dim};
}

Table RevisionTable(const HistoryReport& report) {
  Table table;
  table.columns = {{"REVISION", false, true},
                   {"UPDATED"},
                   {"STATUS"},
                   {"CHART"},
                   {"APP", true, false, 1},
                   {"HOW"},
                   {"VERDICT"},
                   {"TOOK", true, true, 1},
                   {"BY", true, false, 2},
                   {"WHY", false, false, 3}};
  for (auto row = report.rows.rbegin(); row != report.rows.rend(); ++row) {
    table.rows.push_back({{fmt::format("{}", row->revision)},
                          {row->updated ? FormatTime(*row->updated) : "?"},
                          StatusOf(row->status),
                          {row->chart_version},
                          {row->app_version},
                          {HowOf(row->operation)},
                          VerdictOf(row->operation),
                          {TookOf(row->operation)},
                          {row->operation ? row->operation->who : "-"},
                          {WhyOf(*row)}});
  }
  return table;
}

Table OtherTable(const std::vector<Operation>& operations) {
  Table table;
  table.columns = {{"STARTED"}, {"BY", true, false, 2}, {"OPERATION", false, false, 3}};
  for (auto one = operations.rbegin(); one != operations.rend(); ++one) {
    table.rows.push_back(
        {{FormatTime(one->started_at)}, {one->who}, {journal::InWords(*one), ToneOf(*one)}});
  }
  return table;
}

}  // namespace

Document HistoryDocument(const HistoryReport& report) {
  Document document;
  document.kind = "HistoryReport";
  document.title = "History of release " + report.scope.release;
  document.tool_version = report.tool_version;
  document.taken_at = report.taken_at;
  AddScope(document, report.scope);
  document.sections.push_back({"revisions", "Revisions", RevisionTable(report)});
  if (!report.others.empty())
    document.sections.push_back(
        {"operations", "Operations that made no revision of these", OtherTable(report.others)});
  std::string notes;
  for (const std::string& strange : report.strange) notes += strange + "\n";
  if (report.no_journal) {
    notes += fmt::format("the journal could not be read: {}\n", report.no_journal->reason);
    document.exit_code = 5;
    document.verdict = "not known";
    document.verdict_detail = "what was verified stands in the journal, which could not be read";
  }
  if (!notes.empty()) document.sections.push_back({"notes", "Notes", Text{notes}});
  return document;
}

}  // namespace datafly::report

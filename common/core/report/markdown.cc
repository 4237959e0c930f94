#include "common/core/report/data.h"
#include "common/core/report/diff_markdown.h"
#include "common/core/report/fold.h"
#include "common/core/report/markup.h"
#include "common/core/report/render.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

using Findings = std::vector<ReportedFinding>;

std::string Row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string MarkAndWord(CheckVerdict verdict) {
  return fmt::format("{} {}", Mark(verdict), ToString(verdict));
}

std::string Header(const Document& document) {
  std::string out;
  const bool counted = HasFindings(document) || !document.installations.empty();
  std::string counts = counted ? CountsInWords(Summarize(document)) : "";
  if (!document.verdict.empty() || !counts.empty()) {
    out += fmt::format("**{} {}** {}\n\n", Mark(OverallVerdict(document)),
                       MarkdownText(document.verdict), counts);
  }
  if (!document.verdict_detail.empty()) {
    out += fmt::format("{}\n\n", MarkdownText(document.verdict_detail));
  }
  return out;
}

std::string Context(const Document& document) {
  std::string out = "| | |\n|---|---|\n";
  for (const auto& [key, value] : document.context) {
    out += Row({MarkdownText(key), MarkdownText(value)});
  }
  out += Row({"taken at", FormatTime(document.taken_at)});
  if (!document.tool_version.empty()) {
    out += Row({"tool version", MarkdownText(document.tool_version)});
  }
  return out;
}

/// What is to be done about one finding, below its section's table.
std::string Details(const ReportedFinding& reported) {
  const Finding& finding = reported.finding;
  std::string_view note = Note(finding);
  std::string out =
      fmt::format("\n**{} {}** {}: {}{}\n", Mark(finding.verdict), MarkdownText(finding.code),
                  MarkdownText(finding.object), MarkdownText(finding.seen),
                  note.empty() ? "" : fmt::format(" ({})", note));
  if (!finding.needs.empty()) out += fmt::format("\nNeeds: {}\n", MarkdownText(finding.needs));
  if (!finding.acknowledged.empty()) {
    out += fmt::format("\nAcknowledged: {}\n", MarkdownText(finding.acknowledged));
  }
  if (!reported.why.empty()) out += fmt::format("\nWhy: {}\n", MarkdownText(reported.why));
  if (!finding.evidence.empty()) {
    out += "\n" + MarkdownBlock(fmt::format("{}", fmt::join(finding.evidence, "\n")), "text");
  }
  for (const RemedyPart& part : ParseRemedy(finding.remedy)) {
    out += "\n" + (part.command ? MarkdownBlock(part.text, "sh") : MarkdownText(part.text) + "\n");
  }
  return out;
}

std::string ObjectAndSeen(const FindingLine& line) {
  if (line.object.empty() || line.seen.empty()) return line.object + line.seen;
  return fmt::format("{}: {}", line.object, line.seen);
}

std::string Body(const Findings& findings) {
  if (findings.empty()) return "Nothing was checked.\n";
  std::string out = "| | Code | Check | Seen |\n|---|---|---|---|\n";
  std::string details;
  for (const FindingLine& line : FoldFindings(findings, {})) {
    out += Row({MarkAndWord(line.verdict), MarkdownText(line.code), MarkdownText(line.title),
                MarkdownText(ObjectAndSeen(line))});
    if (line.detail != nullptr && NeedsSomebody(line.verdict)) details += Details(*line.detail);
  }
  return out + details;
}

std::string Body(const Table& table) {
  std::vector<std::string> titles;
  std::string rule = "|";
  for (const Column& column : table.columns) {
    titles.push_back(MarkdownText(column.title));
    rule += column.right_aligned ? "---:|" : "---|";
  }
  std::string out = Row(titles) + rule + "\n";
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string> cells;
    for (std::size_t c = 0; c < titles.size(); ++c) {
      cells.push_back(c < row.size() ? MarkdownText(row[c].text) : "");
    }
    out += Row(cells);
  }
  return out;
}

std::string Body(const Text& text) { return MarkdownBlock(text.text, "text"); }

std::string Body(const diff::ShownDiff& diff) { return DiffMarkdownBody(diff.get(), "###"); }

std::string Sections(const Document& document, std::string_view heading) {
  std::string out;
  for (const Section& section : document.sections) {
    out += fmt::format("\n{} {}\n\n", heading, MarkdownText(section.title));
    out += std::visit([](const auto& body) { return Body(body); }, section.body);
  }
  return out;
}

}  // namespace

std::string RenderMarkdown(const Document& document) {
  std::string out =
      fmt::format("# {}\n\n", MarkdownText(document.title)) + Header(document) + Context(document);
  out += Sections(document, "##");
  for (const Document& one : document.installations) {
    out += fmt::format("\n## {}\n\n", MarkdownText(one.title)) + Header(one) + Context(one);
    out += Sections(one, "###");
  }
  return out;
}

}  // namespace datafly::report

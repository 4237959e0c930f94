#include "common/cli/many_document.h"

namespace datafly::cli {
namespace {

using report::Cell;

/// Orders findings by how much they decide; 0 decides nothing.
int Weight(const Finding& finding) {
  const bool required = finding.requirement == Requirement::Required;
  switch (finding.verdict) {
    case CheckVerdict::Fail:
      return 4;
    case CheckVerdict::Unknown:
      return required ? 3 : 1;
    case CheckVerdict::Warn:
      return 2;
    case CheckVerdict::Pass:
    case CheckVerdict::Skipped:
      break;
  }
  return 0;
}

const Finding* WorstFinding(const report::Document& report) {
  const Finding* worst = nullptr;
  for (const report::Section& section : report.sections) {
    const auto* findings = std::get_if<std::vector<report::ReportedFinding>>(&section.body);
    if (findings == nullptr) continue;
    for (const auto& reported : *findings) {
      const int weight = Weight(reported.finding);
      if (weight > (worst == nullptr ? 0 : Weight(*worst))) worst = &reported.finding;
    }
  }
  return worst;
}

Cell::Tone ToneOf(int exit_code, std::size_t warnings) {
  if (exit_code == 0) return warnings > 0 ? Cell::Tone::Warn : Cell::Tone::Good;
  return exit_code == 4 || exit_code == 5 ? Cell::Tone::Warn : Cell::Tone::Bad;
}

Cell CountCell(std::size_t count, Cell::Tone tone) {
  return {fmt::format("{}", count), count == 0 ? Cell::Tone::Dim : tone};
}

std::vector<Cell> RowOf(const JudgedInstallation& one) {
  const auto or_dash = [](const std::string& text) { return Cell{text.empty() ? "-" : text}; };
  const report::Summary summary = report::Summarize(one.report);
  return {or_dash(one.context),
          or_dash(one.name_space),
          or_dash(one.release),
          or_dash(one.version),
          {one.report.verdict, ToneOf(one.report.exit_code, summary.warn)},
          CountCell(summary.fail, Cell::Tone::Bad),
          CountCell(summary.warn, Cell::Tone::Warn),
          CountCell(summary.unknown, Cell::Tone::Warn),
          CountCell(summary.pass, Cell::Tone::Plain),
          {WorstLine(one.report)}};
}

std::set<std::string> ContextsOf(const std::vector<JudgedInstallation>& installations) {
  std::set<std::string> contexts;
  for (const JudgedInstallation& one : installations) contexts.insert(one.context);
  return contexts;
}

report::Table TableOf(const std::vector<JudgedInstallation>& installations) {
  report::Table table;
  table.columns = {{"CONTEXT", ContextsOf(installations).size() < 2},
                   {"NAMESPACE"},
                   {"RELEASE"},
                   {"VERSION"},
                   {"VERDICT"},
                   {"FAIL", false, true},
                   {"WARN", false, true},
                   {"UNKNOWN", false, true},
                   {"PASS", false, true},
                   {"WORST", false, false, 1}};
  for (const JudgedInstallation& one : installations) table.rows.push_back(RowOf(one));
  return table;
}

/// "1 no-go, 2 go", the worst first.
std::string CountByVerdict(const std::vector<JudgedInstallation>& installations) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const JudgedInstallation& one : installations) {
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& count) {
      return count.first == one.report.verdict;
    });
    if (known == counts.end())
      counts.emplace_back(one.report.verdict, 1);
    else
      ++known->second;
  }
  std::vector<std::string> words;
  for (const auto& [verdict, count] : counts) words.push_back(fmt::format("{} {}", count, verdict));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::string LabelOf(const report::Document& installation) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : installation.context) {
    if (key == "context" || key == "namespace" || key == "release") parts.push_back(value);
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

std::string WorstLine(const report::Document& report) {
  const Finding* worst = WorstFinding(report);
  if (worst == nullptr) return report.verdict_detail;
  const std::string object = worst->object.empty() ? "" : worst->object + ": ";
  return fmt::format("{} {}{}", worst->code, object, worst->seen);
}

report::Document TroubleReport(const std::string& context, const std::string& name_space,
                               const std::string& release, const Error& error, Time now) {
  report::Document report;
  report.title = "Not looked at";
  report.taken_at = now;
  for (const auto& [key, value] :
       {std::pair{"context", &context}, std::pair{"namespace", &name_space},
        std::pair{"release", &release}}) {
    if (!value->empty()) report.context.emplace_back(key, *value);
  }
  std::string text = error.message;
  if (!error.remedy.empty()) text += "\n" + error.remedy;
  report.sections.push_back({"reason", "Reason", report::Text{std::move(text)}});
  report.verdict = "not known";
  report.verdict_detail = error.message;
  report.exit_code = static_cast<int>(ExitStatus::NotChecked);
  return report;
}

report::Document ManyDocument(std::string kind, std::string title,
                              std::vector<JudgedInstallation> installations) {
  report::Document document;
  document.kind = std::move(kind);
  document.title = std::move(title);
  const std::set<std::string> contexts = ContextsOf(installations);
  if (contexts.size() == 1 && !contexts.begin()->empty())
    document.context.emplace_back("context", *contexts.begin());
  document.sections.push_back({"installations", "Installations", TableOf(installations)});
  std::vector<ExitStatus> statuses;
  for (const JudgedInstallation& one : installations) {
    statuses.push_back(static_cast<ExitStatus>(one.report.exit_code));
    document.taken_at = std::max(document.taken_at, one.report.taken_at);
    if (!one.report.tool_version.empty()) document.tool_version = one.report.tool_version;
  }
  // The worst first, so that the words of the verdict are its.
  auto by_weight = installations;
  std::stable_sort(by_weight.begin(), by_weight.end(), [](const auto& a, const auto& b) {
    const auto first = static_cast<ExitStatus>(a.report.exit_code);
    const auto second = static_cast<ExitStatus>(b.report.exit_code);
    return first != second && Worst({first, second}) == first;
  });
  document.verdict = by_weight.empty() ? "not known" : by_weight.front().report.verdict;
  document.verdict_detail = CountByVerdict(by_weight);
  const bool any = std::any_of(installations.begin(), installations.end(),
                               [](const auto& one) { return one.looked_at; });
  document.exit_code = static_cast<int>(any ? Worst(statuses) : ExitStatus::CouldNotDo);
  for (JudgedInstallation& one : installations) {
    one.report.title = fmt::format("{}: {}", LabelOf(one.report), one.report.title);
    document.installations.push_back(std::move(one.report));
  }
  return document;
}

}  // namespace datafly::cli

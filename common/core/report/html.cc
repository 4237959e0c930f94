#include "common/core/report/diff_html.h"
#include "common/core/report/diff_html_fields.h"
#include "common/core/report/fold.h"
#include "common/core/report/html_findings.h"
#include "common/core/report/html_style.h"
#include "common/core/report/markup.h"
#include "common/core/report/render.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

std::string Capitalised(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string_view ToneClass(Cell::Tone tone) {
  switch (tone) {
    case Cell::Tone::Plain:
      return "";
    case Cell::Tone::Good:
      return "tone pass";
    case Cell::Tone::Warn:
      return "tone warn";
    case Cell::Tone::Bad:
      return "tone fail";
    case Cell::Tone::Dim:
      return "label";
  }
  return "";
}

std::string CountItem(CheckVerdict verdict, std::size_t count, std::string_view word) {
  if (count == 0) return "";
  return fmt::format("<li class=\"{}\"><strong>{} {}</strong> {}</li>\n", ToString(verdict),
                     Mark(verdict), count, word);
}

std::string Counts(const Summary& summary) {
  std::string items =
      CountItem(CheckVerdict::Fail, summary.fail, "failed") +
      CountItem(CheckVerdict::Warn, summary.warn, summary.warn == 1 ? "warning" : "warnings") +
      CountItem(CheckVerdict::Unknown, summary.unknown, "unknown") +
      CountItem(CheckVerdict::Pass, summary.pass, "passed") +
      CountItem(CheckVerdict::Skipped, summary.skipped, "skipped");
  if (items.empty()) return "<p>Nothing was checked.</p>\n";
  return fmt::format("<ul class=\"counts\">\n{}</ul>\n", items);
}

std::string Banner(const Document& document) {
  CheckVerdict overall = OverallVerdict(document);
  std::string detail = document.verdict_detail.empty()
                           ? ""
                           : fmt::format("<p>{}</p>\n", XmlText(document.verdict_detail));
  const bool counted = HasFindings(document) || !document.installations.empty();
  std::string counts = counted ? Counts(Summarize(document)) : "";
  if (document.verdict.empty() && detail.empty() && counts.empty()) return "";
  return fmt::format("<div class=\"banner {}\">\n<p class=\"verdict\">{} {}</p>\n{}{}</div>\n",
                     ToString(overall), Mark(overall), XmlText(Capitalised(document.verdict)),
                     detail, counts);
}

std::string ContextTable(const Document& document) {
  std::string rows;
  auto add = [&rows](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n",
                        XmlText(Capitalised(key)), XmlText(value));
  };
  for (const auto& [key, value] : document.context) add(key, value);
  add("taken at", FormatTime(document.taken_at));
  add("tool version", document.tool_version);
  return fmt::format("<table class=\"facts\"><tbody>\n{}</tbody></table>\n", rows);
}

std::string Context(const Document& document) {
  return "<h2>Where and when</h2>\n" + ContextTable(document);
}

std::string HtmlTable(const Table& table) {
  std::string head;
  for (const Column& column : table.columns) {
    head += fmt::format("<th scope=\"col\"{}>{}</th>",
                        column.right_aligned ? " class=\"right\"" : "", XmlText(column.title));
  }
  std::string rows;
  for (const std::vector<Cell>& row : table.rows) {
    rows += "<tr>";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      Cell cell = c < row.size() ? row[c] : Cell{};
      rows += fmt::format("<td{}><span class=\"{}\">{}</span></td>",
                          table.columns[c].right_aligned ? " class=\"right\"" : "",
                          ToneClass(cell.tone), XmlText(cell.text));
    }
    rows += "</tr>\n";
  }
  return fmt::format("<table><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table>\n", head, rows);
}

class HtmlBody {
 public:
  void Add(const Section& section, int level = 2) {
    std::string label = XmlText(section.title);
    level_ = level;
    std::string body = std::visit([&](const auto& b) { return BodyOf(b, label); }, section.body);
    std::string id = sections_.Next("section-" + section.name);
    html_ += fmt::format(
        "<section aria-labelledby=\"{0}\">\n<h{3} id=\"{0}\">{1}</h{3}>\n{2}</section>\n", id,
        label, body, level);
  }

  /// One of many installations: its own verdict and place, then its sections.
  void AddInstallation(const Document& document) {
    const std::string id = sections_.Next("installation");
    html_ += fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}{3}", id,
                         XmlText(document.title), Banner(document), ContextTable(document));
    for (const Section& section : document.sections) Add(section, 3);
    html_ += "</section>\n";
  }

  [[nodiscard]] const std::string& html() const { return html_; }

 private:
  std::string BodyOf(const std::vector<ReportedFinding>& findings, const std::string&) {
    return HtmlFindings(findings, codes_);
  }
  /// A table may be wider than the page; a keyboard must be able to scroll it.
  static std::string BodyOf(const Table& table, const std::string& label) {
    return fmt::format(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n{}</div>\n",
        label, HtmlTable(table));
  }
  static std::string BodyOf(const Text& text, const std::string&) {
    return fmt::format("<pre>{}</pre>\n", XmlLines(text.text));
  }

  std::string BodyOf(const diff::ShownDiff& diff, const std::string&) {
    return DiffHtmlBody(diff.get(), level_ + 1, objects_);
  }

  int level_ = 2;  ///< of the section's own heading
  HtmlAnchors objects_;
  HtmlAnchors codes_;
  HtmlAnchors sections_;
  std::string html_;
};

int Urgency(CheckVerdict verdict) {
  return verdict == CheckVerdict::Fail ? 0 : verdict == CheckVerdict::Unknown ? 1 : 2;
}

/// What needs somebody, the most urgent first; of many like findings the first few.
std::vector<FindingLine> TodoLines(const Document& document) {
  FoldRules rules;
  rules.quiet = true;
  rules.max_like = 3;
  std::vector<FindingLine> todo;
  for (const Section& section : document.sections) {
    const auto* findings = std::get_if<std::vector<ReportedFinding>>(&section.body);
    if (findings == nullptr) continue;
    std::vector<FindingLine> lines = FoldFindings(*findings, rules);
    todo.insert(todo.end(), lines.begin(), lines.end());
  }
  std::stable_sort(todo.begin(), todo.end(), [](const FindingLine& a, const FindingLine& b) {
    return Urgency(a.verdict) < Urgency(b.verdict);
  });
  return todo;
}

std::string TodoItem(const FindingLine& line) {
  bool one = line.detail != nullptr;  // else a count, whose objects the sections list
  std::string what = XmlText(line.object);
  if (one && !what.empty()) what += ": ";
  if (one) what += XmlText(line.seen);
  return fmt::format(
      "<li><span class=\"mark {0}\">{1} {0}</span> <a class=\"code\" href=\"#{2}\">{3}</a> "
      "{4}</li>\n",
      ToString(line.verdict), Mark(line.verdict), Anchor(line.code), XmlText(line.code), what);
}

std::string Todo(const Document& document) {
  std::string items;
  for (const FindingLine& line : TodoLines(document)) items += TodoItem(line);
  if (items.empty()) return "";
  return fmt::format(
      "<nav aria-labelledby=\"todo\">\n<h2 id=\"todo\">What needs attention</h2>\n"
      "<ul class=\"todo\">\n{}</ul>\n</nav>\n",
      items);
}

bool HasDiff(const Document& document) {
  return std::any_of(document.sections.begin(), document.sections.end(),
                     [](const Section& section) {
                       return std::holds_alternative<diff::ShownDiff>(section.body);
                     }) ||
         std::any_of(document.installations.begin(), document.installations.end(), HasDiff);
}

}  // namespace

std::string RenderHtml(const Document& document) {
  HtmlBody body;
  for (const Section& section : document.sections) body.Add(section);
  for (const Document& one : document.installations) body.AddInstallation(one);
  std::string title = XmlText(document.title);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n{}<title>{}</title>\n<style>{}{}</style>\n"
      "</head>\n<body>\n<main>\n<header>\n<h1>{}</h1>\n{}</header>\n{}{}{}"
      "<footer><p>{} · exit code {}</p></footer>\n</main>\n</body>\n</html>\n",
      HtmlHead(), title, HtmlStyle(), HasDiff(document) ? DiffStyle() : "", title, Banner(document),
      Context(document), Todo(document), body.html(), XmlText(document.kind), document.exit_code);
}

}  // namespace datafly::report

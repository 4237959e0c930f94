#include "common/core/report/html_findings.h"

#include "common/core/report/markup.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

std::string Paragraph(std::string_view label, const std::string& text) {
  if (text.empty()) return "";
  return fmt::format("<p><span class=\"label\">{}:</span> {}</p>\n", label, XmlText(text));
}

std::string Evidence(const std::vector<std::string>& evidence) {
  if (evidence.empty()) return "";
  std::string lines = XmlLines(fmt::format("{}", fmt::join(evidence, "\n")));
  return fmt::format("<p class=\"label\">Evidence:</p>\n<pre>{}</pre>\n", lines);
}

std::string Remedy(std::string_view remedy) {
  std::vector<RemedyPart> parts = ParseRemedy(remedy);
  if (parts.empty()) return "";
  std::string out = "<p class=\"label\">Remedy:</p>\n";
  for (const RemedyPart& part : parts) {
    std::string text = XmlText(part.text);
    out += part.command ? fmt::format("<pre><code>{}</code></pre>\n", text)
                        : fmt::format("<p>{}</p>\n", text);
  }
  return out;
}

std::string Article(const ReportedFinding& reported, const std::string& id) {
  const Finding& finding = reported.finding;
  std::string_view note = Note(finding);
  std::string object =
      finding.object.empty() ? "" : fmt::format("<strong>{}</strong>: ", XmlText(finding.object));
  std::string out = fmt::format(
      "<article class=\"finding {0}\" id=\"{1}\">\n"
      "<h3><span class=\"badge\">{2} {0}{3}</span> <a class=\"code\" href=\"#{1}\">{4}</a></h3>\n"
      "<p>{5}{6}</p>\n",
      ToString(finding.verdict), id, Mark(finding.verdict),
      note.empty() ? "" : fmt::format(" ({})", note), XmlText(finding.code), object,
      XmlText(finding.seen));
  out += Paragraph("What was checked", reported.title);
  out += Paragraph("Why it matters", reported.why);
  out += Paragraph("Needs", finding.needs);
  out += Paragraph("Acknowledged", finding.acknowledged);
  out += Evidence(finding.evidence) + Remedy(finding.remedy) + Paragraph("Details", reported.docs);
  return out + "</article>\n";
}

std::string Row(const ReportedFinding& reported, const std::string& id) {
  const Finding& finding = reported.finding;
  std::string object = finding.object.empty() ? "" : XmlText(finding.object) + ": ";
  return fmt::format(
      "<tr id=\"{}\"><td><span class=\"mark {}\">{} {}</span></td>"
      "<td><span class=\"code\">{}</span></td><td>{}</td><td>{}{}</td></tr>\n",
      id, ToString(finding.verdict), Mark(finding.verdict), ToString(finding.verdict),
      XmlText(finding.code), XmlText(reported.title), object, XmlText(finding.seen));
}

}  // namespace

std::string HtmlAnchors::Next(std::string_view code) {
  std::string anchor = Anchor(code);
  int times = ++used_[anchor];
  return times == 1 ? anchor : fmt::format("{}--{}", anchor, times);
}

std::string HtmlFindings(const std::vector<ReportedFinding>& findings, HtmlAnchors& anchors) {
  if (findings.empty()) return "<p>Nothing was checked.</p>\n";
  std::string articles;
  for (const ReportedFinding& reported : findings) {
    if (!NeedsSomebody(reported.finding.verdict)) continue;
    articles += Article(reported, anchors.Next(reported.finding.code));
  }
  std::string rows;
  for (const ReportedFinding& reported : findings) {
    if (NeedsSomebody(reported.finding.verdict)) continue;
    rows += Row(reported, anchors.Next(reported.finding.code));
  }
  if (rows.empty()) return articles;
  return articles +
         fmt::format(
             "<table class=\"checks\"><thead><tr><th scope=\"col\">Verdict</th>"
             "<th scope=\"col\">Code</th><th scope=\"col\">Check</th><th scope=\"col\">Seen</th>"
             "</tr></thead><tbody>\n{}</tbody></table>\n",
             rows);
}

}  // namespace datafly::report

#include "common/core/report/diff_html_fields.h"

#include <nlohmann/json.hpp>

#include "common/core/manifest/yaml.h"
#include "common/core/report/data.h"
#include "common/core/report/markup.h"

namespace datafly::report {

namespace {

using diff::FieldChange;

constexpr std::size_t kLongList = 60;  // a list or map longer than this is told as YAML

std::string SafeText(std::string_view text) { return XmlText(EscapeHazards(text)); }

/// A value as code, within `tag` (ins, del, strong).
std::string Value(std::string_view tag, const std::string& json) {
  const bool list = !json.empty() && (json.front() == '{' || json.front() == '[');
  if (list && json.size() > kLongList) {
    auto value = nlohmann::ordered_json::parse(json, nullptr, false);
    if (value.is_structured()) {
      return fmt::format("<{0}><code class=\"block\">{1}</code></{0}>", tag,
                         XmlLines(EscapeHazards(yaml::EmitOrdered(value))));
    }
  }
  return fmt::format("<{0}><code>{1}</code></{0}>", tag, SafeText(json));
}

std::string Sentence(const Telling& telling) {
  std::string out;
  if (telling.old_value) out += Value("del", *telling.old_value);
  if (telling.old_value && telling.new_value) out += " → ";
  if (telling.new_value) out += Value("ins", *telling.new_value);
  if (!out.empty() && !telling.rest.empty()) out += ", ";
  for (const Piece& piece : telling.rest) {
    const bool words = piece.role == Piece::Role::Words;
    const bool fresh = piece.role == Piece::Role::New;
    out += words ? XmlText(piece.text) : Value(fresh ? "ins" : "strong", piece.text);
  }
  return out;
}

std::string Line(const diff::TextLine& line) {
  const std::string text = SafeText(line.text);
  switch (line.mark) {
    case '-':
      return fmt::format("<del>- {}</del>\n", text);
    case '+':
      return fmt::format("<ins>+ {}</ins>\n", text);
    case '@':
      return fmt::format("<span class=\"label\">… {}</span>\n", text);
    default:
      return fmt::format("  {}\n", text);
  }
}

std::string Lines(const std::vector<diff::TextLine>& lines) {
  if (lines.empty()) return "";
  std::string out = "<pre class=\"text\">";
  for (const diff::TextLine& line : lines) out += Line(line);
  return out + "</pre>";
}

std::string Inside(const FieldChange& field) {
  std::string rows;
  for (const FieldChange& inner : field.inside) rows += HtmlFieldRow(inner);
  return HtmlFieldTable(rows, SafeText(field.path));
}

std::string RowOf(std::string_view mark, std::string_view path, const std::string& change) {
  return fmt::format(
      "<tr><td class=\"label\">{}</td><td class=\"path\"><code>{}</code></td><td>{}</td></tr>\n",
      mark, SafeText(path.empty() ? kWholeValue : path), change);
}

}  // namespace

std::string HtmlFieldRow(const FieldChange& field, std::string_view where) {
  std::string change = Sentence(Tell(field));
  if (!where.empty()) change += fmt::format(" <strong>{}</strong>", XmlText(where));
  if (!field.secret) change += Lines(field.lines) + Inside(field);
  const bool drift = field.origin == diff::Origin::Drift;
  return RowOf(drift ? "≠" : Mark(field.op), field.path, change);
}

std::string HtmlFieldRow(std::string_view mark, std::string_view path, const Telling& telling) {
  return RowOf(mark, path, Sentence(telling));
}

std::string HtmlFieldTable(std::string_view rows, std::string_view label) {
  if (rows.empty()) return "";
  return fmt::format(
      "<table class=\"fields\" aria-label=\"{}\"><thead><tr><td></td>"
      "<th scope=\"col\">Field</th><th scope=\"col\">Change</th></tr></thead><tbody>\n{}</tbody>"
      "</table>\n",
      label, rows);
}

std::string_view DiffStyle() {
  return R"css(
del { color: var(--fail); text-decoration: none; }
ins { color: var(--pass); text-decoration: none; }
.fields { table-layout: fixed; }
.fields thead td { width: 2rem; }
.fields th:nth-child(2) { width: 38%; }
.fields .fields thead { display: none; }
.fields .fields td:first-child { width: 2rem; }
.path { color: var(--soft); }
code.block { display: block; white-space: pre-wrap; }
.text { margin-top: .35rem; white-space: pre-wrap; }
@media (max-width: 40rem) {
  .fields thead { display: none; }
  .fields tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  .fields td { display: inline; border: 0; padding: 0 .5rem 0 0; }
}
)css";
}

}  // namespace datafly::report

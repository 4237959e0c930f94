#include "common/core/report/data.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/report/diff_data.h"
#include "common/core/report/render.h"

namespace datafly::report {

namespace {

using Json = nlohmann::ordered_json;

std::string_view ToString(Requirement requirement) {
  return requirement == Requirement::Required ? "required" : "advisory";
}

Json FindingData(const ReportedFinding& reported) {
  const Finding& finding = reported.finding;
  return Json{
      {"code", finding.code},
      {"title", reported.title},
      {"verdict", std::string(datafly::ToString(finding.verdict))},
      {"requirement", std::string(ToString(finding.requirement))},
      {"object", finding.object},
      {"seen", finding.seen},
      {"why", reported.why},
      {"remedy", finding.remedy},
      {"evidence", Json(finding.evidence)},
      {"needs", finding.needs},
      {"docs", reported.docs},
      {"acknowledged", finding.acknowledged},
  };
}

void AddBody(Json& section, const std::vector<ReportedFinding>& findings) {
  section["type"] = "findings";
  section["findings"] = Json::array();
  for (const ReportedFinding& reported : findings)
    section["findings"].push_back(FindingData(reported));
}

void AddBody(Json& section, const Table& table) {
  section["type"] = "table";
  section["rows"] = Json::array();
  std::vector<std::string> keys = ColumnKeys(table);
  for (const std::vector<Cell>& row : table.rows) {
    Json object = Json::object();
    for (std::size_t c = 0; c < keys.size(); ++c)
      object[keys[c]] = c < row.size() ? row[c].text : "";
    section["rows"].push_back(std::move(object));
  }
}

void AddBody(Json& section, const Text& text) {
  section["type"] = "text";
  section["text"] = text.text;
}

void AddBody(Json& section, const diff::ShownDiff& diff) {
  section["type"] = "diff";
  section["diff"] = ToData(diff.get());
}

Json SectionData(const Section& section) {
  Json data = {{"name", section.name}, {"title", section.title}};
  std::visit([&data](const auto& body) { AddBody(data, body); }, section.body);
  return data;
}

Json SummaryData(const Summary& summary) {
  return Json{{"pass", summary.pass},
              {"warn", summary.warn},
              {"fail", summary.fail},
              {"unknown", summary.unknown},
              {"skipped", summary.skipped}};
}

/// Bytes at `at` of a character that a terminal could act on or be misled by: DEL, C1, U+202A..E,
/// U+2066..9; else 0.
std::size_t HazardLength(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  if (byte(at) == 0x7F) return 1;
  if (byte(at) == 0xC2 && byte(at + 1) >= 0x80 && byte(at + 1) <= 0x9F) return 2;
  if (byte(at) != 0xE2) return 0;
  bool embedding = byte(at + 1) == 0x80 && byte(at + 2) >= 0xAA && byte(at + 2) <= 0xAE;
  bool isolate = byte(at + 1) == 0x81 && byte(at + 2) >= 0xA6 && byte(at + 2) <= 0xA9;
  return embedding || isolate ? 3 : 0;
}

/// The code point of a UTF-8 sequence of 1 to 3 bytes.
unsigned CodePoint(std::string_view sequence) {
  auto low = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]) & 0x3FU; };
  if (sequence.size() == 1) return static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 2)
    return ((static_cast<unsigned char>(sequence[0]) & 0x1FU) << 6U) | low(1);
  return ((static_cast<unsigned char>(sequence[0]) & 0x0FU) << 12U) | (low(1) << 6U) | low(2);
}

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// What a whole report and the report on one installation in it both tell.
void AddJudgement(Json& data, const Document& document) {
  data["takenAt"] = FormatTime(document.taken_at);
  data["context"] = Json::object();
  for (const auto& [key, value] : document.context) data["context"][key] = value;
  data["verdict"] = document.verdict;
  data["verdictDetail"] = document.verdict_detail;
  data["exitCode"] = document.exit_code;
  data["summary"] = SummaryData(Summarize(document));
  data["sections"] = Json::array();
  for (const Section& section : document.sections) data["sections"].push_back(SectionData(section));
}

Json InstallationData(const Document& document) {
  Json data = {{"title", document.title}};
  AddJudgement(data, document);
  return data;
}

}  // namespace

nlohmann::ordered_json ToData(const Document& document) {
  Json data = {
      {"schemaVersion", std::string(kSchemaVersion)},
      {"kind", document.kind},
      {"title", document.title},
      {"toolVersion", document.tool_version},
  };
  AddJudgement(data, document);
  if (document.installations.empty()) return data;
  data["installations"] = Json::array();
  for (const Document& one : document.installations)
    data["installations"].push_back(InstallationData(one));
  return data;
}

std::string EscapeHazards(std::string_view text) {
  std::string safe;
  safe.reserve(text.size() + 1);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t hazard = HazardLength(text, at);
    if (hazard > 0) safe += fmt::format("\\u{:04x}", CodePoint(text.substr(at, hazard)));
    if (hazard == 0) safe += text[at];
    at += std::max<std::size_t>(hazard, 1);
  }
  return safe;
}

std::string DumpJson(const nlohmann::ordered_json& data) {
  return EscapeHazards(data.dump(2, ' ', false, Json::error_handler_t::replace)) += '\n';
}

std::string CamelCase(std::string_view title) {
  std::string out;
  bool word_starts = false;
  for (char c : ToLower(title)) {
    if (!IsLetterOrDigit(c)) {
      word_starts = !out.empty();
      continue;
    }
    out += word_starts ? Upper(c) : c;
    word_starts = false;
  }
  return out.empty() ? "column" : out;
}

std::vector<std::string> ColumnKeys(const Table& table) {
  std::vector<std::string> keys;
  std::set<std::string> taken;
  for (const Column& column : table.columns) {
    std::string base = column.key.empty() ? CamelCase(column.title) : column.key;
    std::string key = base;
    for (int n = 2; !taken.insert(key).second; ++n) key = fmt::format("{}{}", base, n);
    keys.push_back(std::move(key));
  }
  return keys;
}

std::string RenderJson(const Document& document) { return DumpJson(ToData(document)); }

}  // namespace datafly::report

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/core/base/finding.h"
#include "common/core/base/result.h"
#include "common/core/base/time.h"
#include "common/core/diff/redact.h"

namespace datafly::report {

/// The neutral report: every command makes one, every renderer shows one. Text in it may come from
/// the cluster and is untrusted; renderers escape it.
struct Cell {
  std::string text;
  enum class Tone { Plain, Good, Warn, Bad, Dim } tone = Tone::Plain;
};
struct Column {
  std::string title;
  bool wide_only = false;  ///< shown with -o wide
  bool right_aligned = false;
  /// 0 shrinks last; else the highest is cut first when the terminal is narrow.
  int shrink_order = 0;
  /// Name in JSON and YAML; empty = the title in camelCase ("LAST SEEN" -> "lastSeen").
  std::string key = {};
};
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};
/// Findings with what the catalogue says about their codes.
struct ReportedFinding {
  Finding finding;
  std::string title;
  std::string why;
  std::string docs;  ///< "docs/checks.md#sig-pod-002"
};
struct Text {
  std::string text;
};
struct Section {
  std::string name;   ///< stable key: "pods"
  std::string title;  ///< "Pods"
  std::variant<std::vector<ReportedFinding>, Table, Text, diff::ShownDiff> body;
  bool wide_only = false;  ///< left out of -o table: for machines and for who wants it all
};
struct Document {
  std::string kind;   ///< "PreflightReport": the JSON `kind`
  std::string title;  ///< "Preflight of release datafly for 1.3.0"
  std::string tool_version;
  Time taken_at;
  /// "context" -> "prod", "namespace" -> …, in order.
  std::vector<std::pair<std::string, std::string>> context;
  std::vector<Section> sections;
  std::string verdict;         ///< "go", "no-go", "go with warnings", "not known"
  std::string verdict_detail;  ///< one line
  int exit_code = 0;
  /// -o table shows only findings that need somebody: what is well stands in a table already.
  bool brief = false;
  /// Of a report on many installations: one report each, in full. The document's own sections then
  /// sum them up; title and verdict are told for each, kind and tool version are the whole's.
  std::vector<Document> installations = {};
};

enum class Format { Table, Wide, Json, Yaml, Junit, Markdown, Html };
/// A value of `-o` or the left side of `--report FORMAT=FILE`. Unknown: Error::InvalidInput that
/// lists the formats and names the nearest.
Result<Format> ParseFormat(std::string_view name);
/// "table", "json", …: what ParseFormat reads.
std::string_view ToString(Format format);

/// How many findings of the whole document, its installations included, have each verdict.
struct Summary {
  std::size_t pass = 0, warn = 0, fail = 0, unknown = 0, skipped = 0;
  [[nodiscard]] std::size_t Total() const { return pass + warn + fail + unknown + skipped; }
};
Summary Summarize(const Document& document);

struct RenderOptions {
  int width = 0;  ///< columns of the terminal; 0 = unlimited (a pipe)
  bool color = false;
  bool no_headers = false;
  bool quiet = false;  ///< only warnings, failures and unknowns; the summary still counts the rest
};

/// The document in one of the formats, ending in a newline. `options` shape only table and wide (a
/// saved report is the same wherever it is made):
///  table: findings of one code that pass are one line; on a terminal at most a handful of like
///         findings are shown in full;
///  wide:  every finding, with why it matters and where it is documented, and the columns marked
///         wide_only;
///  json, yaml: docs/schemas/report.schema.json; all others are for people.
std::string Render(const Document& document, Format format, const RenderOptions& options);

}  // namespace datafly::report

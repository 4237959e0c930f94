#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/core/base/finding.h"
#include "common/core/base/result.h"
#include "common/core/base/time.h"

namespace datafly::report {

/// The neutral report: every command makes one, every renderer shows one. Text in it may come from the cluster and is untrusted; renderers escape it.
struct Cell {
  std::string text;
  enum class Tone { Plain, Good, Warn, Bad, Dim } tone = Tone::Plain;
};
struct Column {
  std::string title;
  bool wide_only = false;        ///< shown with -o wide
  bool right_aligned = false;
  int shrink_order = 0;          ///< 0 never shrinks; else the highest is cut first when the terminal is narrow
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
  std::string docs;              ///< "docs/checks.md#sig-pod-002"
};
struct Text {
  std::string text;
};
struct Section {
  std::string name;              ///< stable key: "pods"
  std::string title;             ///< "Pods"
  std::variant<std::vector<ReportedFinding>, Table, Text> body;
};
struct Document {
  std::string kind;              ///< "PreflightReport": the JSON `kind`
  std::string title;             ///< "Preflight of release datafly for 1.3.0"
  std::string tool_version;
  Time taken_at;
  std::vector<std::pair<std::string, std::string>> context;  ///< "context" -> "prod", "namespace" -> …, in order
  std::vector<Section> sections;
  std::string verdict;           ///< "go", "no-go", "go with warnings", "not known"
  std::string verdict_detail;    ///< one line
  int exit_code = 0;
};

enum class Format { Table, Wide, Json, Yaml, Junit, Markdown, Html };
Result<Format> ParseFormat(std::string_view name);

struct RenderOptions {
  int width = 0;                 ///< columns of the terminal; 0 = unlimited (a pipe)
  bool color = false;
  bool no_headers = false;
  bool quiet = false;            ///< only what is not pass
};
std::string Render(const Document& document, Format format, const RenderOptions& options);

}  // namespace datafly::report

#include "common/core/report/diff_render.h"

#include "common/core/report/diff_data.h"
#include "common/core/report/diff_html.h"
#include "common/core/report/diff_markdown.h"
#include "common/core/report/diff_summary.h"
#include "common/core/report/diff_text.h"
#include "common/core/report/format_name.h"

namespace datafly::report {

namespace {

constexpr std::array kFormats = {DiffFormat::Text, DiffFormat::Summary,  DiffFormat::Json,
                                 DiffFormat::Yaml, DiffFormat::Markdown, DiffFormat::Html};

}  // namespace

std::string_view ToString(DiffFormat format) {
  switch (format) {
    case DiffFormat::Text:
      return "text";
    case DiffFormat::Summary:
      return "summary";
    case DiffFormat::Json:
      return "json";
    case DiffFormat::Yaml:
      return "yaml";
    case DiffFormat::Markdown:
      return "markdown";
    case DiffFormat::Html:
      return "html";
  }
  return "text";
}

Result<DiffFormat> ParseDiffFormat(std::string_view name) { return FormatNamed(name, kFormats); }

std::string RenderDiff(const diff::ShownDiff& shown, DiffFormat format,
                       const RenderOptions& options) {
  const diff::ReleaseDiff& diff = shown.get();
  switch (format) {
    case DiffFormat::Text:
      return DiffText(diff, options);
    case DiffFormat::Summary:
      return DiffSummary(diff, options);
    case DiffFormat::Json:
      return DiffJson(diff);
    case DiffFormat::Yaml:
      return DiffYaml(diff);
    case DiffFormat::Markdown:
      return DiffMarkdown(diff);
    case DiffFormat::Html:
      return DiffHtml(diff);
  }
  return {};
}

}  // namespace datafly::report

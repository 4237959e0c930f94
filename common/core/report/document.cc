#include "common/core/report/document.h"

#include "common/core/base/text.h"
#include "common/core/report/format_name.h"
#include "common/core/report/render.h"

namespace datafly::report {

namespace {

constexpr std::array kFormats = {Format::Table, Format::Wide,     Format::Json, Format::Yaml,
                                 Format::Junit, Format::Markdown, Format::Html};

void Add(Summary& summary, CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::Pass:
      ++summary.pass;
      return;
    case CheckVerdict::Warn:
      ++summary.warn;
      return;
    case CheckVerdict::Fail:
      ++summary.fail;
      return;
    case CheckVerdict::Unknown:
      ++summary.unknown;
      return;
    case CheckVerdict::Skipped:
      ++summary.skipped;
      return;
  }
}

}  // namespace

std::string_view ToString(Format format) {
  switch (format) {
    case Format::Table:
      return "table";
    case Format::Wide:
      return "wide";
    case Format::Json:
      return "json";
    case Format::Yaml:
      return "yaml";
    case Format::Junit:
      return "junit";
    case Format::Markdown:
      return "markdown";
    case Format::Html:
      return "html";
  }
  return "table";
}

Result<Format> ParseFormat(std::string_view name) { return FormatNamed(name, kFormats); }

Error UnknownFormat(std::string_view name, const std::vector<std::string>& names) {
  std::string nearest = NearestWord(ToLower(name), names);
  std::string hint = nearest.empty() ? "" : fmt::format("did you mean {}? ", nearest);
  return Error::InvalidInput(
      fmt::format("unknown output format \"{}\"", Truncate(EscapeForTerminal(name), 40)),
      fmt::format("{}formats: {}", hint, fmt::join(names, ", ")));
}

Summary Summarize(const Document& document) {
  Summary summary;
  for (const Section& section : document.sections) {
    const auto* findings = std::get_if<std::vector<ReportedFinding>>(&section.body);
    if (findings == nullptr) continue;
    for (const ReportedFinding& reported : *findings) Add(summary, reported.finding.verdict);
  }
  for (const Document& one : document.installations) {
    const Summary more = Summarize(one);
    summary.pass += more.pass;
    summary.warn += more.warn;
    summary.fail += more.fail;
    summary.unknown += more.unknown;
    summary.skipped += more.skipped;
  }
  return summary;
}

std::string Render(const Document& document, Format format, const RenderOptions& options) {
  switch (format) {
    case Format::Table:
      return RenderText(document, options, false);
    case Format::Wide:
      return RenderText(document, options, true);
    case Format::Json:
      return RenderJson(document);
    case Format::Yaml:
      return RenderYaml(document);
    case Format::Junit:
      return RenderJunit(document);
    case Format::Markdown:
      return RenderMarkdown(document);
    case Format::Html:
      return RenderHtml(document);
  }
  return {};
}

}  // namespace datafly::report

#include "common/core/report/checks_docs.h"

#include "common/core/report/layout.h"
#include "common/core/report/markup.h"

namespace datafly::report {

namespace {

std::string_view RequirementInWords(Requirement requirement) {
  return requirement == Requirement::Required
             ? "required: when it cannot be checked, the exit code is 5"
             : "advisory: when it cannot be checked, the report says so and goes on";
}

std::string_view AckInWords(const checks::CheckSpec& spec) {
  return spec.ackable ? "may be acknowledged with --ack CODE=REASON" : "cannot be acknowledged";
}

std::string CheckMarkdown(const checks::CheckSpec& spec) {
  return fmt::format(
      "### {}\n\n**{}**\n\n{}\n\n- Remedy: {}\n- Requirement: {}\n- It {}\n- Source: {}\n\n",
      spec.code, MarkdownText(spec.title), MarkdownText(spec.why), MarkdownText(spec.remedy),
      RequirementInWords(spec.requirement), AckInWords(spec), MarkdownText(spec.source));
}

std::string FamilyMarkdown(const checks::Family& family) {
  std::string out =
      fmt::format("## {}\n\n| Code | Check |\n|---|---|\n", MarkdownText(family.title));
  for (const checks::CheckSpec& spec : family.catalogue) {
    out +=
        fmt::format("| [{}](#{}) | {} |\n", spec.code, Anchor(spec.code), MarkdownText(spec.title));
  }
  out += "\n";
  for (const checks::CheckSpec& spec : family.catalogue) out += CheckMarkdown(spec);
  return out;
}

/// A label and its text, indented below it.
std::string Paragraph(std::string_view label, std::string_view text, std::size_t width) {
  constexpr std::size_t kIndent = 2;
  std::string out = fmt::format("\n{}\n", label);
  std::size_t columns = width > kIndent + 8 ? width - kIndent : width;
  for (const std::string& line : Wrap(text, columns)) out += fmt::format("  {}\n", line);
  return out;
}

}  // namespace

std::string ChecksMarkdown(std::span<const checks::Family> families) {
  std::string out =
      "# The checks\n\n"
      "Generated from the catalogue (common/core/checks): do not edit. `kubectl signal explain "
      "CODE` prints the same\noffline.\n\n"
      "A check passes (√), warns (‼), fails (×), is unknown (?) when what it needs could not be "
      "read, or is\nskipped (-) when it does not apply. Not knowing is never a pass.\n\n";
  for (const checks::Family& family : families) out += FamilyMarkdown(family);
  out.pop_back();
  return out;
}

std::string ExplainCode(const checks::CheckSpec& spec, int width) {
  auto columns = static_cast<std::size_t>(std::max(width, 0));
  std::string out;
  for (const std::string& line : Wrap(fmt::format("{}  {}", spec.code, spec.title), columns)) {
    out += line + "\n";
  }
  out += Paragraph("Why it matters", spec.why, columns);
  out += Paragraph("Remedy", spec.remedy, columns);
  out += Paragraph("Rules",
                   fmt::format("{}; {}", RequirementInWords(spec.requirement), AckInWords(spec)),
                   columns);
  out += Paragraph("Source", spec.source, columns);
  return out + fmt::format("\nSee docs/checks.md#{}\n", Anchor(spec.code));
}

}  // namespace datafly::report

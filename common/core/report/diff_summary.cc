#include "common/core/report/diff_summary.h"

#include "common/core/base/text.h"
#include "common/core/report/diff_fold.h"
#include "common/core/report/diff_words.h"
#include "common/core/report/line_printer.h"
#include "common/core/report/shorten.h"

namespace datafly::report {

namespace {

using diff::ResourceChange;
using diff::ResourceOp;
using Tone = Cell::Tone;

constexpr std::size_t kMaxName = 60;  // longer names stand out of the column

struct Line {
  std::string_view mark;
  std::string name;
  std::string words;
  bool grave = false;
};

/// "3 fields", "made again": what happens, after the risks, which must not be cut off.
std::string WhatHappens(const ResourceChange& object) {
  switch (object.op) {
    case ResourceOp::Added:
      return object.renamed_from.empty() ? "" : "was " + object.renamed_from;
    case ResourceOp::Removed:
      return object.renamed_to.empty() ? "" : "becomes " + object.renamed_to;
    case ResourceOp::Recreated:
      return "made again";
    case ResourceOp::Kept:
      return "left behind";
    case ResourceOp::Changed:
    case ResourceOp::Unchanged:
      break;
  }
  const std::size_t count = object.fields.size() + (object.old_api_version.empty() ? 0 : 1);
  std::string fields = count == 0 ? "" : Counted(count, "field");
  if (object.op == ResourceOp::Changed) return fields;
  return fields.empty() ? "not written" : fields + ", not written";
}

Line LineOf(const ResourceChange& object, const ObjectNames& names, bool three_way) {
  Line line;
  line.mark = MarkOf(object);
  line.name = EscapeForTerminal(names.Of(object));
  std::vector<std::string> words = Tags(object, three_way);
  if (std::string what = WhatHappens(object); !what.empty()) words.push_back(what);
  line.words = EscapeForTerminal(fmt::format("{}", fmt::join(words, ", ")));
  line.grave = std::any_of(object.risks.begin(), object.risks.end(),
                           [](const diff::Risk& risk) { return diff::IsGrave(risk.risk); });
  return line;
}

Line LineOf(const diff::HookChange& hook) {
  std::string words = hook.events.empty() ? std::string("hook")
                                          : fmt::format("hook: {}", fmt::join(hook.events, ", "));
  if (hook.unstable) words += fmt::format(", {}", kRotates);
  return {Mark(hook.op), EscapeForTerminal(hook.object), EscapeForTerminal(words)};
}

std::string Print(const std::vector<Line>& lines, const RenderOptions& options) {
  const Pen pen(options.color);
  const std::size_t width = static_cast<std::size_t>(std::max(options.width, 0));
  std::size_t column = 0;
  for (const Line& line : lines) {
    column = std::max(column, std::min(DisplayWidth(line.name), kMaxName));
  }
  if (width > 0) column = std::min(column, width / 2);
  std::string out;
  for (const Line& line : lines) {
    std::string name = line.name;
    if (width > 0) name = CutMiddle(name, line.words.empty() ? std::max(width, 4UL) - 2 : column);
    std::string words = line.words;
    const std::size_t used = 4 + std::max(column, DisplayWidth(name));
    if (width > 0 && !words.empty()) words = Truncate(words, width > used ? width - used : 1);
    out += fmt::format("{} {}", pen.Tone(ToneOfMark(line.mark), line.mark),
                       words.empty() ? name : PadRight(name, column));
    if (!words.empty()) out += "  " + (line.grave ? pen.Tone(Tone::Bad, words) : words);
    out += '\n';
  }
  return out;
}

}  // namespace

std::string DiffSummary(const diff::ReleaseDiff& diff, const RenderOptions& options) {
  const ObjectNames names(diff);
  std::vector<Line> lines;
  for (const ResourceChange& object : diff.resources) {
    if (options.quiet && !IsLoud(object)) continue;
    lines.push_back(LineOf(object, names, diff.three_way));
  }
  if (!options.quiet) {
    for (const diff::HookChange& hook : diff.hooks) lines.push_back(LineOf(hook));
  }
  LinePrinter last(options);
  for (const std::string& unknown : diff.unknown) last.AddWrapped("? ", 2, unknown);
  last.AddWrapped("", 0, PlanInWords(diff));
  return Print(lines, options) + last.Take();
}

}  // namespace datafly::report

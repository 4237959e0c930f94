#include "common/core/report/diff_markdown.h"

#include "common/core/report/data.h"
#include "common/core/report/diff_fold.h"
#include "common/core/report/diff_words.h"
#include "common/core/report/markup.h"

namespace datafly::report {

namespace {

using diff::FieldChange;
using diff::ReleaseDiff;

std::string Row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}
/// A mark as code: "+" and "-" at the beginning of a line would make it a list.
std::string Code(std::string_view mark) { return fmt::format("`{}`", mark); }

std::string Item(std::string_view mark, std::string_view text) {
  return fmt::format("- {} {}\n", Code(mark), MarkdownText(text));
}

/// Lines of a diff block; MarkdownBlock makes their text safe. The first column says it all: "-"
/// and "+" for values, "!" for what is told in words, "@@" above a text.
class Block {
 public:
  void Add(const FieldChange& field, const std::string& within = {}, std::string_view where = {}) {
    const std::string path = within + OneLine(field.path.empty() ? kWholeValue : field.path);
    Add(path, Tell(field), where);
    if (field.secret) return;
    if (!field.lines.empty()) AddLine(fmt::format("@@ {} @@", path));
    for (const diff::TextLine& line : field.lines) {
      if (line.mark == '@') {
        AddLine(fmt::format("@@ {} @@", OneLine(line.text)));
      } else {
        AddLine(fmt::format("{} {}", line.mark, OneLine(line.text)));
      }
    }
    for (const FieldChange& inner : field.inside) Add(inner, path + " › ");
  }

  void Add(const std::string& path, const Telling& telling, std::string_view where = {}) {
    std::string suffix = where.empty() ? "" : fmt::format("  ({})", where);
    if (telling.old_value) AddValue('-', path, *telling.old_value, suffix);
    if (telling.new_value) AddValue('+', path, *telling.new_value, suffix);
    std::string rest;
    for (const Piece& piece : telling.rest) rest += OneLine(piece.text);
    if (!rest.empty()) AddLine(fmt::format("! {}: {}{}", path, rest, suffix));
  }

  std::string Take() {
    if (text_.empty()) return "";
    text_.pop_back();
    return MarkdownBlock(std::exchange(text_, {}), "diff");
  }

 private:
  /// A line break in untrusted text must not begin a line of ours.
  static std::string OneLine(std::string_view text) {
    std::string line = EscapeHazards(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
  }
  void AddValue(char mark, const std::string& path, const std::string& value,
                const std::string& suffix) {
    AddLine(fmt::format("{} {}: {}{}", mark, path, OneLine(value), suffix));
  }
  void AddLine(const std::string& line) { text_ += line + "\n"; }

  std::string text_;
};

std::string BlockOf(const std::vector<const FieldChange*>& fields) {
  Block block;
  for (const FieldChange* field : fields) block.Add(*field);
  std::string text = block.Take();
  return text.empty() ? "" : "\n" + text;
}

std::string Heading(std::string_view mark, std::string_view name, std::string_view tags) {
  std::string heading = fmt::format("\n{} **{}**", Code(mark), MarkdownText(name));
  if (!tags.empty()) heading += " " + MarkdownText(tags);
  return heading + "\n";
}

std::string Header(const ReleaseDiff& diff, const FoldedDiff& folded) {
  std::string_view mark = !folded.grave.empty() ? "× " : !folded.other.empty() ? "‼ " : "";
  std::string out = fmt::format("**{}{}**\n\n", mark, MarkdownText(PlanInWords(diff)));
  out += "| | |\n|---|---|\n" + Row({"from", MarkdownText(SideInWords(diff.old_side))}) +
         Row({"to", MarkdownText(SideInWords(diff.new_side))}) +
         Row({"compared", MarkdownText(BasisInWords(diff))});
  if (!diff.notes.empty() || !diff.unknown.empty()) out += "\n";
  for (const std::string& note : diff.notes) out += Item("‼", note);
  for (const std::string& unknown : diff.unknown) out += Item("?", unknown);
  return out;
}

std::string Risks(const FoldedDiff& folded, const ObjectNames& names, std::string_view heading) {
  std::string out;
  if (!folded.grave.empty()) out += fmt::format("\n{} {}\n\n", heading, GraveTitle(folded));
  for (const RiskLine& line : folded.grave) out += Item("×", RiskInWords(line, names));
  if (!folded.other.empty()) out += fmt::format("\n{} {}\n\n", heading, kOtherRisksTitle);
  for (const RiskLine& line : folded.other) out += Item("‼", RiskInWords(line, names));
  return out;
}

std::string Shared(const FoldedDiff& folded, std::string_view heading) {
  if (folded.shared.empty()) return "";
  Block block;
  for (const SharedField& shared : folded.shared) {
    block.Add(*shared.field, {}, WhereShared(shared));
  }
  return fmt::format("\n{} {}\n\n{}", heading, kSharedTitle, block.Take());
}

std::string Group(const ObjectGroup& group, const ObjectNames& names, bool three_way,
                  std::string_view heading) {
  std::string out = fmt::format("\n{} {}\n", heading, MarkdownText(TitleOf(group)));
  for (const ObjectEntry& entry : group.entries) {
    EntryWords words = InWords(entry, names, three_way);
    out += Heading(words.mark, words.name, fmt::format("{}", fmt::join(words.tags, ", "))) +
           BlockOf(entry.fields);
  }
  if (!group.alike.empty()) out += "\n";
  for (const AlikeObjects& alike : group.alike) {
    out += Item(MarkOf(*alike.front()), AlikeInWords(alike, names));
  }
  return out;
}

std::string Values(std::string_view title, const std::vector<diff::ValueChange>& values,
                   std::string_view heading) {
  if (values.empty()) return "";
  Block block;
  for (const diff::ValueChange& value : values) block.Add(value.path, Tell(value));
  return fmt::format("\n{} {}\n\n{}", heading, title, block.Take());
}

std::string Images(const std::vector<diff::ImageChange>& images, std::string_view heading) {
  if (images.empty()) return "";
  std::string out =
      fmt::format("\n{} Images\n\n| | Image | Tag | Used by |\n|---|---|---|---|\n", heading);
  for (const diff::ImageChange& image : images) {
    out += Row({Code(Mark(OpOf(image))), MarkdownText(image.repository),
                MarkdownText(TagsInWords(image)),
                MarkdownText(fmt::format("{}", fmt::join(image.users, ", ")))});
  }
  return out;
}

std::string Hooks(const std::vector<diff::HookChange>& hooks, std::string_view heading) {
  if (hooks.empty()) return "";
  std::string out = fmt::format("\n{} Hooks\n", heading);
  for (const diff::HookChange& hook : hooks) {
    std::vector<const FieldChange*> fields;
    for (const FieldChange& field : hook.fields) fields.push_back(&field);
    out += Heading(Mark(hook.op), HookInWords(hook), "") + BlockOf(fields);
  }
  return out;
}

std::string CrdsAndChart(const ReleaseDiff& diff, std::string_view heading) {
  std::string out;
  if (!diff.crds.empty()) out += fmt::format("\n{} {}\n\n", heading, kCrdsTitle);
  for (const diff::CrdChange& crd : diff.crds) out += Item(Mark(crd.op), CrdInWords(crd));
  if (!diff.chart.empty() || diff.notes_changed) out += fmt::format("\n{} Chart\n\n", heading);
  for (const diff::ChartField& field : diff.chart) out += Item("~", ChartFieldInWords(field));
  if (diff.notes_changed) out += Item("~", kNotesInWords);
  return out;
}

}  // namespace

std::string DiffMarkdownBody(const ReleaseDiff& diff, std::string_view heading) {
  const FoldedDiff folded = FoldDiff(diff, false);
  const ObjectNames names(diff);
  std::string out = Header(diff, folded) + Risks(folded, names, heading) + Shared(folded, heading);
  for (const ObjectGroup& group : folded.groups)
    out += Group(group, names, diff.three_way, heading);
  out +=
      Values(kValuesTitle, diff.values, heading) + Values(kDefaultsTitle, diff.defaults, heading);
  return out + Images(diff.images, heading) + Hooks(diff.hooks, heading) +
         CrdsAndChart(diff, heading);
}

std::string DiffMarkdown(const ReleaseDiff& diff) {
  return fmt::format("# {}\n\n{}", MarkdownText(TitleOf(diff)), DiffMarkdownBody(diff, "##"));
}

}  // namespace datafly::report

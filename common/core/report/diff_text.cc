#include "common/core/report/diff_text.h"

#include "common/core/base/text.h"
#include "common/core/report/diff_fold.h"
#include "common/core/report/diff_text_fields.h"
#include "common/core/report/diff_words.h"
#include "common/core/report/line_printer.h"
#include "common/core/report/shorten.h"

namespace datafly::report {

namespace {

using diff::ReleaseDiff;
using Tone = Cell::Tone;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kFieldIndent = 6;

class DiffPrinter {
 public:
  DiffPrinter(const ReleaseDiff& diff, const RenderOptions& options)
      : diff_(diff),
        options_(options),
        lines_(options),
        names_(diff),
        folded_(FoldDiff(diff, options.quiet)) {}

  std::string Print() {
    if (!options_.no_headers && !options_.quiet) AddHeader();
    AddWhatToKnow();
    AddRisks();
    AddShared();
    for (const ObjectGroup& group : folded_.groups) AddGroup(group);
    if (!options_.quiet) AddOtherSections();
    AddPlan();
    return lines_.Take();
  }

 private:
  void AddHeader() {
    lines_.AddTitle(EscapeForTerminal(TitleOf(diff_)));
    lines_.AddWrapped("  from  ", 8, SideInWords(diff_.old_side));
    lines_.AddWrapped("  to    ", 8, SideInWords(diff_.new_side));
    lines_.AddWrapped("  ", 2, BasisInWords(diff_), Tone::Dim);
  }

  /// Never left out, whatever the options: who reads on must know it.
  void AddWhatToKnow() {
    if (diff_.notes.empty() && diff_.unknown.empty()) return;
    lines_.AddGap();
    const Pen& pen = lines_.pen();
    for (const std::string& note : diff_.notes) {
      lines_.AddWrapped(pen.Tone(Tone::Warn, "‼") + " ", 2, note);
    }
    for (const std::string& unknown : diff_.unknown) {
      lines_.AddWrapped(pen.Verdict(CheckVerdict::Unknown, "?") + " ", 2, unknown);
    }
  }

  void AddRisks() {
    if (!folded_.grave.empty()) {
      lines_.AddTitle(GraveTitle(folded_), Tone::Bad);
      for (const RiskLine& line : folded_.grave) lines_.AddItem("×", RiskInWords(line, names_));
    }
    if (folded_.other.empty()) return;
    lines_.AddTitle(std::string(kOtherRisksTitle), Tone::Warn);
    for (const RiskLine& line : folded_.other) {
      const bool many = line.of.size() > 1;
      lines_.AddItem("‼", RiskInWords(line, names_), many ? lines_.MaxNameLines() : 0);
    }
  }

  void AddShared() {
    if (folded_.shared.empty()) return;
    lines_.AddSectionTitle(std::string(kSharedTitle));
    FieldPrinter printer(options_);
    for (const SharedField& shared : folded_.shared) {
      printer.Add(*shared.field, kIndent, WhereShared(shared));
    }
    lines_.Add(printer.Take());
  }

  void AddGroup(const ObjectGroup& group) {
    lines_.AddSectionTitle(TitleOf(group));
    for (const ObjectEntry& entry : group.entries) AddEntry(entry);
    for (const AlikeObjects& alike : group.alike) {
      lines_.AddItem(MarkOf(*alike.front()), AlikeInWords(alike, names_), lines_.MaxNameLines());
    }
  }

  void AddEntry(const ObjectEntry& entry) {
    AddHeading(InWords(entry, names_, diff_.three_way));
    FieldPrinter printer(options_);
    for (const diff::FieldChange* field : entry.fields) printer.Add(*field, kFieldIndent);
    lines_.Add(printer.Take());
  }

  void AddHeading(const EntryWords& entry) {
    const Pen& pen = lines_.pen();
    const std::string name = EscapeForTerminal(entry.name);
    const std::string tags = fmt::format("{}", fmt::join(entry.tags, ", "));
    const std::string head = fmt::format("  {} {}", pen.Tone(ToneOfMark(entry.mark), entry.mark),
                                         pen.Bold(CutMiddle(name, lines_.Left(4))));
    const std::size_t used = 4 + DisplayWidth(name) + 2 + DisplayWidth(tags);
    if (lines_.width() == 0 || used <= lines_.width()) {
      lines_.AddLine(head + (tags.empty() ? "" : "  " + pen.Tone(Tone::Warn, tags)));
      return;
    }
    lines_.AddLine(head);
    if (tags.empty()) return;
    lines_.AddWrapped(std::string(kFieldIndent, ' '), kFieldIndent, tags, Tone::Warn);
  }

  void AddOtherSections() {
    AddValues(kValuesTitle, diff_.values);
    AddValues(kDefaultsTitle, diff_.defaults);
    AddImages();
    AddHooks();
    AddCrds();
    AddChart();
  }

  void AddValues(std::string_view title, const std::vector<diff::ValueChange>& values) {
    if (values.empty()) return;
    lines_.AddSectionTitle(std::string(title));
    FieldPrinter printer(options_);
    for (const diff::ValueChange& value : values) {
      printer.Add(Mark(value.op), value.path, Tell(value), kIndent);
    }
    lines_.Add(printer.Take());
  }

  void AddImages() {
    if (diff_.images.empty()) return;
    lines_.AddSectionTitle("Images");
    for (const diff::ImageChange& image : diff_.images) {
      FieldPrinter printer(options_);
      printer.Add(Mark(OpOf(image)), image.repository, Tell(image), kIndent);
      lines_.Add(printer.Take());
      if (image.users.empty()) continue;
      lines_.AddWrapped(std::string(kFieldIndent, ' '), kFieldIndent,
                        fmt::format("{}", fmt::join(image.users, ", ")), Tone::Dim,
                        lines_.MaxNameLines());
    }
  }

  void AddHooks() {
    if (diff_.hooks.empty()) return;
    lines_.AddSectionTitle("Hooks");
    for (const diff::HookChange& hook : diff_.hooks) {
      lines_.AddItem(Mark(hook.op), HookInWords(hook));
      FieldPrinter printer(options_);
      for (const diff::FieldChange& field : hook.fields) printer.Add(field, kFieldIndent);
      lines_.Add(printer.Take());
    }
  }

  void AddCrds() {
    if (diff_.crds.empty()) return;
    lines_.AddSectionTitle(std::string(kCrdsTitle));
    for (const diff::CrdChange& crd : diff_.crds) lines_.AddItem(Mark(crd.op), CrdInWords(crd));
  }

  void AddChart() {
    if (diff_.chart.empty() && !diff_.notes_changed) return;
    lines_.AddSectionTitle("Chart");
    for (const diff::ChartField& field : diff_.chart) {
      lines_.AddItem("~", ChartFieldInWords(field));
    }
    if (diff_.notes_changed) lines_.AddItem("~", kNotesInWords);
  }

  void AddPlan() {
    lines_.AddGap();
    const Pen& pen = lines_.pen();
    const bool grave = !folded_.grave.empty();
    for (const std::string& line : Wrap(PlanInWords(diff_), lines_.width())) {
      lines_.AddLine(grave ? pen.Verdict(CheckVerdict::Fail, line) : pen.Bold(line));
    }
  }

  const ReleaseDiff& diff_;
  const RenderOptions& options_;
  LinePrinter lines_;
  ObjectNames names_;
  FoldedDiff folded_;
};

}  // namespace

std::string DiffText(const ReleaseDiff& diff, const RenderOptions& options) {
  return DiffPrinter(diff, options).Print();
}

}  // namespace datafly::report

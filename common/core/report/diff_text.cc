#include "common/core/report/diff_text.h"

#include "common/core/base/text.h"
#include "common/core/report/diff_fold.h"
#include "common/core/report/diff_summary.h"
#include "common/core/report/diff_text_fields.h"
#include "common/core/report/diff_words.h"
#include "common/core/report/layout.h"
#include "common/core/report/shorten.h"

namespace datafly::report {

namespace {

using diff::ReleaseDiff;
using diff::ResourceChange;
using Tone = Cell::Tone;

constexpr std::size_t kIndent = 2;
constexpr std::size_t kFieldIndent = 6;
constexpr std::size_t kNameLines = 3;  // of the names of objects that are alike, on a terminal

class DiffPrinter {
 public:
  DiffPrinter(const ReleaseDiff& diff, const RenderOptions& options)
      : diff_(diff),
        options_(options),
        width_(static_cast<std::size_t>(std::max(options.width, 0))),
        pen_(options.color),
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
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::size_t Left(std::size_t used) const {
    if (width_ == 0) return 0;
    return width_ > used + 8 ? width_ - used : 8;
  }

  void AddLine(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }
  void AddGap() {
    if (!out_.empty()) out_ += "\n";
  }

  /// `text` after `lead`, which is `lead_width` wide; its further lines stand below its first.
  void AddWrapped(std::string lead, std::size_t lead_width, const std::string& text, Tone tone,
                  std::size_t max_lines = 0) {
    for (const std::string& piece : Wrap(text, Left(lead_width), max_lines)) {
      AddLine(lead + pen_.Tone(tone, piece));
      lead = std::string(lead_width, ' ');
    }
  }

  void AddTitle(const std::string& title, Tone tone = Tone::Plain) {
    AddGap();
    for (const std::string& line : Wrap(title, width_)) {
      AddLine(tone == Tone::Plain ? pen_.Bold(line) : pen_.Tone(tone, line));
    }
  }
  void AddSectionTitle(const std::string& title) {
    if (!options_.no_headers) return AddTitle(title);
    AddGap();
  }

  void AddHeader() {
    AddTitle(EscapeForTerminal(
        fmt::format("Diff of release {} in namespace {}", diff_.release, diff_.name_space)));
    AddWrapped("  from  ", 8, EscapeForTerminal(SideInWords(diff_.old_side)), Tone::Plain);
    AddWrapped("  to    ", 8, EscapeForTerminal(SideInWords(diff_.new_side)), Tone::Plain);
    AddWrapped("  ", 2, BasisInWords(diff_), Tone::Dim);
  }

  /// Never left out, whatever the options: who reads on must know it.
  void AddWhatToKnow() {
    std::string unknown = UnknownInWords(diff_);
    if (diff_.notes.empty() && unknown.empty()) return;
    AddGap();
    for (const std::string& note : diff_.notes) {
      AddWrapped(pen_.Tone(Tone::Warn, "‼") + " ", 2, EscapeForTerminal(note), Tone::Plain);
    }
    if (unknown.empty()) return;
    AddWrapped(pen_.Verdict(CheckVerdict::Unknown, "?") + " ", 2, EscapeForTerminal(unknown),
               Tone::Plain);
  }

  void AddRisks() {
    if (!folded_.grave.empty()) {
      AddTitle(fmt::format("{} to stop at", Counted(folded_.grave.size(), "thing")), Tone::Bad);
      for (const RiskLine& line : folded_.grave) AddRisk("×", Tone::Bad, line);
    }
    if (folded_.other.empty()) return;
    AddTitle("To know", Tone::Warn);
    for (const RiskLine& line : folded_.other) AddRisk("‼", Tone::Warn, line);
  }

  void AddRisk(std::string_view mark, Tone tone, const RiskLine& line) {
    std::string lead = fmt::format("  {} ", pen_.Tone(tone, mark));
    if (line.of.size() == 1) {
      const auto& [object, risk] = line.of.front();
      AddWrapped(lead, 4,
                 EscapeForTerminal(fmt::format("{} {}: {}", names_.Of(*object),
                                               Words(risk->risk, *object), risk->reason)),
                 Tone::Plain);
      return;
    }
    AlikeObjects objects;
    for (const auto& [object, risk] : line.of) objects.push_back(object);
    AddWrapped(lead, 4,
               fmt::format("{} on {}: {}", Words(line.risk, PodsOf(objects)),
                           Counted(objects.size(), "object"), NamesInWords(objects)),
               Tone::Plain, width_ == 0 ? 0 : kNameLines);
  }

  /// 0 = not known of all of them.
  static std::size_t PodsOf(const AlikeObjects& objects) {
    std::size_t pods = 0;
    for (const ResourceChange* object : objects) {
      if (!object->restarting_pods) return 0;
      pods += *object->restarting_pods;
    }
    return pods;
  }

  std::string NamesInWords(const AlikeObjects& objects) const {
    std::vector<std::string> names;
    for (const ResourceChange* object : objects) names.push_back(names_.Of(*object));
    return EscapeForTerminal(fmt::format("{}", fmt::join(names, ", ")));
  }

  void AddShared() {
    if (folded_.shared.empty()) return;
    AddSectionTitle("The same on many objects");
    FieldPrinter printer(options_);
    for (const SharedField& shared : folded_.shared) {
      printer.Add(*shared.field, kIndent,
                  fmt::format("on {}", Counted(shared.on.size(), "object")));
    }
    out_ += printer.Take();
  }

  void AddGroup(const ObjectGroup& group) {
    std::string title = fmt::format("{} ({})", group.title, group.size);
    if (!group.note.empty()) title += ": " + group.note;
    AddSectionTitle(title);
    for (const ObjectEntry& entry : group.entries) AddEntry(entry);
    for (const AlikeObjects& alike : group.alike) AddAlike(alike);
  }

  void AddEntry(const ObjectEntry& entry) {
    const ResourceChange& object = *entry.object;
    std::string name = EscapeForTerminal(names_.Of(object));
    std::vector<std::string> tags = Tags(object, diff_.three_way);
    if (entry.old_object != nullptr) {
      name = EscapeForTerminal(names_.Of(*entry.old_object)) + " → " + name;
      for (std::string& tag : Tags(*entry.old_object, diff_.three_way)) {
        if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
      }
    }
    if (entry.shares) tags.emplace_back(entry.fields.empty() ? "as above" : "and as above");
    AddHeading(entry, name, tags);
    FieldPrinter printer(options_);
    for (const diff::FieldChange* field : entry.fields) printer.Add(*field, kFieldIndent);
    out_ += printer.Take();
  }

  void AddHeading(const ObjectEntry& entry, const std::string& name,
                  const std::vector<std::string>& tags) {
    const std::string_view mark = MarkOf(entry);
    std::string lead = fmt::format("  {} ", pen_.Tone(ToneOf(mark), mark));
    std::string words = fmt::format("{}", fmt::join(tags, ", "));
    const std::size_t used = 4 + DisplayWidth(name) + 2 + DisplayWidth(words);
    if (words.empty() || width_ == 0 || used <= width_) {
      AddLine(lead + pen_.Bold(CutMiddle(name, Left(4))) + "  " + pen_.Tone(Tone::Warn, words));
      return;
    }
    AddLine(lead + pen_.Bold(CutMiddle(name, Left(4))));
    AddWrapped(std::string(kFieldIndent, ' '), kFieldIndent, words, Tone::Warn);
  }

  static std::string_view MarkOf(const ObjectEntry& entry) {
    const ResourceChange& object = *entry.object;
    if (entry.old_object != nullptr) return "~";
    const bool silent = object.op == diff::ResourceOp::Changed && !object.writes;
    return silent ? "=" : Mark(object.op);
  }
  static Tone ToneOf(std::string_view mark) {
    if (mark == "+") return Tone::Good;
    if (mark == "-") return Tone::Bad;
    return mark == "=" ? Tone::Dim : Tone::Warn;
  }

  void AddAlike(const AlikeObjects& alike) {
    std::vector<std::string> risks;
    for (const diff::Risk& risk : alike.front()->risks) {
      std::string words = Words(risk.risk, PodsOf(alike));
      if (std::find(risks.begin(), risks.end(), words) == risks.end()) risks.push_back(words);
    }
    std::string words = Counted(alike.size(), "object");
    if (!risks.empty()) words += fmt::format(" ({})", fmt::join(risks, ", "));
    words += fmt::format(", as above and in nothing else: {}", NamesInWords(alike));
    const std::string_view mark = alike.front()->writes ? "~" : "=";
    AddWrapped(fmt::format("  {} ", pen_.Tone(ToneOf(mark), mark)), 4, words, Tone::Plain,
               width_ == 0 ? 0 : kNameLines);
  }

  void AddOtherSections() {
    AddValues("Your values", diff_.values);
    AddValues("Defaults of the chart", diff_.defaults);
    AddImages();
    AddHooks();
    AddCrds();
    AddChart();
  }

  void AddValues(const std::string& title, const std::vector<diff::ValueChange>& values) {
    if (values.empty()) return;
    AddSectionTitle(title);
    FieldPrinter printer(options_);
    for (const diff::ValueChange& value : values) {
      printer.Add(Mark(value.op), value.path, Tell(value), kIndent);
    }
    out_ += printer.Take();
  }

  void AddImages() {
    if (diff_.images.empty()) return;
    AddSectionTitle("Images");
    FieldPrinter printer(options_);
    for (const diff::ImageChange& image : diff_.images) {
      Telling telling;
      telling.rest.push_back({Piece::Role::Words, TagsInWords(image)});
      printer.Add(Mark(OpOf(image)), image.repository, telling, kIndent);
      out_ += printer.Take();
      if (image.users.empty()) continue;
      AddWrapped(std::string(kFieldIndent, ' '), kFieldIndent,
                 EscapeForTerminal(fmt::format("{}", fmt::join(image.users, ", "))), Tone::Dim,
                 width_ == 0 ? 0 : kNameLines);
    }
  }

  void AddHooks() {
    if (diff_.hooks.empty()) return;
    AddSectionTitle("Hooks");
    for (const diff::HookChange& hook : diff_.hooks) {
      const std::string_view mark = Mark(hook.op);
      AddWrapped(fmt::format("  {} ", pen_.Tone(ToneOf(mark), mark)), 4,
                 EscapeForTerminal(HookInWords(hook)), Tone::Plain);
      FieldPrinter printer(options_);
      for (const diff::FieldChange& field : hook.fields) printer.Add(field, kFieldIndent);
      out_ += printer.Take();
    }
  }

  void AddCrds() {
    if (diff_.crds.empty()) return;
    AddSectionTitle("CRDs of the chart (crds/)");
    for (const diff::CrdChange& crd : diff_.crds) {
      const std::string_view mark = Mark(crd.op);
      std::string words = crd.note.empty() ? crd.name : fmt::format("{}: {}", crd.name, crd.note);
      AddWrapped(fmt::format("  {} ", pen_.Tone(ToneOf(mark), mark)), 4, EscapeForTerminal(words),
                 Tone::Plain);
    }
  }

  void AddChart() {
    if (diff_.chart.empty() && !diff_.notes_changed) return;
    AddSectionTitle("Chart");
    for (const diff::ChartField& field : diff_.chart) {
      AddWrapped(fmt::format("  {} ", pen_.Tone(Tone::Warn, "~")), 4,
                 EscapeForTerminal(ChartFieldInWords(field)), Tone::Plain);
    }
    if (!diff_.notes_changed) return;
    AddWrapped(fmt::format("  {} ", pen_.Tone(Tone::Warn, "~")), 4, std::string(kNotesInWords),
               Tone::Plain);
  }

  void AddPlan() {
    AddGap();
    const bool grave = !folded_.grave.empty();
    for (const std::string& line : Wrap(PlanInWords(diff_), width_)) {
      AddLine(grave ? pen_.Verdict(CheckVerdict::Fail, line) : pen_.Bold(line));
    }
  }

  const ReleaseDiff& diff_;
  const RenderOptions& options_;
  std::size_t width_;
  Pen pen_;
  ObjectNames names_;
  FoldedDiff folded_;
  std::string out_;
};

}  // namespace

std::string DiffText(const ReleaseDiff& diff, const RenderOptions& options) {
  return DiffPrinter(diff, options).Print();
}

}  // namespace datafly::report

#include "common/core/report/text_findings.h"

#include "common/core/base/text.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

constexpr std::size_t kMinSeen = 28;      // narrower than this, what was seen goes below
constexpr std::size_t kMaxObject = 40;    // a longer object pushes its line, not every line
constexpr std::size_t kMaxSeenLines = 6;  // on a terminal; nobody reads more of one event
constexpr std::size_t kMaxEvidence = 6;
constexpr std::size_t kMaxEvidenceLines = 2;
constexpr std::size_t kDetailIndent = 5;

/// " √ CODE  ": the width of what stands before the object.
std::size_t Lead(const FindingColumns& columns) { return 1 + 1 + 1 + columns.code + 2; }

bool NeedsSomebody(CheckVerdict verdict) {
  return verdict != CheckVerdict::Pass && verdict != CheckVerdict::Skipped;
}

class FindingsPrinter {
 public:
  FindingsPrinter(const FindingColumns& columns, const RenderOptions& options, bool wide)
      : columns_(columns),
        width_(static_cast<std::size_t>(std::max(options.width, 0))),
        wide_(wide),
        pen_(options.color) {}

  void Add(const FindingLine& line) {
    AddHeadLine(line);
    if (line.detail == nullptr) return;
    if (wide_ || NeedsSomebody(line.verdict)) AddDetails(line);
  }

  std::string Take() { return std::move(out_); }

 private:
  void AddHeadLine(const FindingLine& line) {
    std::string object = EscapeForTerminal(line.object);
    std::string seen = SeenText(line);
    std::string lead = fmt::format(" {} {}  ", pen_.Verdict(line.verdict, Mark(line.verdict)),
                                   PadRight(EscapeForTerminal(line.code), columns_.code));
    bool short_line = !NeedsSomebody(line.verdict);
    if (!columns_.stacked) return AddColumns(lead, object, seen, short_line);
    if (short_line) return AddShortStacked(lead, object, seen);
    AddStacked(lead, object, seen);
  }

  /// What was seen, and that an unknown is only advisory.
  static std::string SeenText(const FindingLine& line) {
    std::string seen = EscapeForTerminal(line.seen);
    if (line.detail == nullptr) return seen;
    std::string_view note = Note(line.detail->finding);
    return note.empty() ? seen : fmt::format("{} ({})", seen, note);
  }

  [[nodiscard]] std::size_t Left(std::size_t used) const {
    if (width_ == 0) return 0;
    return width_ > used + 8 ? width_ - used : 8;
  }

  /// mark, code, object, seen side by side.
  void AddColumns(const std::string& lead, const std::string& object, const std::string& seen,
                  bool short_line) {
    bool fits = DisplayWidth(object) <= columns_.object;
    std::size_t seen_at = Lead(columns_) + (fits || width_ == 0 ? columns_.object + 2 : 0);
    std::vector<std::string> seen_lines = Wrap(seen, Left(seen_at), kMaxSeenLines);
    if (short_line && seen_lines.size() > 1) seen_lines = {Truncate(seen, Left(seen_at))};
    if (fits) {
      AddLine(lead + PadRight(object, columns_.object) + "  " + seen_lines.front());
      seen_lines.erase(seen_lines.begin());
    } else if (width_ == 0) {
      AddLine(lead + object + "  " + seen);
      return;
    } else {
      AddWrapped(lead, Lead(columns_), object);
    }
    for (const std::string& seen_line : seen_lines) AddLine(std::string(seen_at, ' ') + seen_line);
  }

  void AddShortStacked(const std::string& lead, const std::string& object,
                       const std::string& seen) {
    std::string text = object.empty() ? seen : object + "  " + seen;
    AddLine(lead + Truncate(text, Left(Lead(columns_))));
  }

  void AddStacked(const std::string& lead, const std::string& object, const std::string& seen) {
    if (object.empty()) return AddWrapped(lead, Lead(columns_), seen);
    AddWrapped(lead, Lead(columns_), object);
    AddDetail(seen, kMaxSeenLines, [](const std::string& text) { return text; });
  }

  /// `text` after `lead`, its further lines below its first.
  void AddWrapped(const std::string& lead, std::size_t lead_width, const std::string& text) {
    std::string start = lead;
    for (const std::string& piece : Wrap(text, Left(lead_width), kMaxSeenLines)) {
      AddLine(start + piece);
      start = std::string(lead_width, ' ');
    }
  }

  void AddDetails(const FindingLine& line) {
    const ReportedFinding& reported = *line.detail;
    const Finding& finding = reported.finding;
    AddEvidence(finding.evidence);
    if (!finding.needs.empty()) AddPlain("needs: " + finding.needs);
    if (!finding.acknowledged.empty()) AddPlain("acknowledged: " + finding.acknowledged);
    if (!NeedsSomebody(line.verdict)) return;
    bool explain = wide_ && line.show_remedy;
    if (explain && !reported.why.empty()) AddDim("why: " + reported.why);
    if (line.show_remedy) AddRemedy(finding.remedy);
    if (explain && !reported.docs.empty()) AddDim("see " + reported.docs);
  }

  void AddEvidence(const std::vector<std::string>& evidence) {
    std::size_t shown = evidence.size();
    if (!wide_ && width_ > 0 && shown > kMaxEvidence + 1) shown = kMaxEvidence;
    for (std::size_t i = 0; i < shown; ++i) {
      AddDetail(EscapeForTerminal(evidence[i]), wide_ ? 0 : kMaxEvidenceLines,
                [this](const std::string& text) { return pen_.Dim(text); });
    }
    if (shown < evidence.size())
      AddDim(fmt::format("… {} more (-o wide)", evidence.size() - shown));
  }

  /// A command stays in one piece whatever the width, so that it can be pasted.
  void AddRemedy(std::string_view remedy) {
    for (const RemedyPart& part : ParseRemedy(remedy)) {
      std::string text = EscapeForTerminal(part.text);
      std::string arrow = std::string(kDetailIndent, ' ') + "→ ";
      if (part.command) {
        AddLine(arrow + pen_.Bold(text));
      } else {
        AddWrapped(arrow, kDetailIndent + 2, text);
      }
    }
  }

  void AddPlain(const std::string& text) {
    AddDetail(EscapeForTerminal(text), 0, [](const std::string& piece) { return piece; });
  }
  void AddDim(const std::string& text) {
    AddDetail(EscapeForTerminal(text), 0,
              [this](const std::string& piece) { return pen_.Dim(piece); });
  }

  template <class Paint>
  void AddDetail(const std::string& text, std::size_t max_lines, Paint paint) {
    for (const std::string& piece : Wrap(text, Left(kDetailIndent), max_lines)) {
      AddLine(std::string(kDetailIndent, ' ') + paint(piece));
    }
  }

  void AddLine(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line;
    out_ += '\n';
  }

  const FindingColumns& columns_;
  std::size_t width_;
  bool wide_;
  Pen pen_;
  std::string out_;
};

}  // namespace

FindingColumns MeasureFindings(const std::vector<std::vector<FindingLine>>& sections, int width) {
  FindingColumns columns;
  for (const std::vector<FindingLine>& section : sections) {
    for (const FindingLine& line : section) {
      columns.code = std::max(columns.code, DisplayWidth(EscapeForTerminal(line.code)));
      std::size_t object = DisplayWidth(EscapeForTerminal(line.object));
      if (object <= kMaxObject) columns.object = std::max(columns.object, object);
    }
  }
  if (width > 0) {
    std::size_t available = static_cast<std::size_t>(width);
    columns.object = std::min(columns.object, std::max<std::size_t>(available / 3, 16));
    columns.stacked = Lead(columns) + columns.object + 2 + kMinSeen > available;
  }
  return columns;
}

std::string RenderFindings(const std::vector<FindingLine>& lines, const FindingColumns& columns,
                           const RenderOptions& options, bool wide) {
  FindingsPrinter printer(columns, options, wide);
  for (const FindingLine& line : lines) printer.Add(line);
  return printer.Take();
}

}  // namespace datafly::report

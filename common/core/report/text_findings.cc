#include "common/core/report/text_findings.h"

#include "common/core/base/text.h"
#include "common/core/report/layout.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

constexpr std::size_t kMinText = 28;      // narrower than this, text goes below its code
constexpr std::size_t kMaxSeenLines = 6;  // on a terminal; nobody reads more of one event
constexpr std::size_t kMaxEvidence = 6;
constexpr std::size_t kMaxEvidenceLines = 2;
constexpr std::size_t kDetailIndent = 5;

/// "a: b" of what is there.
std::string JoinedByColon(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return first + second;
  return fmt::format("{}: {}", first, second);
}

class FindingsPrinter {
 public:
  FindingsPrinter(std::size_t code_width, const RenderOptions& options, bool wide)
      : code_width_(code_width),
        lead_width_(5 + code_width),
        width_(static_cast<std::size_t>(std::max(options.width, 0))),
        wide_(wide),
        pen_(options.color) {}

  void Add(const FindingLine& line) {
    std::string lead = fmt::format(" {} {}  ", pen_.Verdict(line.verdict, Mark(line.verdict)),
                                   PadRight(EscapeForTerminal(line.code), code_width_));
    if (!NeedsSomebody(line.verdict)) {
      AddBrief(lead, line);
    } else if (line.verdict == CheckVerdict::Unknown && !line.title.empty()) {
      // That nodes may not be listed says little without what they were wanted for.
      AddSubject(lead, EscapeForTerminal(line.title),
                 JoinedByColon(EscapeForTerminal(line.object), SeenText(line)));
    } else {
      AddSubject(lead, EscapeForTerminal(line.object), SeenText(line));
    }
    if (line.detail != nullptr) AddDetails(line);
  }

  std::string Take() { return std::move(out_); }

 private:
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

  /// What passed or was skipped: what was checked, then what was seen, cut to one line.
  void AddBrief(const std::string& lead, const FindingLine& line) {
    std::string title = EscapeForTerminal(line.title);
    bool object_tells = wide_ || title.empty() || line.seen.empty();
    std::string rest =
        EscapeForTerminal(JoinedByColon(object_tells ? line.object : std::string(), line.seen));
    std::string text = JoinedByColon(title, rest);
    if (wide_) return AddWrapped(lead, lead_width_, text);
    if (width_ > 0) text = Truncate(text, Left(lead_width_));
    std::size_t cut = std::min(text.size(), title.size());
    AddLine(lead + text.substr(0, cut) + pen_.Dim(text.substr(cut)));
  }

  /// The object and what was seen of it; side by side, or below each other when it is narrow.
  void AddSubject(const std::string& lead, const std::string& object, const std::string& seen) {
    if (width_ == 0 || width_ >= lead_width_ + kMinText) {
      return AddWrapped(lead, lead_width_, JoinedByColon(object, seen));
    }
    if (object.empty()) return AddWrapped(lead, lead_width_, seen);
    AddWrapped(lead, lead_width_, object);
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
    if (wide_ || NeedsSomebody(line.verdict)) AddEvidence(finding.evidence);
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

  std::size_t code_width_;
  std::size_t lead_width_;  ///< " √ CODE  "
  std::size_t width_;
  bool wide_;
  Pen pen_;
  std::string out_;
};

}  // namespace

std::size_t CodeWidth(const std::vector<std::vector<FindingLine>>& sections) {
  std::size_t width = 0;
  for (const std::vector<FindingLine>& section : sections) {
    for (const FindingLine& line : section) {
      width = std::max(width, DisplayWidth(EscapeForTerminal(line.code)));
    }
  }
  return width;
}

std::string RenderFindings(const std::vector<FindingLine>& lines, std::size_t code_width,
                           const RenderOptions& options, bool wide) {
  FindingsPrinter printer(code_width, options, wide);
  for (const FindingLine& line : lines) printer.Add(line);
  return printer.Take();
}

bool HasDetails(const FindingLine& line) {
  if (line.detail == nullptr || !NeedsSomebody(line.verdict)) return false;
  const Finding& finding = line.detail->finding;
  return !finding.remedy.empty() || !finding.evidence.empty() || !finding.needs.empty() ||
         !finding.acknowledged.empty();
}

}  // namespace datafly::report

#include "common/core/base/text.h"

#include "common/core/report/diff_render.h"
#include "common/core/report/layout.h"
#include "common/core/report/render.h"
#include "common/core/report/text_findings.h"
#include "common/core/report/text_table.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

constexpr std::size_t kMaxLikeOnTerminal = 5;

using Findings = std::vector<ReportedFinding>;

class TextPrinter {
 public:
  TextPrinter(const Document& document, const RenderOptions& options, bool wide)
      : document_(document), options_(options), wide_(wide), pen_(options.color) {
    FoldRules rules{options.quiet || (document.brief && !wide), !wide,
                    !wide && options.width > 0 ? kMaxLikeOnTerminal : std::size_t{0}};
    for (const Section& section : document.sections) {
      const auto* findings = std::get_if<Findings>(&section.body);
      has_findings_ = has_findings_ || findings != nullptr;
      folded_.push_back(findings ? FoldFindings(*findings, rules) : std::vector<FindingLine>{});
    }
    code_width_ = CodeWidth(folded_);
  }

  std::string Print() {
    if (!options_.no_headers && !options_.quiet) AddHeader();
    for (std::size_t i = 0; i < document_.sections.size(); ++i) AddSection(i);
    AddSkippedSections();
    if (wide_) AddInstallations();
    if (has_findings_ || !options_.no_headers) AddVerdict();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::size_t Width() const {
    return static_cast<std::size_t>(std::max(options_.width, 0));
  }

  void AddLines(const std::vector<std::string>& lines, bool dim) {
    for (const std::string& line : lines) out_ += (dim ? pen_.Dim(line) : line) + "\n";
  }

  void AddHeader() {
    if (!document_.title.empty()) AddLines(Titles(document_.title), false);
    AddLines(ContextLines(), true);
    if (!out_.empty()) out_ += "\n";
  }

  /// "context prod · namespace datafly · …": as many to a line as fit.
  std::vector<std::string> ContextLines() const {
    std::vector<std::string> lines;
    for (const auto& [key, value] : document_.context) {
      std::string item = EscapeForTerminal(fmt::format("{} {}", key, value));
      std::size_t joined = lines.empty() ? 0 : DisplayWidth(lines.back()) + 3 + DisplayWidth(item);
      if (!lines.empty() && (Width() == 0 || joined <= Width())) {
        lines.back() += " · " + item;
      } else {
        lines.push_back(Width() > 0 ? Truncate(item, Width()) : item);
      }
    }
    return lines;
  }

  void AddSection(std::size_t index) {
    const Section& section = document_.sections[index];
    if (section.wide_only && !wide_) return;
    if (!wide_ && IsSkippedAsOne(folded_[index])) {
      skipped_[folded_[index].front().seen].push_back(section.title);
      return;
    }
    std::string body =
        std::visit([&](const auto& b) { return BodyOf(b, folded_[index]); }, section.body);
    if (body.empty()) return;
    if (needs_gap_) out_ += "\n";
    // Sections that are all well stand close together; one with remedies gets air.
    const std::vector<FindingLine>& lines = folded_[index];
    needs_gap_ = !std::holds_alternative<Findings>(section.body) ||
                 std::any_of(lines.begin(), lines.end(), HasDetails);
    if (!options_.no_headers && !section.title.empty()) {
      AddLines(Titles(section.title), false);
    }
    out_ += body;
  }

  /// Each as if it had been asked for alone; -o table has only their rows.
  void AddInstallations() {
    for (const Document& one : document_.installations) {
      if (!out_.empty()) out_ += "\n";
      out_ += TextPrinter(one, options_, wide_).Print();
    }
  }

  /// All checks of the section are skipped for one reason.
  static bool IsSkippedAsOne(const std::vector<FindingLine>& lines) {
    return lines.size() == 1 && lines.front().verdict == CheckVerdict::Skipped;
  }

  /// "- no target was named (--to): Images, Values": they need no heading each.
  void AddSkippedSections() {
    if (skipped_.empty()) return;
    if (needs_gap_) out_ += "\n";
    if (!options_.no_headers) AddLines(Titles("Skipped"), false);
    for (const auto& [reason, titles] : skipped_) {
      std::string text = EscapeForTerminal(fmt::format("{}: {}", reason, fmt::join(titles, ", ")));
      std::string lead = fmt::format(" {} ", pen_.Verdict(CheckVerdict::Skipped, "-"));
      for (const std::string& line : Wrap(text, Width() > 11 ? Width() - 3 : Width())) {
        out_ += lead + line + "\n";
        lead = "   ";
      }
    }
  }

  std::vector<std::string> Titles(std::string_view title) const {
    std::vector<std::string> lines = Wrap(EscapeForTerminal(title), Width());
    for (std::string& line : lines) line = pen_.Bold(line);
    return lines;
  }

  std::string BodyOf(const Findings&, const std::vector<FindingLine>& lines) const {
    return RenderFindings(lines, code_width_, options_, wide_);
  }
  std::string BodyOf(const Table& table, const std::vector<FindingLine>&) const {
    return RenderTable(table, options_, wide_);
  }
  std::string BodyOf(const Text& text, const std::vector<FindingLine>&) const {
    std::string out;
    for (std::string_view line : Split(text.text, '\n')) {
      for (const std::string& piece : TextLines(EscapeForTerminal(line))) out += piece + "\n";
    }
    return out;
  }

  std::string BodyOf(const diff::ShownDiff& diff, const std::vector<FindingLine>&) const {
    return RenderDiff(diff, DiffFormat::Text, options_);
  }

  /// Text keeps its own layout where it fits.
  std::vector<std::string> TextLines(const std::string& line) const {
    if (Width() == 0 || DisplayWidth(line) <= Width()) return {line};
    return Wrap(line, Width());
  }

  /// "× no-go: 2 checks failed", and below it how many there are of each.
  void AddVerdict() {
    if (document_.verdict.empty() && !has_findings_) return;
    if (!out_.empty()) out_ += "\n";
    CheckVerdict overall = OverallVerdict(document_);
    std::string counts = has_findings_ ? CountsInWords(Summarize(document_)) : "";
    const std::string& detail =
        document_.verdict_detail.empty() ? counts : document_.verdict_detail;
    std::string text = document_.verdict;
    if (!detail.empty()) text += (text.empty() ? "" : ": ") + detail;
    std::string line = fmt::format("{} {}", Mark(overall), EscapeForTerminal(text));
    for (const std::string& piece : Wrap(line, Width())) {
      out_ += pen_.Verdict(overall, piece) + "\n";
    }
    Summary summary = Summarize(document_);
    bool more_to_tell = summary.Total() != summary.pass && !document_.verdict_detail.empty();
    if (more_to_tell) AddLines(Wrap(counts, Width()), false);
  }

  const Document& document_;
  const RenderOptions& options_;
  bool wide_;
  Pen pen_;
  bool has_findings_ = false;
  bool needs_gap_ = false;
  std::map<std::string, std::vector<std::string>> skipped_;  // reason -> titles of sections
  std::vector<std::vector<FindingLine>> folded_;
  std::size_t code_width_ = 0;
  std::string out_;
};

}  // namespace

std::string RenderText(const Document& document, const RenderOptions& options, bool wide) {
  return TextPrinter(document, options, wide).Print();
}

}  // namespace datafly::report

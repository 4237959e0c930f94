#include "common/core/report/words.h"

#include "common/core/base/text.h"

namespace datafly::report {

namespace {

/// First words by which a line of a remedy is known to be a command.
constexpr std::array<std::string_view, 18> kPrograms = {
    "kubectl", "helm",   "flux", "argocd", "oc",  "velero", "docker",  "crane", "skopeo",
    "aws",     "gcloud", "az",   "psql",   "git", "curl",   "openssl", "sudo",  "export"};

bool StartsWithProgram(std::string_view line) {
  std::string_view word = line.substr(0, line.find(' '));
  return word.size() < line.size() &&
         std::find(kPrograms.begin(), kPrograms.end(), word) != kPrograms.end();
}

/// Where a command begins after a sentence's colon, or npos.
std::size_t CommandAfterColon(std::string_view line) {
  for (std::size_t at = line.find(": "); at != std::string_view::npos;
       at = line.find(": ", at + 2)) {
    if (StartsWithProgram(line.substr(at + 2))) return at + 2;
  }
  return std::string_view::npos;
}

void AppendRemedyLine(std::string_view line, std::vector<RemedyPart>& parts) {
  if (StartsWithProgram(line)) {
    parts.push_back({true, std::string(line)});
    return;
  }
  std::size_t command = CommandAfterColon(line);
  parts.push_back({false, std::string(Trim(line.substr(0, command)))});
  if (command != std::string_view::npos) parts.push_back({true, std::string(line.substr(command))});
}

}  // namespace

std::string_view Mark(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::Pass:
      return "√";
    case CheckVerdict::Warn:
      return "‼";
    case CheckVerdict::Fail:
      return "×";
    case CheckVerdict::Unknown:
      return "?";
    case CheckVerdict::Skipped:
      return "-";
  }
  return "?";
}

bool NeedsSomebody(CheckVerdict verdict) {
  return verdict != CheckVerdict::Pass && verdict != CheckVerdict::Skipped;
}

bool HasFindings(const Document& document) {
  return std::any_of(document.sections.begin(), document.sections.end(), [](const Section& s) {
    return std::holds_alternative<std::vector<ReportedFinding>>(s.body);
  });
}

CheckVerdict OverallVerdict(const Document& document) {
  Summary summary = Summarize(document);
  if (summary.fail > 0) return CheckVerdict::Fail;
  bool nothing_known = summary.pass + summary.warn == 0 && HasFindings(document);
  if (nothing_known && document.exit_code == 0) return CheckVerdict::Unknown;
  switch (document.exit_code) {  // the table of exit codes in docs/exit-codes.md
    case 0:
      return summary.warn > 0 ? CheckVerdict::Warn : CheckVerdict::Pass;
    case 2:
    case 4:
      return CheckVerdict::Warn;
    case 5:
      return CheckVerdict::Unknown;
    default:
      return CheckVerdict::Fail;
  }
}

std::string CountsInWords(const Summary& summary) {
  std::vector<std::string> words;
  auto add = [&words](std::size_t count, std::string_view word) {
    if (count > 0) words.push_back(fmt::format("{} {}", count, word));
  };
  add(summary.fail, "failed");
  add(summary.warn, summary.warn == 1 ? "warning" : "warnings");
  add(summary.unknown, "unknown");
  add(summary.pass, "passed");
  add(summary.skipped, "skipped");
  if (words.empty()) return "nothing was checked";
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<RemedyPart> ParseRemedy(std::string_view remedy) {
  std::vector<RemedyPart> parts;
  for (std::string_view raw : Split(remedy, '\n')) {
    std::string_view line = Trim(raw);
    if (!line.empty()) AppendRemedyLine(line, parts);
  }
  return parts;
}

std::string_view Note(const Finding& finding) {
  bool advisory_unknown =
      finding.verdict == CheckVerdict::Unknown && finding.requirement == Requirement::Advisory;
  return advisory_unknown ? "advisory" : "";
}

}  // namespace datafly::report

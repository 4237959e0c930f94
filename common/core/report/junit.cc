#include "common/core/report/markup.h"
#include "common/core/report/render.h"
#include "common/core/report/words.h"

namespace datafly::report {

namespace {

using Findings = std::vector<ReportedFinding>;

/// What a finding is to a CI server.
enum class Outcome { Passed, Failure, Error, Skipped };

Outcome OutcomeOf(const Finding& finding) {
  switch (finding.verdict) {
    case CheckVerdict::Pass:
    case CheckVerdict::Warn:
      return Outcome::Passed;
    case CheckVerdict::Fail:
      return Outcome::Failure;
    case CheckVerdict::Unknown:
      return finding.requirement == Requirement::Required ? Outcome::Error : Outcome::Skipped;
    case CheckVerdict::Skipped:
      return Outcome::Skipped;
  }
  return Outcome::Error;
}

/// Of a whole command, by its exit code (cli::ExitStatus).
Outcome OutcomeOf(const Document& document) {
  constexpr int kDifferences = 2;
  constexpr int kNotChecked = 5;
  if (document.exit_code == 0 || document.exit_code == kDifferences) return Outcome::Passed;
  return document.exit_code == kNotChecked ? Outcome::Error : Outcome::Failure;
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void Add(Outcome outcome) {
    ++tests;
    failures += outcome == Outcome::Failure ? 1 : 0;
    errors += outcome == Outcome::Error ? 1 : 0;
    skipped += outcome == Outcome::Skipped ? 1 : 0;
  }
  void Add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
  [[nodiscard]] std::string Attributes() const {
    return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="0")", tests,
                       failures, errors, skipped);
  }
};

std::string Details(const ReportedFinding& reported) {
  const Finding& finding = reported.finding;
  std::vector<std::string> lines = {finding.seen};
  auto add = [&lines](std::string_view label, const std::string& text) {
    if (!text.empty()) lines.push_back(fmt::format("{}{}", label, text));
  };
  for (const std::string& evidence : finding.evidence) add("  ", evidence);
  add("needs: ", finding.needs);
  add("acknowledged: ", finding.acknowledged);
  add("why: ", reported.why);
  add("remedy: ", finding.remedy);
  add("see ", reported.docs);
  return XmlLines(fmt::format("{}", fmt::join(lines, "\n")));
}

std::string CaseName(const ReportedFinding& reported) {
  const std::string& title = reported.title.empty() ? reported.finding.code : reported.title;
  const std::string& object = reported.finding.object;
  return XmlText(object.empty() ? title : fmt::format("{}: {}", title, object));
}

/// The element inside a <testcase>, or nothing for a plain pass.
std::string CaseBody(const ReportedFinding& reported) {
  const Finding& finding = reported.finding;
  std::string message = XmlText(finding.seen);
  std::string_view type = ToString(finding.verdict);
  switch (OutcomeOf(finding)) {
    case Outcome::Failure:
      return fmt::format("<failure message=\"{}\" type=\"{}\">{}</failure>", message, type,
                         Details(reported));
    case Outcome::Error:
      return fmt::format("<error message=\"{}\" type=\"{}\">{}</error>", message, type,
                         Details(reported));
    case Outcome::Skipped:
      return fmt::format("<skipped message=\"{}\"/>", message);
    case Outcome::Passed:
      break;
  }
  if (finding.verdict == CheckVerdict::Pass) return "";
  return fmt::format("<system-out>warning: {}</system-out>", Details(reported));
}

std::string TestCase(const ReportedFinding& reported) {
  std::string open = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
                                 XmlText(reported.finding.code), CaseName(reported));
  std::string body = CaseBody(reported);
  if (body.empty()) return open + "/>\n";
  return fmt::format("{}>{}</testcase>\n", open, body);
}

std::string Properties(const Document& document) {
  std::string out = "    <properties>\n";
  auto add = [&out](std::string_view name, std::string_view value) {
    out +=
        fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", XmlText(name), XmlText(value));
  };
  for (const auto& [key, value] : document.context) add(key, value);
  add("toolVersion", document.tool_version);
  add("verdict", document.verdict);
  return out + "    </properties>\n";
}

/// xs:dateTime without a zone, as JUnit's schema has it; UTC.
std::string Timestamp(Time time) {
  return FormatTime(std::chrono::floor<std::chrono::seconds>(time)).substr(0, 19);
}

Counts CountCases(const Findings& findings) {
  Counts counts;
  for (const ReportedFinding& reported : findings) counts.Add(OutcomeOf(reported.finding));
  return counts;
}

std::string OpenSuite(const Document& document, const std::string& name, const Counts& counts) {
  return fmt::format("  <testsuite name=\"{}\" {} timestamp=\"{}\">\n", XmlText(name),
                     counts.Attributes(), Timestamp(document.taken_at));
}

std::string TestSuite(const Document& document, const std::string& name, const Findings& findings) {
  std::string out = OpenSuite(document, name, CountCases(findings));
  out += Properties(document);
  for (const ReportedFinding& reported : findings) out += TestCase(reported);
  return out + "  </testsuite>\n";
}

/// The suites of one document and what they count together.
struct Suites {
  std::string xml;
  Counts total;

  void Add(const Document& document, const std::string& prefix) {
    for (const Section& section : document.sections) {
      const auto* findings = std::get_if<Findings>(&section.body);
      if (findings == nullptr) continue;
      xml += TestSuite(document, prefix + section.title, *findings);
      total.Add(CountCases(*findings));
    }
  }

  /// An installation that could not be looked at is an error, else a CI server would not see it.
  void AddInstallation(const Document& document) {
    const std::string label = Label(document);
    if (HasFindings(document) || document.exit_code == 0) return Add(document, label + ": ");
    AddVerdict(document, label, "installation", Outcome::Error);
  }

  /// The whole as one case: what was done and how it ended.
  void AddVerdict(const Document& document, const std::string& name, std::string_view type,
                  Outcome outcome) {
    Counts one;
    one.Add(outcome);
    xml += OpenSuite(document, name, one) + Properties(document);
    xml +=
        fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", type, XmlText(name));
    if (outcome == Outcome::Passed) {
      xml += "/>\n  </testsuite>\n";
    } else {
      const bool failed = outcome == Outcome::Failure;
      xml += fmt::format("><{} message=\"{}\" type=\"{}\"/></testcase>\n  </testsuite>\n",
                         failed ? "failure" : "error", XmlText(document.verdict_detail),
                         failed ? XmlText(document.verdict) : "unknown");
    }
    total.Add(one);
  }

  /// "prod/datafly/datafly".
  static std::string Label(const Document& document) {
    std::vector<std::string> parts;
    for (const auto& [key, value] : document.context) {
      if (key == "context" || key == "namespace" || key == "release") parts.push_back(value);
    }
    return fmt::format("{}", fmt::join(parts, "/"));
  }
};

}  // namespace

// One suite per section of findings, one case per finding. Tables and text have no place in JUnit:
// a command that has no findings, or ends badly although each of them is well, is a case itself.
std::string RenderJunit(const Document& document) {
  Suites suites;
  suites.Add(document, "");
  const bool told = suites.total.failures + suites.total.errors > 0;
  const bool silent = document.installations.empty() &&
                      (suites.total.tests == 0 || (document.exit_code != 0 && !told));
  if (silent) suites.AddVerdict(document, document.title, document.kind, OutcomeOf(document));
  for (const Document& one : document.installations) suites.AddInstallation(one);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" {}>\n{}</testsuites>\n",
      XmlText(document.title), suites.total.Attributes(), suites.xml);
}

}  // namespace datafly::report

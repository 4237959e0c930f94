#include "common/core/report/diagnosis_document.h"

#include "common/core/checks/wording.h"
#include "common/core/report/judgement.h"

namespace datafly::report {

namespace {

using checks::FoundGroup;

/// What explains a platform that does not work although its pods run: the release's own state and
/// its autoscalers.
constexpr std::string_view kRelatedFamilies[] = {"SIG-REL", "SIG-HPA"};

std::vector<checks::FamilyResult> RelatedResults(const checks::Input& input) {
  checks::Selection selection;
  for (const std::string_view family : kRelatedFamilies) selection.only.emplace_back(family);
  auto results = checks::JudgeAll(input, selection, {});
  for (checks::FamilyResult& result : results)
    std::erase_if(result.findings, [](const Finding& finding) {
      return finding.verdict == CheckVerdict::Pass || finding.verdict == CheckVerdict::Skipped;
    });
  std::erase_if(results, [](const auto& result) { return result.findings.empty(); });
  return results;
}

bool HasRequiredUnknown(const std::vector<checks::FamilyResult>& results) {
  return std::any_of(results.begin(), results.end(), [](const checks::FamilyResult& result) {
    return std::any_of(result.findings.begin(), result.findings.end(), [](const Finding& finding) {
      return finding.verdict == CheckVerdict::Unknown &&
             finding.requirement == Requirement::Required;
    });
  });
}

std::vector<ReportedFinding> UnknownFindings(const Facts& facts) {
  std::vector<ReportedFinding> out;
  const auto add = [&](std::string_view what, const auto& fact, Requirement requirement) {
    if (fact) return;
    ReportedFinding reported;
    reported.title = fmt::format("The {} can be read", what);
    reported.finding =
        checks::MakeUnknown("SIG-POD-001", std::string(what), fact.absence(), facts.scope);
    reported.finding.requirement = requirement;
    out.push_back(std::move(reported));
  };
  add("workloads", facts.workloads, Requirement::Required);
  add("pods", facts.pods, Requirement::Required);
  add("ReplicaSets", facts.replica_sets, Requirement::Advisory);
  add("events", facts.events, Requirement::Advisory);
  return out;
}

std::string RootedTitle(const rollout::CauseGroup& group) {
  const std::string title(group.spec().title);
  return group.root.empty() ? title : fmt::format("{}: {}", title, group.root);
}

void Judge(Document& document, const std::vector<FoundGroup>& groups, bool related_fails,
           bool blind) {
  const auto certain =
      std::count_if(groups.begin(), groups.end(), [](const FoundGroup& g) { return g.certain; });
  if (certain > 0 || related_fails) {
    document.verdict = "causes found";
    document.verdict_detail =
        certain > 0 ? RootedTitle(groups.front().group) : "the release itself is not well";
    document.exit_code = 3;
  } else if (blind) {
    document.verdict = "not known";
    document.verdict_detail = "what it would be told by cannot be read";
    document.exit_code = 5;
  } else {
    document.verdict = groups.empty() ? "no cause found" : "may pass";
    document.verdict_detail = groups.empty() ? "nothing is wrong with the workloads and their pods"
                                             : "nothing is certain yet: look again in a minute";
    document.exit_code = 0;
  }
}

}  // namespace

Document DiagnosisDocument(const checks::Input& input, const std::string& only,
                           const std::vector<FoundGroup>& groups, const Excerpts& excerpts) {
  const Facts& facts = input.facts;
  const auto related = only.empty() ? RelatedResults(input) : std::vector<checks::FamilyResult>{};
  Document document = JudgementDocument("DiagnosisReport", {}, facts, related, false);
  document.title = only.empty() ? "Diagnosis of release " + facts.scope.release
                                : fmt::format("Diagnosis of {}", only);
  const bool related_fails = document.exit_code == 3;
  const bool related_blind = HasRequiredUnknown(related);
  std::vector<ReportedFinding> findings;
  std::vector<rollout::CauseGroup> plain;
  for (const FoundGroup& found : groups) {
    findings.push_back(CauseFinding(found.group,
                                    found.certain ? CheckVerdict::Fail : CheckVerdict::Warn,
                                    facts.scope, excerpts));
    findings.back().title = RootedTitle(found.group);
    plain.push_back(found.group);
  }
  std::vector<ReportedFinding> unknown = UnknownFindings(facts);
  const bool blind =
      std::any_of(unknown.begin(), unknown.end(), [](const ReportedFinding& reported) {
        return reported.finding.requirement == Requirement::Required;
      });
  std::move(unknown.begin(), unknown.end(), std::back_inserter(findings));
  if (!plain.empty())
    document.sections.insert(document.sections.begin(),
                             {"objects", "Objects", CauseTable(plain), true});
  if (!findings.empty())
    document.sections.insert(document.sections.begin(), {"causes", "Causes", std::move(findings)});
  Judge(document, groups, related_fails, blind || related_blind);
  return document;
}

}  // namespace datafly::report

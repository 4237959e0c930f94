#include "common/core/base/text.h"
#include "common/core/checks/check.h"
#include "common/core/facts/profile_in_force.h"

namespace datafly::checks {

namespace {

/// "SIG-POD" selects "SIG-POD-001", but not "SIG-PODX-001"; case does not matter.
bool Selects(std::string_view selector, std::string_view code) {
  std::string wanted = ToLower(selector);
  std::string have = ToLower(code);
  if (have == wanted) return true;
  while (!wanted.empty() && wanted.back() == '-') wanted.pop_back();
  return !wanted.empty() && have.starts_with(wanted + "-");
}

bool AnySelects(const std::vector<std::string>& selectors, std::string_view code) {
  return std::any_of(selectors.begin(), selectors.end(),
                     [&](const std::string& selector) { return Selects(selector, code); });
}

bool Selected(const Selection& selection, std::string_view code) {
  if (AnySelects(selection.skip, code)) return false;
  return selection.only.empty() || AnySelects(selection.only, code);
}

bool NeedsJudging(const Family& family, const Selection& selection) {
  return std::any_of(family.catalogue.begin(), family.catalogue.end(),
                     [&](const CheckSpec& spec) { return Selected(selection, spec.code); });
}

/// A fail or unknown becomes a warn, a warn is settled; the reason stays with it.
void Acknowledge(Finding& finding, const Acknowledgement& ack) {
  const CheckSpec* spec = FindSpec(finding.code);
  if (finding.verdict == CheckVerdict::Pass || finding.verdict == CheckVerdict::Skipped) return;
  if (spec == nullptr || !spec->ackable) {
    finding.evidence.push_back("the acknowledgement is not taken: this cannot be acknowledged");
    return;
  }
  bool warned = finding.verdict == CheckVerdict::Warn;
  finding.verdict = warned ? CheckVerdict::Pass : CheckVerdict::Warn;
  finding.acknowledged = ack.reason;
}

const Acknowledgement* FindAck(std::span<const Acknowledgement> acks, std::string_view code) {
  for (const Acknowledgement& ack : acks) {
    if (ToLower(ack.code) == ToLower(code)) return &ack;
  }
  return nullptr;
}

std::vector<Finding> JudgeFamily(const Family& family, const Input& input,
                                 const Selection& selection,
                                 std::span<const Acknowledgement> acks) {
  std::vector<Finding> findings;
  for (Finding& finding : family.judge(input)) {
    if (!Selected(selection, finding.code)) continue;
    if (const Acknowledgement* ack = FindAck(acks, finding.code)) Acknowledge(finding, *ack);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

bool NamesAnyCode(std::string_view selector) {
  for (const Family& family : AllFamilies()) {
    for (const CheckSpec& spec : family.catalogue) {
      if (Selects(selector, spec.code)) return true;
    }
  }
  return false;
}

std::vector<FamilyResult> JudgeAll(const Input& input, const Selection& selection,
                                   std::span<const Acknowledgement> acks) {
  const TightenedProfile in_force = ProfileInForce(input.facts, input.profile);
  const Input judged{input.facts, in_force.profile, &input.profile, input.forces_conflicts};
  std::vector<FamilyResult> results;
  for (const Family& family : AllFamilies()) {
    if (!NeedsJudging(family, selection)) continue;
    std::vector<Finding> findings = JudgeFamily(family, judged, selection, acks);
    if (!findings.empty()) results.push_back({&family, std::move(findings)});
  }
  return results;
}

}  // namespace datafly::checks

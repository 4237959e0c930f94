#include "tests/unit/core/checks/cases.h"

#include <gtest/gtest.h>

namespace datafly::checks {

namespace {

std::map<std::string, std::set<CheckVerdict>, std::less<>>& Registry() {
  static std::map<std::string, std::set<CheckVerdict>, std::less<>> registry;
  return registry;
}

std::vector<Finding> AllFindings(const World& world) {
  std::vector<Finding> out;
  for (FamilyResult& result : JudgeAll({world.facts, world.profile}, {}, {})) {
    for (Finding& finding : result.findings) out.push_back(std::move(finding));
  }
  return out;
}

bool Contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void ExpectNothingElseFails(const Case& c, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.code == c.code || Contains(c.also_fails, finding.code)) continue;
    EXPECT_NE(finding.verdict, CheckVerdict::Fail)
        << finding.code << " " << finding.object << ": " << finding.seen;
  }
}

/// Whatever was spoilt: a finding that asks for action says which, in one line each.
void ExpectWellFormed(const Finding& finding) {
  EXPECT_NE(FindSpec(finding.code), nullptr) << finding.code;
  EXPECT_FALSE(finding.seen.empty()) << finding.code;
  EXPECT_EQ(finding.seen.find('\n'), std::string::npos) << finding.seen;
  if (finding.verdict == CheckVerdict::Fail || finding.verdict == CheckVerdict::Warn) {
    EXPECT_FALSE(finding.remedy.empty()) << finding.code;
  }
}

void RunCase(const Case& c) {
  SCOPED_TRACE(c.name);
  World world = HealthyWorld();
  c.change(world);
  std::vector<Finding> findings = AllFindings(world);
  const Finding* match = nullptr;
  std::string got;
  for (const Finding& finding : findings) {
    ExpectWellFormed(finding);
    if (finding.code != c.code) continue;
    got += fmt::format("{}: {} [{}]; ", ToString(finding.verdict), finding.seen, finding.remedy);
    if (finding.verdict == c.verdict && match == nullptr) match = &finding;
  }
  ExpectNothingElseFails(c, findings);
  ASSERT_NE(match, nullptr) << c.code << " should be " << ToString(c.verdict) << ", got " << got;
  EXPECT_NE(match->seen.find(c.seen), std::string::npos) << "seen: " << match->seen;
  EXPECT_NE(match->remedy.find(c.remedy), std::string::npos) << "remedy: " << match->remedy;
}

}  // namespace

void RunCases(const std::vector<Case>& cases) {
  for (const Case& c : cases) RunCase(c);
}

bool Register(const std::vector<Case>& cases) {
  for (const Case& c : cases) Registry()[c.code].insert(c.verdict);
  return true;
}

std::set<CheckVerdict> RegisteredVerdicts(std::string_view code) {
  auto found = Registry().find(code);
  return found == Registry().end() ? std::set<CheckVerdict>{} : found->second;
}

std::vector<Finding> FindingsOf(const World& world, std::string_view code) {
  std::vector<Finding> out;
  for (Finding& finding : AllFindings(world)) {
    if (finding.code == code) out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace datafly::checks

#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

std::set<std::string> CodesOf(const std::vector<FamilyResult>& results) {
  std::set<std::string> codes;
  for (const FamilyResult& result : results) {
    for (const Finding& finding : result.findings) codes.insert(finding.code);
  }
  return codes;
}

std::vector<FamilyResult> Judge(const World& world, const Selection& selection,
                                std::vector<Acknowledgement> acks = {}) {
  return JudgeAll({world.facts, world.profile}, selection, acks);
}

/// The only finding of a judgement that was asked for one code.
Finding Only(const World& world, const std::string& code, std::vector<Acknowledgement> acks = {}) {
  auto results = Judge(world, {{code}, {}}, std::move(acks));
  EXPECT_EQ(results.size(), 1U);
  EXPECT_EQ(results.front().findings.size(), 1U);
  return results.front().findings.front();
}

TEST(JudgeAll, OnlyTakesCodesAndPrefixesInAnyCase) {
  World world = HealthyWorld();
  EXPECT_EQ(CodesOf(Judge(world, {{"sig-rel-002"}, {}})), std::set<std::string>{"SIG-REL-002"});
  EXPECT_EQ(CodesOf(Judge(world, {{"SIG-REL"}, {"SIG-REL-002"}})).size(), 6U);
  EXPECT_TRUE(Judge(world, {{"SIG-RE"}, {}}).empty()) << "a prefix ends at a dash";
  EXPECT_TRUE(Judge(world, {{"SIG"}, {"SIG-"}}).empty());
}

TEST(JudgeAll, SkipWithoutOnlyLeavesTheRest) {
  auto codes = CodesOf(Judge(HealthyWorld(), {{}, {"SIG-REL"}}));
  EXPECT_FALSE(codes.contains("SIG-REL-001"));
  EXPECT_TRUE(codes.contains("SIG-VER-001"));
}

TEST(JudgeAll, KnowsWhichSelectorsSelectAnything) {
  EXPECT_TRUE(NamesAnyCode("SIG-REL"));
  EXPECT_TRUE(NamesAnyCode("sig-rel-001"));
  EXPECT_FALSE(NamesAnyCode("SIG-RELEASE"));
  EXPECT_FALSE(NamesAnyCode(""));
}

TEST(JudgeAll, AnAckedFailBecomesAWarnWithTheReason) {
  World world = HealthyWorld();
  world.facts.release->status = world.facts.release->label_status = "failed";
  Finding finding = Only(world, "SIG-REL-002", {{"sig-rel-002", "INC-7: known"}});
  EXPECT_EQ(finding.verdict, CheckVerdict::Warn);
  EXPECT_EQ(finding.acknowledged, "INC-7: known");
}

TEST(JudgeAll, AnAckedUnknownBecomesAWarnAndAnAckedWarnAPass) {
  World world = HealthyWorld();
  world.facts.release->encoded_size = 0;
  EXPECT_EQ(Only(world, "SIG-REL-006", {{"SIG-REL-006", "small"}}).verdict, CheckVerdict::Warn);
  world.facts.other_releases = {"other"};
  EXPECT_EQ(Only(world, "SIG-REL-007", {{"SIG-REL-007", "meant"}}).verdict, CheckVerdict::Pass);
}

TEST(JudgeAll, ALiveLockCannotBeAcknowledged) {
  World world = HealthyWorld();
  world.facts.release->status = "pending-upgrade";
  Finding finding = Only(world, "SIG-REL-003", {{"SIG-REL-003", "I am sure"}});
  EXPECT_EQ(finding.verdict, CheckVerdict::Fail);
  EXPECT_TRUE(finding.acknowledged.empty());
  EXPECT_NE(finding.evidence.back().find("cannot be acknowledged"), std::string::npos);
}

TEST(JudgeAll, AnAckOfWhatPassesChangesNothing) {
  Finding finding = Only(HealthyWorld(), "SIG-REL-002", {{"SIG-REL-002", "why not"}});
  EXPECT_EQ(finding.verdict, CheckVerdict::Pass);
  EXPECT_TRUE(finding.acknowledged.empty());
}

TEST(Make, FillsTheRequirementAndTheGeneralRemedy) {
  Finding fail = Make("SIG-REL-004", CheckVerdict::Warn, "release x", "seen");
  EXPECT_EQ(fail.requirement, Requirement::Advisory);
  EXPECT_EQ(fail.remedy, FindSpec("SIG-REL-004")->remedy);
  EXPECT_TRUE(Make("SIG-REL-004", CheckVerdict::Pass, "", "seen").remedy.empty());
}

TEST(Make, UnknownNamesWhatIsMissing) {
  Scope scope{"prod", "", "datafly", "", ""};
  Finding finding =
      MakeUnknown("SIG-REL-001", "release", {AbsenceKind::Forbidden, "", "list secrets"}, scope);
  EXPECT_EQ(finding.verdict, CheckVerdict::Unknown);
  EXPECT_EQ(finding.seen, "forbidden");
  EXPECT_EQ(finding.needs, "list secrets");
  EXPECT_NE(finding.remedy.find("kubectl signal permissions preflight --context prod -n datafly"),
            std::string::npos);
}

TEST(Make, PrefixesQuoteWhatTheShellWouldTake) {
  Scope scope{"my ctx", "", "ns", "it's", ""};
  EXPECT_EQ(Kubectl(scope), "kubectl --context 'my ctx' -n ns");
  EXPECT_EQ(Helm(scope), "helm --kube-context 'my ctx' -n ns");
  EXPECT_EQ(KubectlSignal(scope, "health")
                .find("kubectl signal health --context 'my ctx' -n ns --release "),
            0U);
  EXPECT_EQ(Kubectl({}), "kubectl");
}

}  // namespace
}  // namespace datafly::checks

#include "tests/unit/core/checks/healthy_platform.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Facts WithNodes(int count) {
  Facts facts = HealthyFacts();
  facts.nodes->clear();
  for (int i = 1; i <= count; ++i) facts.nodes->push_back(HealthyNode("node" + std::to_string(i)));
  return facts;
}

/// The documented minimums.
Profile Documented() {
  Profile profile = LabProfile();
  profile.minimums = PlatformMinimums{};
  return profile;
}

TEST(PlatformFamily, AHealthyPlatformPasses) {
  const std::vector<Finding> lab = Judge(kPlatformFamily, HealthyFacts());
  ExpectWellFormed(lab, kPlatformFamily);
  EXPECT_EQ(Codes(lab, CheckVerdict::Pass).size(), kPlatformFamily.catalogue.size());
  const std::vector<Finding> big = Judge(kPlatformFamily, WithNodes(5), Documented());
  EXPECT_EQ(Codes(big, CheckVerdict::Pass).size(), kPlatformFamily.catalogue.size());
}

TEST(PlatformFamily, ServerVersions) {
  struct Version {
    const char* version;
    const char* verdict;
  };
  const Version cases[] = {
      {"v1.36.3", "pass"},    {"v1.30.0", "pass"},
      {"v1.29.9", "warn"},    {"v1.28.0-eks-1234", "warn"},
      {"v1.27.16", "fail"},   {"v1.31.5-gke.1000", "pass"},
      {"v1.30+", "pass"},     {"v2.0.0", "pass"},
      {"garbage", "unknown"}, {"", "unknown"},
      {"v1", "unknown"},      {"v1.x", "unknown"},
  };
  for (const Version& c : cases) {
    Facts facts = HealthyFacts();
    facts.server_version->git_version = c.version;
    EXPECT_EQ(Verdicts(Judge(kPlatformFamily, facts), "SIG-PLT-001"), c.verdict) << c.version;
  }
}

TEST(PlatformFamily, NodeCounts) {
  const std::pair<int, const char*> cases[] = {{1, "fail"}, {2, "fail"}, {3, "warn"},
                                               {4, "warn"}, {5, "pass"}, {9, "pass"}};
  for (const auto& [count, verdict] : cases) {
    const std::vector<Finding> findings = Judge(kPlatformFamily, WithNodes(count), Documented());
    EXPECT_EQ(Verdicts(findings, "SIG-PLT-002"), verdict) << count;
    EXPECT_EQ(Verdicts(findings, "SIG-PLT-005"), "pass") << count;
  }
  Facts facts = WithNodes(6);
  for (int i = 0; i < 4; ++i) {
    (*facts.nodes)[static_cast<std::size_t>(i)].taints = {
        {"node-role.kubernetes.io/control-plane", "NoSchedule"}};
  }
  EXPECT_EQ(Verdicts(Judge(kPlatformFamily, facts, Documented()), "SIG-PLT-002"), "fail");
}

TEST(PlatformFamily, NodeSizes) {
  Facts facts = WithNodes(5);
  // 8 GB as a cloud sells it: some of it is not seen by the kubelet.
  for (kinds::Node& node : *facts.nodes) node.capacity["memory"] = Mebi(7600);
  EXPECT_EQ(Verdicts(Judge(kPlatformFamily, facts, Documented()), "SIG-PLT-003"), "pass");
  (*facts.nodes)[0].capacity["cpu"] = Quantity{2000};
  const Finding one = Of(Judge(kPlatformFamily, facts, Documented()), "SIG-PLT-003").front();
  EXPECT_EQ(one.verdict, CheckVerdict::Warn);
  EXPECT_THAT(one.evidence, ElementsAre(HasSubstr("node node1: 2 cpu")));
  for (std::size_t i : {1U, 2U}) (*facts.nodes)[i].capacity["memory"] = Mebi(4000);
  EXPECT_EQ(Verdicts(Judge(kPlatformFamily, facts, Documented()), "SIG-PLT-003"), "fail");
  // Too few nodes is another code's; the one there is big enough.
  EXPECT_EQ(Verdicts(Judge(kPlatformFamily, WithNodes(1), Documented()), "SIG-PLT-003"), "pass");
}

TEST(PlatformFamily, NodeConditions) {
  Facts facts = WithNodes(3);
  (*facts.nodes)[0].conditions[1].status = "True";
  (*facts.nodes)[1].conditions[0] = {"Ready", "Unknown", "NodeStatusUnknown", "", {}};
  (*facts.nodes)[2].conditions.clear();
  Profile profile = LabProfile();
  facts.nodes->push_back(HealthyNode("node4"));
  const std::vector<Finding> own = Of(Judge(kPlatformFamily, facts, profile), "SIG-PLT-004");
  ASSERT_EQ(own.size(), 3U);
  EXPECT_EQ(own[0].seen, "MemoryPressure");
  EXPECT_EQ(own[1].seen, "not Ready (NodeStatusUnknown)");
  EXPECT_EQ(own[2].seen, "no word of it");
  for (const Finding& finding : own) {
    EXPECT_EQ(finding.verdict, CheckVerdict::Warn);
    EXPECT_THAT(finding.remedy, HasSubstr("describe node node"));
  }
}

TEST(PlatformFamily, CordonedNodes) {
  Facts facts = WithNodes(5);
  (*facts.nodes)[0].unschedulable = true;
  const Finding one = Of(Judge(kPlatformFamily, facts, Documented()), "SIG-PLT-005").front();
  EXPECT_EQ(one.verdict, CheckVerdict::Warn);
  EXPECT_EQ(one.seen, "4 of 5 nodes can take pods");
  EXPECT_EQ(one.remedy, "kubectl --context prod uncordon node1");
  for (std::size_t i : {1U, 2U}) (*facts.nodes)[i].unschedulable = true;
  const std::vector<Finding> few = Judge(kPlatformFamily, facts, Documented());
  EXPECT_THAT(Codes(few, CheckVerdict::Fail), ElementsAre("SIG-PLT-005"));
  for (kinds::Node& node : *facts.nodes) node.unschedulable = true;
  EXPECT_THAT(Codes(Judge(kPlatformFamily, facts, Documented()), CheckVerdict::Fail),
              ElementsAre("SIG-PLT-005"));
}

TEST(PlatformFamily, ANamespaceUserStillGetsAnAnswer) {
  Facts facts = HealthyFacts();
  facts.nodes = Absence{AbsenceKind::Forbidden, "nodes is forbidden", "list nodes"};
  const std::vector<Finding> findings = Judge(kPlatformFamily, facts);
  ExpectWellFormed(findings, kPlatformFamily);
  EXPECT_EQ(Verdicts(findings, "SIG-PLT-001"), "pass");
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-PLT-002"));
  EXPECT_EQ(Of(findings, "SIG-PLT-002").front().requirement, Requirement::Advisory);
  EXPECT_EQ(Verdicts(findings, "SIG-PLT-003"), "skipped");
  EXPECT_EQ(Verdicts(findings, "SIG-PLT-004"), "skipped");

  facts.server_version = Absence{AbsenceKind::TimedOut, "no answer", {}};
  EXPECT_EQ(Verdicts(Judge(kPlatformFamily, facts), "SIG-PLT-001"), "unknown");
  EXPECT_THAT(Codes(Judge(kPlatformFamily, facts), CheckVerdict::Fail), IsEmpty());
}

}  // namespace
}  // namespace datafly::checks::test

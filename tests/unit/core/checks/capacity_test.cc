#include "tests/unit/core/checks/healthy_platform.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kProcessor = "event-processor";

kinds::ResourceQuota Quota(kinds::ResourceList hard, kinds::ResourceList used) {
  kinds::ResourceQuota quota;
  quota.meta.name = "team";
  quota.hard = std::move(hard);
  quota.used = std::move(used);
  return quota;
}

Quantity Units(std::int64_t units) { return Quantity::FromUnits(units); }

/// Leaves `milli` of CPU free beside the nine pods of 100m.
void FreeCpu(Facts& facts, std::int64_t milli) {
  facts.nodes->front().allocatable["cpu"] = Quantity{200 + 9 * 100 + milli};
}

TEST(CapacityFamily, AHealthyPlatformPasses) {
  const std::vector<Finding> findings = Judge(kCapacityFamily, HealthyFacts());
  ExpectWellFormed(findings, kCapacityFamily);
  EXPECT_EQ(Codes(findings, CheckVerdict::Pass).size(), kCapacityFamily.catalogue.size());
  EXPECT_EQ(Of(findings, "SIG-CAP-001").front().seen, "room for 6 surge pods");
}

struct Fault {
  const char* name;
  void (*breaks)(Facts&);
  const char* verdict;
};

const Fault kNodes[] = {
    {"exactly enough", [](Facts& f) { FreeCpu(f, 600); }, "pass"},
    {"a thousandth too little", [](Facts& f) { FreeCpu(f, 599); }, "fail"},
    {"too little memory",
     [](Facts& f) { f.nodes->front().allocatable["memory"] = Mebi(256 + 9 * 128 + 5 * 128); },
     "fail"},
    {"too many pods", [](Facts& f) { f.nodes->front().allocatable["pods"] = Units(14); }, "fail"},
    {"just the pods", [](Facts& f) { f.nodes->front().allocatable["pods"] = Units(15); }, "pass"},
    {"old pods may go first",
     [](Facts& f) {
       FreeCpu(f, 0);
       for (Workload& workload : *f.workloads) workload.max_unavailable = {1, false};
     },
     "warn"},
    {"the target wants more",
     [](Facts& f) {
       f = HealthyFactsWithTarget();
       FreeCpu(f, 600);
       WorkloadNamed(f.target->rendered, kProcessor).pod.containers[0].requests["cpu"] =
           Quantity{101};
     },
     "fail"},
    {"another node has room",
     [](Facts& f) {
       FreeCpu(f, 0);
       f.nodes->push_back(HealthyNode("node2"));
     },
     "pass"},
    {"which is cordoned",
     [](Facts& f) {
       FreeCpu(f, 0);
       f.nodes->push_back(HealthyNode("node2"));
       f.nodes->back().unschedulable = true;
     },
     "fail"},
    {"which is not Ready",
     [](Facts& f) {
       FreeCpu(f, 0);
       f.nodes->push_back(HealthyNode("node2"));
       f.nodes->back().conditions[0].status = "Unknown";
     },
     "fail"},
    {"which is tainted",
     [](Facts& f) {
       FreeCpu(f, 0);
       f.nodes->push_back(HealthyNode("node2"));
       f.nodes->back().taints = {{"dedicated", "NoSchedule"}};
     },
     "fail"},
    {"which is tainted, and the pods tolerate something",
     [](Facts& f) {
       FreeCpu(f, 0);
       f.nodes->push_back(HealthyNode("node2"));
       f.nodes->back().taints = {{"dedicated", "NoSchedule"}};
       for (Workload& workload : *f.workloads) workload.pod.tolerates_anything = true;
     },
     "unknown"},
    {"a preference is no taint",
     [](Facts& f) {
       f.nodes->front().taints = {{"x", "PreferNoSchedule"}};
     },
     "pass"},
    {"a node selector that matches",
     [](Facts& f) {
       f.nodes->front().meta.labels = {{"pool", "apps"}};
       WorkloadNamed(f, kProcessor).pod.node_selector = {{"pool", "apps"}};
     },
     "pass"},
    {"a node selector that matches nothing",
     [](Facts& f) {
       WorkloadNamed(f, kProcessor).pod.node_selector = {{"pool", "gpu"}};
     },
     "fail"},
    {"node affinity is not judged",
     [](Facts& f) { WorkloadNamed(f, kProcessor).pod.has_node_affinity = true; }, "unknown"},
    {"anti-affinity on the only node",
     [](Facts& f) { WorkloadNamed(f, kProcessor).pod.has_pod_anti_affinity = true; }, "unknown"},
    {"anti-affinity with a free node",
     [](Facts& f) {
       f.nodes->push_back(HealthyNode("node2"));
       WorkloadNamed(f, kProcessor).pod.has_pod_anti_affinity = true;
     },
     "pass"},
    {"no surge, no room needed",
     [](Facts& f) {
       FreeCpu(f, 0);
       for (Workload& workload : *f.workloads) workload.strategy = "Recreate";
     },
     "pass"},
    {"no node at all takes pods", [](Facts& f) { f.nodes->front().unschedulable = true; },
     "skipped"},
    {"the nodes are not known",
     [](Facts& f) {
       f.nodes = Absence{AbsenceKind::Forbidden, "no", "list nodes"};
     },
     "unknown"},
    {"the other pods are not known",
     [](Facts& f) {
       f.requests_by_node = Absence{AbsenceKind::Forbidden, "no", "list pods"};
     },
     "unknown"},
    {"finished pods take no room",
     [](Facts& f) {
       FreeCpu(f, 600);
       Pod done = PodNamed(f, kProcessor);
       done.phase = "Succeeded";
       f.pods->push_back(done);
     },
     "pass"},
};

TEST(CapacityFamily, SurgeAgainstNodes) {
  for (const Fault& c : kNodes) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    c.breaks(facts);
    const std::vector<Finding> findings = Judge(kCapacityFamily, facts);
    ExpectWellFormed(findings, kCapacityFamily);
    const Finding own = Of(findings, "SIG-CAP-001").front();
    EXPECT_EQ(ToString(own.verdict), c.verdict) << own.seen;
    EXPECT_EQ(own.requirement, Requirement::Advisory);
    EXPECT_EQ(Verdicts(findings, "SIG-CAP-002"), "pass");
  }
}

TEST(CapacityFamily, FullNodesThatThePodsAlreadyTellOf) {
  Facts facts = HealthyFacts();
  FreeCpu(facts, 0);
  Pod& pod = Unready(facts, kProcessor);
  pod.node.clear();
  pod.phase = "Pending";
  pod.conditions = {
      {"PodScheduled", "False", "Unschedulable", "0/1 nodes: 1 Insufficient cpu", {}}};
  EXPECT_THAT(Of(Judge(kCapacityFamily, facts), "SIG-CAP-001").front().seen,
              HasSubstr("SIG-POD-013"));
}

struct QuotaFault {
  const char* name;
  const char* key;
  std::int64_t hard, used;  ///< thousandths
  const char* verdict;
};

/// Six surge pods of 100m and 128Mi (limits 500m, 256Mi), each of which has to fit.
const QuotaFault kQuotas[] = {
    {"room", "pods", 15'000, 9'000, "pass"},
    {"no room", "pods", 9'000, 9'000, "fail"},
    {"one too few", "pods", 14'000, 9'000, "fail"},
    {"by its other name", "count/pods", 14'000, 9'000, "fail"},
    {"cpu", "requests.cpu", 1'500, 900, "pass"},
    {"cpu, a thousandth", "requests.cpu", 1'499, 900, "fail"},
    {"cpu, by its short name", "cpu", 1'499, 900, "fail"},
    {"limits", "limits.cpu", 7'499, 4'500, "fail"},
    {"limits with room", "limits.cpu", 7'500, 4'500, "pass"},
    {"replica sets", "count/replicasets.apps", 11'000, 6'000, "fail"},
    {"nothing of pods", "services", 5'000, 5'000, "pass"},
    {"claims", "requests.storage", 5'000, 5'000, "pass"},
    {"a resource that nobody asks for", "requests.example.com/gpu", 0, 0, "pass"},
};

TEST(CapacityFamily, SurgeAgainstQuotas) {
  for (const QuotaFault& c : kQuotas) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    facts.quotas = std::vector{Quota({{c.key, Quantity{c.hard}}}, {{c.key, Quantity{c.used}}})};
    const std::vector<Finding> findings = Judge(kCapacityFamily, facts);
    ExpectWellFormed(findings, kCapacityFamily);
    const Finding own = Of(findings, "SIG-CAP-002").front();
    EXPECT_EQ(ToString(own.verdict), c.verdict) << own.seen;
    EXPECT_EQ(Verdicts(findings, "SIG-CAP-001"), "pass");
    EXPECT_EQ(Verdicts(findings, "SIG-CAP-003"), "pass");
  }
}

TEST(CapacityFamily, TheRemedyGivesTheQuotaRoom) {
  Facts facts = HealthyFacts();
  facts.quotas = std::vector{Quota({{"pods", Units(9)}}, {{"pods", Units(9)}})};
  const Finding own = Of(Judge(kCapacityFamily, facts), "SIG-CAP-002").front();
  EXPECT_EQ(own.object, "ResourceQuota/team");
  EXPECT_EQ(own.seen, "pods: 9 of 9 used, the surge needs 6");
  EXPECT_EQ(
      own.remedy,
      R"(kubectl --context prod -n datafly patch resourcequota team -p '{"spec":{"hard":{"pods":"15"}}}')");
  facts.quotas = std::vector{Quota({{"pods", Units(15)}}, {{"pods", Units(9)}})};
  EXPECT_EQ(Verdicts(Judge(kCapacityFamily, facts), "SIG-CAP-002"), "pass");
}

TEST(CapacityFamily, AQuotaThatOnlySlowsTheRolloutWarns) {
  Facts facts = HealthyFacts();
  for (Workload& workload : *facts.workloads) workload.max_unavailable = {1, false};
  facts.quotas = std::vector{Quota({{"pods", Units(9)}}, {{"pods", Units(9)}})};
  EXPECT_EQ(Verdicts(Judge(kCapacityFamily, facts), "SIG-CAP-002"), "warn");
}

TEST(CapacityFamily, ScopesOfQuotas) {
  struct Scoped {
    const char* name;
    std::vector<std::string> scopes;
    bool selector;
    const char* verdict;
  };
  const Scoped cases[] = {
      {"none", {}, false, "fail"},
      {"NotTerminating", {"NotTerminating"}, false, "fail"},
      {"Terminating", {"Terminating"}, false, "pass"},
      {"BestEffort", {"BestEffort"}, false, "pass"},
      {"NotBestEffort", {"NotBestEffort"}, false, "fail"},
      {"PriorityClass", {"PriorityClass"}, false, "unknown"},
      {"a selector", {}, true, "unknown"},
  };
  for (const Scoped& c : cases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    facts.quotas = std::vector{Quota({{"pods", Units(9)}}, {{"pods", Units(9)}})};
    facts.quotas->front().scopes = c.scopes;
    facts.quotas->front().has_scope_selector = c.selector;
    const Finding own = Of(Judge(kCapacityFamily, facts), "SIG-CAP-002").front();
    EXPECT_EQ(ToString(own.verdict), c.verdict);
    if (own.verdict == CheckVerdict::Unknown) {
      EXPECT_EQ(own.requirement, Requirement::Advisory);
    }
  }
}

TEST(CapacityFamily, WhatAQuotaDemands) {
  const kinds::ResourceList plenty{{"limits.cpu", Units(100)}};
  Facts facts = HealthyFacts();
  facts.quotas = std::vector{Quota(plenty, {{"limits.cpu", Units(4)}})};
  EXPECT_EQ(Verdicts(Judge(kCapacityFamily, facts), "SIG-CAP-003"), "pass");
  WorkloadNamed(facts, kProcessor).pod.containers[0].limits.erase("cpu");
  const std::vector<Finding> findings = Judge(kCapacityFamily, facts);
  ExpectWellFormed(findings, kCapacityFamily);
  EXPECT_THAT(Codes(findings, CheckVerdict::Fail), ElementsAre("SIG-CAP-003"));
  const Finding own = Of(findings, "SIG-CAP-003").front();
  EXPECT_EQ(own.object, "Deployment/event-processor");
  EXPECT_THAT(own.seen, HasSubstr("quota team counts limits.cpu"));

  // A limit stands for a missing request.
  facts = HealthyFacts();
  facts.quotas = std::vector{Quota({{"requests.cpu", Units(100)}}, {})};
  WorkloadNamed(facts, kProcessor).pod.containers[0].requests.erase("cpu");
  EXPECT_EQ(Verdicts(Judge(kCapacityFamily, facts), "SIG-CAP-003"), "pass");

  // Neither, but today's pods have one: a LimitRange gives it.
  WorkloadNamed(facts, kProcessor).pod.containers[0].limits.erase("cpu");
  EXPECT_EQ(Verdicts(Judge(kCapacityFamily, facts), "SIG-CAP-003"), "pass");
  for (Pod& pod : *facts.pods) pod.requests.erase("cpu");
  EXPECT_EQ(Verdicts(Judge(kCapacityFamily, facts), "SIG-CAP-003"), "fail");
}

TEST(CapacityFamily, AQuotaThatRefusesPodsAlreadyFailsOnlyThere) {
  Facts facts = HealthyFacts();
  facts.quotas = std::vector{Quota({{"pods", Units(9)}}, {{"pods", Units(9)}})};
  WorkloadNamed(facts, kProcessor)
      .conditions.push_back({"ReplicaFailure",
                             "True",
                             "FailedCreate",
                             "exceeded quota: team, requested: pods=1",
                             {}});
  const std::vector<Finding> findings = Judge(kCapacityFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Fail), IsEmpty());
  EXPECT_THAT(Of(findings, "SIG-CAP-002").front().seen, HasSubstr("SIG-WRK-005"));
}

TEST(CapacityFamily, WhatIsNotKnown) {
  Facts facts = HealthyFacts();
  facts.quotas = Absence{AbsenceKind::Forbidden, "no", "list resourcequotas"};
  const std::vector<Finding> findings = Judge(kCapacityFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-CAP-002"));
  EXPECT_EQ(Of(findings, "SIG-CAP-002").front().needs, "list resourcequotas");
  facts.workloads = Absence{AbsenceKind::TimedOut, "no", {}};
  EXPECT_THAT(Codes(Judge(kCapacityFamily, facts), CheckVerdict::Unknown),
              ElementsAre("SIG-CAP-001"));
}

}  // namespace
}  // namespace datafly::checks::test

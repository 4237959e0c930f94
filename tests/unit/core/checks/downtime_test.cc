#include "tests/unit/core/checks/healthy_platform.h"

#include "common/core/checks/planned.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGateway = "ingestion-gateway";
constexpr const char* kProcessor = "event-processor";

kinds::Pdb& PdbOf(Facts& facts, std::string_view name) {
  return *std::find_if(facts.pdbs->begin(), facts.pdbs->end(),
                       [&](const kinds::Pdb& pdb) { return pdb.meta.name == name; });
}

struct Fault {
  const char* name;
  void (*breaks)(Facts&);
  const char* code;
  const char* object;
  const char* verdict;
  const char* seen;
  const char* remedy;
};

const Fault kCases[] = {
    {"the gateway's autoscaler goes to one", [](Facts& f) { f.hpas->front().min_replicas = 1; },
     "SIG-ZDT-001", "ingestion-gateway", "fail", "its autoscaler goes down to 1 replica",
     R"(patch hpa ingestion-gateway -p '{"spec":{"minReplicas":2}}')"},
    {"one worker", [](Facts& f) { WorkloadNamed(f, "delivery-workers").replicas = 1; },
     "SIG-ZDT-001", "delivery-workers", "warn", "1 replica",
     "scale deployment/delivery-workers --replicas=2"},
    {"no worker", [](Facts& f) { WorkloadNamed(f, "delivery-workers").replicas = 0; },
     "SIG-ZDT-001", "delivery-workers", "warn", "0 replicas", "scale"},
    {"gateway recreated", [](Facts& f) { WorkloadNamed(f, kGateway).strategy = "Recreate"; },
     "SIG-ZDT-002", "ingestion-gateway", "fail", "Recreate", "patch deployment/ingestion-gateway"},
    {"processor recreated", [](Facts& f) { WorkloadNamed(f, kProcessor).strategy = "Recreate"; },
     "SIG-ZDT-002", "event-processor", "warn", "Recreate", "RollingUpdate"},
    {"all unavailable",
     [](Facts& f) {
       WorkloadNamed(f, kProcessor).max_unavailable = {100, true};
     },
     "SIG-ZDT-002", "event-processor", "warn", "2 of 2 replicas stop at once", "maxUnavailable"},
    {"no surge with one replica",
     [](Facts& f) {
       WorkloadNamed(f, "management-api").max_surge = {0, false};
       WorkloadNamed(f, "management-api").max_unavailable = {0, false};
     },
     "SIG-ZDT-002", "management-api", "warn", "1 of 1 replica stop", "maxSurge"},
    {"gateway without readiness",
     [](Facts& f) { WorkloadNamed(f, kGateway).pod.containers[0].readiness.reset(); },
     "SIG-ZDT-003", "ingestion-gateway", "fail", "readiness probe", "readinessProbe"},
    {"processor without readiness",
     [](Facts& f) { WorkloadNamed(f, kProcessor).pod.containers[0].readiness.reset(); },
     "SIG-ZDT-003", "event-processor", "warn", "readiness probe", "readinessProbe"},
    {"gateway without preStop",
     [](Facts& f) { WorkloadNamed(f, kGateway).pod.containers[0].has_pre_stop = false; },
     "SIG-ZDT-004", "ingestion-gateway", "warn", "no preStop", "preStop"},
    {"no grace", [](Facts& f) { WorkloadNamed(f, kProcessor).pod.termination_grace_seconds = 0; },
     "SIG-ZDT-004", "event-processor", "warn", "killed at once", "terminationGracePeriodSeconds"},
    {"not spread over two nodes",
     [](Facts& f) {
       f.nodes->push_back(HealthyNode("node2"));
       WorkloadNamed(f, kProcessor).pod.has_topology_spread = false;
     },
     "SIG-ZDT-005", "event-processor", "warn", "neither anti-affinity nor topology spread",
     "topologySpreadConstraints"},
    {"no budget", [](Facts& f) { f.pdbs->erase(f.pdbs->begin()); }, "SIG-ZDT-006",
     "ingestion-gateway", "warn", "no PodDisruptionBudget",
     "create poddisruptionbudget ingestion-gateway "
     "--selector=app.kubernetes.io/name=ingestion-gateway --max-unavailable=1"},
    {"several budgets",
     [](Facts& f) {
       kinds::Pdb second = f.pdbs->front();
       second.meta.name = "second";
       f.pdbs->push_back(second);
     },
     "SIG-ZDT-008", "ingestion-gateway", "warn", "ingestion-gateway and second",
     "delete pdb second"},
};

TEST(DowntimeFamily, TheDefaultsWarnOnlyAboutSingleReplicas) {
  const std::vector<Finding> findings = Judge(kDowntimeFamily, HealthyFacts());
  ExpectWellFormed(findings, kDowntimeFamily);
  EXPECT_EQ(Verdicts(findings, "SIG-ZDT-001"), "warn warn warn");
  EXPECT_THAT(Codes(findings, CheckVerdict::Warn), ElementsAre("SIG-ZDT-001"));
  EXPECT_THAT(Codes(findings, CheckVerdict::Fail), IsEmpty());
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), IsEmpty());
  EXPECT_EQ(Verdicts(findings, "SIG-ZDT-005"), "skipped");  // one node
}

TEST(DowntimeFamily, EachFaultHasItsOwnCode) {
  const std::vector<Finding> healthy = Judge(kDowntimeFamily, HealthyFacts());
  for (const Fault& c : kCases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    c.breaks(facts);
    const std::vector<Finding> findings = Judge(kDowntimeFamily, facts);
    ExpectWellFormed(findings, kDowntimeFamily);
    const std::string object = std::string("Deployment/") + c.object;
    bool found = false;
    for (const Finding& finding : findings) {
      if (finding.code == c.code && finding.object == object) {
        found = true;
        EXPECT_EQ(ToString(finding.verdict), c.verdict);
        EXPECT_THAT(finding.seen, HasSubstr(c.seen));
        EXPECT_THAT(finding.remedy, HasSubstr(c.remedy));
      } else if (finding.verdict == CheckVerdict::Fail || finding.verdict == CheckVerdict::Warn) {
        EXPECT_EQ(finding.code, "SIG-ZDT-001") << finding.object << ": " << finding.seen;
      }
    }
    EXPECT_TRUE(found);
  }
}

TEST(DowntimeFamily, ABudgetThatNeverAllowsAnythingWarnsAboutDrains) {
  struct Blocking {
    std::optional<kinds::IntOrPercent> min, max;
    bool blocks;
  };
  const Blocking cases[] = {
      {{{2, false}}, {}, true},  {{{1, false}}, {}, false}, {{{100, true}}, {}, true},
      {{{50, true}}, {}, false}, {{}, {{0, false}}, true},  {{}, {{0, true}}, true},
      {{}, {{1, false}}, false}, {{}, {{10, true}}, false}, {{{51, true}}, {}, true},
  };
  for (const Blocking& c : cases) {
    Facts facts = HealthyFacts();
    PdbOf(facts, kProcessor).min_available = c.min;
    PdbOf(facts, kProcessor).max_unavailable = c.max;
    const Finding own = Of(Judge(kDowntimeFamily, facts), "SIG-ZDT-007").front();
    EXPECT_EQ(own.verdict, c.blocks ? CheckVerdict::Warn : CheckVerdict::Pass) << own.seen;
    if (!c.blocks) continue;
    EXPECT_EQ(own.object, "PodDisruptionBudget/event-processor");
    EXPECT_THAT(own.remedy, HasSubstr("patch pdb event-processor"));
  }
}

/// disruptionsAllowed 0 because pods are not Ready is the pods' business.
TEST(DowntimeFamily, PodsThatAreNotReadyAreNoFaultOfTheBudget) {
  Facts facts = HealthyFacts();
  Unready(facts, kProcessor);
  PdbOf(facts, kProcessor).disruptions_allowed = 0;
  EXPECT_EQ(Verdicts(Judge(kDowntimeFamily, facts), "SIG-ZDT-007"), "pass");
}

TEST(DowntimeFamily, TheTargetIsJudgedWhenThereIsOne) {
  Facts facts = HealthyFactsWithTarget();
  WorkloadNamed(facts.target->rendered, kGateway).strategy = "Recreate";
  facts.target->rendered.hpas[0].min_replicas = 1;
  facts.target->rendered.pdbs.erase(facts.target->rendered.pdbs.begin() + 1);
  const std::vector<Finding> findings = Judge(kDowntimeFamily, facts);
  ExpectWellFormed(findings, kDowntimeFamily);
  EXPECT_EQ(Of(findings, "SIG-ZDT-001").front().verdict, CheckVerdict::Fail);
  EXPECT_THAT(Of(findings, "SIG-ZDT-001").front().remedy, HasSubstr("values given with --to"));
  EXPECT_EQ(Verdicts(findings, "SIG-ZDT-002"), "fail");
  // The live budget belongs to the release, and the target drops it.
  EXPECT_EQ(Of(findings, "SIG-ZDT-006").front().object, "Deployment/event-processor");

  // A budget that a user made by hand stays.
  kinds::Pdb own = PdbOf(facts, kProcessor);
  own.meta.name = "by-hand";
  facts.pdbs->push_back(own);
  EXPECT_EQ(Verdicts(Judge(kDowntimeFamily, facts), "SIG-ZDT-006"), "pass");
}

TEST(DowntimeFamily, WhatIsNotKnown) {
  Facts facts = HealthyFacts();
  const Absence forbidden{AbsenceKind::Forbidden, "no", "list x"};
  facts.pdbs = forbidden;
  facts.nodes = forbidden;
  std::vector<Finding> findings = Judge(kDowntimeFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-ZDT-005", "SIG-ZDT-006"));
  for (const Finding& finding : findings) {
    if (finding.verdict == CheckVerdict::Unknown) {
      EXPECT_EQ(finding.requirement, Requirement::Advisory);
    }
  }
  // Pods on two nodes prove that there is more than one.
  PodNamed(facts, kProcessor).node = "node2";
  WorkloadNamed(facts, kProcessor).pod.has_topology_spread = false;
  EXPECT_EQ(Verdicts(Judge(kDowntimeFamily, facts), "SIG-ZDT-005"), "warn");

  facts.workloads = forbidden;
  findings = Judge(kDowntimeFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-ZDT-001"));
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), IsEmpty());
  EXPECT_EQ(findings[0].requirement, Requirement::Required);
}

TEST(Planned, SurgeAndUnavailableAsTheController) {
  Workload workload = HealthyDeployment("x", 10);
  struct Fence {
    kinds::IntOrPercent surge, unavailable;
    std::int64_t replicas, surge_pods, unavailable_pods;
  };
  const Fence cases[] = {
      {{25, true}, {25, true}, 2, 1, 0}, {{25, true}, {25, true}, 10, 3, 2},
      {{1, false}, {0, false}, 2, 1, 0}, {{0, false}, {0, false}, 2, 0, 1},
      {{0, true}, {25, true}, 2, 0, 1},  {{100, true}, {100, true}, 3, 3, 3},
  };
  for (const Fence& c : cases) {
    workload.max_surge = c.surge;
    workload.max_unavailable = c.unavailable;
    EXPECT_EQ(SurgePods(workload, c.replicas), c.surge_pods);
    EXPECT_EQ(UnavailablePods(workload, c.replicas), c.unavailable_pods);
  }
  workload.strategy = "Recreate";
  EXPECT_EQ(SurgePods(workload, 3), 0);
  workload.strategy = "RollingUpdate";
  workload.kind = "StatefulSet";
  EXPECT_EQ(SurgePods(workload, 3), 0);
}

}  // namespace
}  // namespace datafly::checks::test

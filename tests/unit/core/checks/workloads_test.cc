#include "tests/unit/core/checks/healthy_platform.h"

#include "common/core/checks/replica_failure.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kOne = "event-processor";

void RefusePods(Facts& facts, std::string message) {
  Workload& workload = WorkloadNamed(facts, kOne);
  workload.updated_replicas = 0;
  workload.conditions.push_back({"ReplicaFailure", "True", "FailedCreate", std::move(message), {}});
}

struct Case {
  const char* name;
  void (*breaks)(Facts&);
  const char* code;
  const char* verdict;
  const char* seen;
  const char* remedy;
};

const Case kCases[] = {
    {"generation not seen", [](Facts& f) { WorkloadNamed(f, kOne).meta.generation = 4; },
     "SIG-WRK-002", "fail", "has not seen", "rollout status deployment/event-processor"},
    {"deadline",
     [](Facts& f) {
       Workload& workload = WorkloadNamed(f, kOne);
       workload.updated_replicas = 1;
       workload.conditions[1] = {"Progressing", "False", "ProgressDeadlineExceeded", "", {}};
     },
     "SIG-WRK-003", "fail", "1 of 2 replicas updated", "describe deployment/event-processor"},
    {"not all updated", [](Facts& f) { WorkloadNamed(f, kOne).updated_replicas = 1; },
     "SIG-WRK-002", "fail", "1 of 2 replicas are updated", "rollout status"},
    {"old replicas", [](Facts& f) { WorkloadNamed(f, kOne).status_replicas = 3; }, "SIG-WRK-002",
     "fail", "1 old replica still to end", "rollout status"},
    {"not all available", [](Facts& f) { WorkloadNamed(f, kOne).available_replicas = 1; },
     "SIG-WRK-002", "fail", "1 of 2 replicas are available", "rollout status"},
    {"paused", [](Facts& f) { WorkloadNamed(f, kOne).paused = true; }, "SIG-WRK-004", "fail",
     "paused", "kubectl --context prod -n datafly rollout resume deployment/event-processor"},
    {"gone from the cluster", [](Facts& f) { f.workloads->erase(f.workloads->begin() + 1); },
     "SIG-WRK-001", "fail", "not in the cluster",
     "helm --kube-context prod -n datafly rollback datafly 4"},
    {"quota",
     [](Facts& f) {
       RefusePods(
           f,
           R"(pods "x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=9, limited: pods=9)");
     },
     "SIG-WRK-005", "fail", "no room in the quota team", "describe resourcequota team"},
    {"quota demands limits",
     [](Facts& f) {
       RefusePods(f,
                  R"(pods "x" is forbidden: failed quota: team: must specify limits.cpu for: c)");
     },
     "SIG-WRK-005", "fail", "as it must under the quota team", "describe resourcequota team"},
    {"pod security",
     [](Facts& f) {
       RefusePods(
           f,
           R"(pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true)");
     },
     "SIG-WRK-005", "fail", "Pod Security level restricted:latest", "get namespace datafly"},
    {"webhook denies",
     [](Facts& f) {
       RefusePods(f, R"(admission webhook "policy.example" denied the request: no)");
     },
     "SIG-WRK-005", "fail", "refused by the admission webhook policy.example", "policy.example"},
    {"webhook fails",
     [](Facts& f) {
       RefusePods(
           f,
           R"(failed calling webhook "policy.example": failed to call webhook: Post "https://x": context deadline exceeded)");
     },
     "SIG-WRK-005", "fail", "does not answer: policy.example", "policy.example"},
    {"service account",
     [](Facts& f) {
       RefusePods(
           f,
           R"(pods "x" is forbidden: error looking up service account datafly/runner: serviceaccount "runner" not found)");
     },
     "SIG-WRK-005", "fail", "no service account datafly/runner", "create serviceaccount runner"},
    {"limit range",
     [](Facts& f) {
       RefusePods(
           f,
           R"(pods "x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi)");
     },
     "SIG-WRK-005", "fail", "outside the LimitRange", "describe limitrange"},
    {"something else", [](Facts& f) { RefusePods(f, "the moon is in the wrong house"); },
     "SIG-WRK-005", "fail", "refuses its pods", "describe deployment/event-processor"},
};

TEST(WorkloadsFamily, HealthyWorkloadsPass) {
  const std::vector<Finding> findings = Judge(kWorkloadsFamily, HealthyFacts());
  ExpectWellFormed(findings, kWorkloadsFamily);
  for (const Finding& finding : findings) EXPECT_EQ(finding.verdict, CheckVerdict::Pass);
  EXPECT_EQ(Of(findings, "SIG-WRK-002").size(), 6U);
}

TEST(WorkloadsFamily, EachFaultHasItsOwnCode) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    c.breaks(facts);
    const std::vector<Finding> findings = Judge(kWorkloadsFamily, facts);
    ExpectWellFormed(findings, kWorkloadsFamily);
    EXPECT_THAT(Codes(findings, CheckVerdict::Fail), ElementsAre(c.code));
    const std::vector<Finding> own = Of(findings, c.code);
    const auto found = std::find_if(own.begin(), own.end(), [](const Finding& finding) {
      return finding.object == "Deployment/event-processor";
    });
    ASSERT_NE(found, own.end());
    EXPECT_EQ(ToString(found->verdict), c.verdict);
    EXPECT_THAT(found->seen, HasSubstr(c.seen));
    EXPECT_THAT(found->remedy, HasSubstr(c.remedy));
  }
}

TEST(WorkloadsFamily, WhatShowsInThePodsFailsOnlyThere) {
  for (const bool deadline : {false, true}) {
    Facts facts = HealthyFacts();
    Pod& pod = Unready(facts, kOne);
    pod.containers.back().state = WaitingState("CrashLoopBackOff");
    if (deadline) {
      WorkloadNamed(facts, kOne).conditions[1] = {
          "Progressing", "False", "ProgressDeadlineExceeded", "", {}};
    }
    const std::vector<Finding> findings = Judge(kWorkloadsFamily, facts);
    EXPECT_THAT(Codes(findings, CheckVerdict::Fail), IsEmpty());
    const std::vector<Finding> skipped = Of(findings, deadline ? "SIG-WRK-003" : "SIG-WRK-002");
    EXPECT_TRUE(std::any_of(skipped.begin(), skipped.end(), [](const Finding& finding) {
      return finding.verdict == CheckVerdict::Skipped &&
             finding.seen.find("see SIG-POD-002") != std::string::npos;
    }));
  }
}

TEST(WorkloadsFamily, StatefulSetsAndDaemonSetsHaveRulesOfTheirOwn) {
  Facts facts = HealthyFacts();
  Workload& workload = WorkloadNamed(facts, kOne);
  workload.kind = "StatefulSet";
  facts.release->rendered.workloads[1].kind = "StatefulSet";
  facts.release->rendered.objects[1].kind = "StatefulSet";
  workload.status_replicas = 3;  // no surge there: nothing to wait for
  EXPECT_THAT(Codes(Judge(kWorkloadsFamily, facts), CheckVerdict::Fail), IsEmpty());
  workload.strategy = "OnDelete";
  workload.updated_replicas = 0;  // by the will of its owner
  EXPECT_THAT(Codes(Judge(kWorkloadsFamily, facts), CheckVerdict::Fail), IsEmpty());
  workload.available_replicas = 1;
  EXPECT_THAT(Codes(Judge(kWorkloadsFamily, facts), CheckVerdict::Fail),
              ElementsAre("SIG-WRK-002"));
}

TEST(WorkloadsFamily, NotKnowingIsOneUnknown) {
  Facts facts = HealthyFacts();
  facts.workloads = Absence{AbsenceKind::Forbidden, "no", "list deployments"};
  const std::vector<Finding> findings = Judge(kWorkloadsFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-WRK-001"));
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), IsEmpty());
  EXPECT_EQ(findings[0].requirement, Requirement::Required);
}

Absence MayNotList(std::string what) {
  return {AbsenceKind::Forbidden, "forbidden: needs list on " + what, "list " + what};
}

TEST(WorkloadsFamily, AKindThatMayNotBeListedIsNamedWithTheVerb) {
  Facts facts = HealthyFacts();
  facts.unlisted_workload_kinds = {{"DaemonSet", MayNotList("daemonsets")},
                                   {"StatefulSet", MayNotList("statefulsets")}};
  const std::vector<Finding> findings = Judge(kWorkloadsFamily, facts);
  ExpectWellFormed(findings, kWorkloadsFamily);
  EXPECT_EQ(Verdicts(findings, "SIG-WRK-001"), "pass unknown unknown");
  const Finding daemon_sets = Of(findings, "SIG-WRK-001")[1];
  EXPECT_EQ(daemon_sets.object, "DaemonSets");
  EXPECT_EQ(daemon_sets.needs, "list daemonsets");
  EXPECT_EQ(daemon_sets.requirement, Requirement::Advisory) << "the manifest holds none";
}

TEST(WorkloadsFamily, AHiddenKindOfTheReleaseIsNeitherGoneNorThere) {
  Facts facts = HealthyFacts();
  facts.release->rendered.workloads[1].kind = "StatefulSet";
  facts.release->rendered.objects[1].kind = "StatefulSet";
  facts.workloads->erase(facts.workloads->begin() + 1);
  facts.unlisted_workload_kinds = {{"StatefulSet", MayNotList("statefulsets")}};
  const std::vector<Finding> findings = Judge(kWorkloadsFamily, facts);
  ExpectWellFormed(findings, kWorkloadsFamily);
  EXPECT_EQ(Verdicts(findings, "SIG-WRK-001"), "unknown");
  EXPECT_EQ(Of(findings, "SIG-WRK-001")[0].requirement, Requirement::Required);
}

TEST(WorkloadsFamily, WithoutAReleaseTheLabelDecides) {
  Facts facts = HealthyFacts();
  facts.release = Absence{AbsenceKind::NotFound, "no release", {}};
  WorkloadNamed(facts, kOne).meta.labels = {{"app.kubernetes.io/part-of", "datafly"}};
  const std::vector<Finding> findings = Judge(kWorkloadsFamily, facts);
  EXPECT_EQ(Verdicts(findings, "SIG-WRK-001"), "skipped");
  EXPECT_EQ(Verdicts(findings, "SIG-WRK-002"), "pass");
}

TEST(WorkloadsFamily, WithoutAReleaseAndWithoutWorkloadsNothingWasLookedAt) {
  Facts facts = HealthyFacts();
  facts.release = Absence{AbsenceKind::NotFound, "no release", {}};
  facts.workloads->clear();
  for (const Finding& finding : Judge(kWorkloadsFamily, facts)) {
    EXPECT_EQ(finding.verdict, CheckVerdict::Skipped) << finding.code;
  }
}

TEST(WorkloadsFamily, AnEmptyReleaseIsNoPass) {
  Facts facts = HealthyFacts();
  facts.release->rendered = {};
  facts.workloads->clear();
  EXPECT_EQ(Verdicts(Judge(kWorkloadsFamily, facts), "SIG-WRK-001"), "warn");
}

}  // namespace
}  // namespace datafly::checks::test

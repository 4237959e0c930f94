#include "tests/unit/core/checks/healthy_platform.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

kinds::Hpa& Gateway(Facts& facts) { return facts.hpas->front(); }

void Inactive(Facts& facts, std::string reason, std::string message,
              std::optional<Time> since = kNow - hours(2)) {
  Gateway(facts).conditions[1] = {"ScalingActive", "False", std::move(reason), std::move(message),
                                  since};
}

struct Fault {
  const char* name;
  void (*breaks)(Facts&);
  const char* code;
  const char* verdict;
  const char* seen;
  const char* remedy;
};

const Fault kCases[] = {
    {"target gone",
     [](Facts& f) {
       Gateway(f).target_name = "gateway";
       Gateway(f).conditions[0] = {"AbleToScale", "False", "FailedGetScale", "not found", {}};
     },
     "SIG-HPA-001", "fail", "there is no Deployment/gateway", "delete hpa ingestion-gateway"},
    {"scale refused",
     [](Facts& f) {
       Gateway(f).conditions[0] = {"AbleToScale", "False", "FailedUpdateScale", "no", {}};
     },
     "SIG-HPA-001", "fail", "FailedUpdateScale", "describe hpa ingestion-gateway"},
    {"no metrics server",
     [](Facts& f) {
       Inactive(f, "FailedGetResourceMetric",
                "the HPA was unable to compute the replica count: failed to get cpu utilization: "
                "unable to fetch metrics from resource metrics API: the server could not find the "
                "requested resource (get pods.metrics.k8s.io)");
     },
     "SIG-HPA-002", "fail", "no metrics server", "describe hpa"},
    {"metrics server down",
     [](Facts& f) {
       Inactive(f, "FailedGetResourceMetric",
                "the server is currently unable to handle the request (get pods.metrics.k8s.io)");
     },
     "SIG-HPA-002", "fail", "metrics server is down", "describe hpa"},
    {"request missing",
     [](Facts& f) {
       Inactive(f, "FailedGetResourceMetric",
                "failed to get cpu utilization: missing request for cpu in container proxy of Pod "
                "ingestion-gateway-1");
     },
     "SIG-HPA-002", "fail", "missing request for cpu in container proxy", "describe hpa"},
    {"no metrics for hours although all pods are Ready",
     [](Facts& f) {
       Inactive(f, "FailedGetResourceMetric", "did not receive metrics for targeted pods");
     },
     "SIG-HPA-002", "fail", "no metrics of its pods", "describe hpa"},
    {"no metrics just after a rollout",
     [](Facts& f) {
       Inactive(f, "FailedGetResourceMetric", "no metrics returned from resource metrics API",
                kNow - minutes(1));
     },
     "SIG-HPA-002", "warn", "no metrics of its pods yet", "describe hpa"},
    {"no metrics of pods that are not Ready",
     [](Facts& f) {
       Unready(f, "ingestion-gateway");
       Inactive(f, "FailedGetResourceMetric", "did not receive metrics for targeted pods");
     },
     "SIG-HPA-002", "warn", "no metrics of its pods yet", "describe hpa"},
    {"a metric that nobody serves",
     [](Facts& f) {
       Inactive(f, "FailedGetPodsMetric",
                "unable to get metric events_per_second: unable to fetch metrics from custom "
                "metrics API: the server could not find the requested resource",
                kNow - minutes(1));
     },
     "SIG-HPA-002", "fail", "nobody serves the metric that it wants", "describe hpa"},
    {"another metric fails", [](Facts& f) { Inactive(f, "FailedGetExternalMetric", "x"); },
     "SIG-HPA-002", "fail", "FailedGetExternalMetric", "describe hpa"},
    {"scaled to zero", [](Facts& f) { Inactive(f, "ScalingDisabled", "x"); }, "SIG-HPA-002", "warn",
     "scaled to zero", "scale deployment/ingestion-gateway --replicas=2"},
    {"never computed, and no metrics API",
     [](Facts& f) {
       Gateway(f).conditions.clear();
       f.metrics_served = false;
     },
     "SIG-HPA-002", "fail", "metrics.k8s.io is not served", "get apiservice"},
    {"never computed", [](Facts& f) { Gateway(f).conditions.clear(); }, "SIG-HPA-002", "warn",
     "not looked at it yet", "describe hpa"},
    {"at maximum",
     [](Facts& f) {
       Gateway(f).conditions[2] = {"ScalingLimited", "True", "TooManyReplicas", "", {}};
     },
     "SIG-HPA-003", "warn", "at its maximum of 4 replicas",
     R"(patch hpa ingestion-gateway -p '{"spec":{"maxReplicas":8}}')"},
    {"replicas rendered, below what runs",
     [](Facts& f) {
       WorkloadNamed(f, "ingestion-gateway").replicas = 4;
       WorkloadNamed(f.release->rendered, "ingestion-gateway").replicas = 2;
     },
     "SIG-HPA-004", "fail", "the release's manifest writes replicas: 2, 4 run today", "replicas"},
    {"replicas rendered, as many as run",
     [](Facts& f) { WorkloadNamed(f.release->rendered, "ingestion-gateway").replicas = 2; },
     "SIG-HPA-004", "warn", "writes replicas: 2, 2 run today", "replicas"},
    {"applied by the server, another number",
     [](Facts& f) {
       f.release->apply_method = "ssa";
       WorkloadNamed(f.release->rendered, "ingestion-gateway").replicas = 3;
     },
     "SIG-HPA-005", "fail", "server-side apply with replicas: 3", "replicas"},
    {"applied by the server, the same number",
     [](Facts& f) {
       f.release->apply_method = "ssa";
       WorkloadNamed(f.release->rendered, "ingestion-gateway").replicas = 2;
     },
     "SIG-HPA-005", "warn", "2 set by the autoscaler", "replicas"},
    {"two on the same pods",
     [](Facts& f) { Inactive(f, "AmbiguousSelector", "pods by selector are controlled by two"); },
     "SIG-HPA-006", "fail", "selects the same pods", "get hpa"},
};

TEST(HpaFamily, HealthyAutoscalersPassOrAreSkipped) {
  const std::vector<Finding> findings = Judge(kHpaFamily, HealthyFacts());
  ExpectWellFormed(findings, kHpaFamily);
  EXPECT_THAT(
      Codes(findings, CheckVerdict::Pass),
      ElementsAre("SIG-HPA-001", "SIG-HPA-002", "SIG-HPA-003", "SIG-HPA-004", "SIG-HPA-006"));
  EXPECT_EQ(Verdicts(findings, "SIG-HPA-005"), "skipped");
}

TEST(HpaFamily, EachFaultHasItsOwnCodeAndNothingElseIsReported) {
  for (const Fault& c : kCases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    c.breaks(facts);
    const std::vector<Finding> findings = Judge(kHpaFamily, facts);
    ExpectWellFormed(findings, kHpaFamily);
    const std::vector<Finding> own = Of(findings, c.code);
    ASSERT_EQ(own.size(), 1U);
    EXPECT_EQ(ToString(own[0].verdict), c.verdict);
    EXPECT_EQ(own[0].object, "HorizontalPodAutoscaler/ingestion-gateway");
    EXPECT_THAT(own[0].seen, HasSubstr(c.seen));
    EXPECT_THAT(own[0].remedy, HasSubstr(c.remedy));
    for (const Finding& finding : findings) {
      if (finding.code == c.code) continue;
      EXPECT_TRUE(finding.verdict == CheckVerdict::Pass || finding.verdict == CheckVerdict::Skipped)
          << finding.code << ": " << finding.seen;
    }
  }
}

TEST(HpaFamily, TheTargetDecidesWhatIsWritten) {
  Facts facts = HealthyFactsWithTarget();
  WorkloadNamed(facts, "ingestion-gateway").replicas = 4;
  EXPECT_EQ(Verdicts(Judge(kHpaFamily, facts), "SIG-HPA-004"), "pass");

  WorkloadNamed(facts.target->rendered, "ingestion-gateway").replicas = 2;
  const Finding below = Of(Judge(kHpaFamily, facts), "SIG-HPA-004").front();
  EXPECT_EQ(below.verdict, CheckVerdict::Fail);
  EXPECT_THAT(below.seen, HasSubstr("the target's manifest writes replicas: 2, 4 run today"));

  // Written today, left out by the target: the three-way merge resets to the default of 1.
  WorkloadNamed(facts.target->rendered, "ingestion-gateway").replicas.reset();
  WorkloadNamed(facts.release->rendered, "ingestion-gateway").replicas = 2;
  const Finding dropped = Of(Judge(kHpaFamily, facts), "SIG-HPA-004").front();
  EXPECT_EQ(dropped.verdict, CheckVerdict::Fail);
  EXPECT_THAT(dropped.seen, HasSubstr("resets 4 to 1"));
  EXPECT_THAT(dropped.remedy, HasSubstr("--skip SIG-HPA-004"));

  // With server-side apply the autoscaler keeps the field.
  facts.release->apply_method = "ssa";
  EXPECT_EQ(Verdicts(Judge(kHpaFamily, facts), "SIG-HPA-005"), "pass");

  // A workload that the target removes is not shrunk but gone.
  facts.release->apply_method = "csa";
  facts.target->rendered.workloads.clear();
  EXPECT_EQ(Verdicts(Judge(kHpaFamily, facts), "SIG-HPA-004"), "pass");
}

TEST(HpaFamily, AFixedAutoscalerIsNotAtItsMaximum) {
  Facts facts = HealthyFacts();
  Gateway(facts).min_replicas = Gateway(facts).max_replicas;
  Gateway(facts).conditions[2] = {"ScalingLimited", "True", "TooManyReplicas", "", {}};
  EXPECT_EQ(Verdicts(Judge(kHpaFamily, facts), "SIG-HPA-003"), "pass");
}

TEST(HpaFamily, OthersAreNotOurs) {
  Facts facts = HealthyFacts();
  kinds::Hpa other = HealthyHpa("somebody-elses");
  other.conditions.clear();
  facts.metrics_served = false;
  facts.hpas->push_back(other);
  EXPECT_THAT(Codes(Judge(kHpaFamily, facts), CheckVerdict::Fail), IsEmpty());
}

TEST(HpaFamily, NotKnowingAndHavingNone) {
  Facts facts = HealthyFacts();
  facts.hpas = Absence{AbsenceKind::Forbidden, "no", "list horizontalpodautoscalers"};
  const std::vector<Finding> findings = Judge(kHpaFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-HPA-001"));
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), IsEmpty());

  facts.hpas = std::vector<kinds::Hpa>{};
  const std::vector<Finding> none = Judge(kHpaFamily, facts);
  ExpectWellFormed(none, kHpaFamily);
  for (const Finding& finding : none) EXPECT_EQ(finding.verdict, CheckVerdict::Skipped);
}

}  // namespace
}  // namespace datafly::checks::test

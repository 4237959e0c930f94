#include "tests/unit/core/checks/healthy_platform.h"

#include "common/core/checks/pod_causes.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ContainerStatus& Main(Pod& pod) { return pod.containers.back(); }

Pod& Waiting(Facts& facts, std::string reason, std::string message = {}) {
  Pod& pod = Unready(facts, "event-processor");
  Main(pod).state = WaitingState(std::move(reason), std::move(message));
  return pod;
}

Pod& MigrateFails(Facts& facts, const ContainerState& state, const char* name = "migrate") {
  Pod& pod = Unready(facts, "management-api");
  pod.phase = "Pending";
  pod.containers.front().name = name;
  pod.containers.front().state = state;
  pod.containers.front().restart_count = 3;
  Main(pod).state = WaitingState("PodInitializing");
  pod.conditions[1].status = "False";
  return pod;
}

Pod& Unscheduled(Facts& facts, std::string reason, std::string message) {
  Pod& pod = Unready(facts, "event-processor");
  pod.phase = "Pending";
  pod.node.clear();
  pod.containers.clear();
  pod.conditions = {{"PodScheduled", "False", std::move(reason), std::move(message), {}}};
  return pod;
}

TEST(PodsFamily, HealthyPodsPassEveryCode) {
  const std::vector<Finding> findings = Judge(kPodsFamily, HealthyFacts());
  ExpectWellFormed(findings, kPodsFamily);
  EXPECT_EQ(Codes(findings, CheckVerdict::Pass).size(), kPodsFamily.catalogue.size());
  EXPECT_EQ(Of(findings, "SIG-POD-001").front().seen, "9 pods of 6 workloads");
}

struct Case {
  const char* name;
  void (*breaks)(Facts&);
  std::string_view code;
  const char* verdict;
  const char* seen;
  const char* remedy;
};

const Case kCases[] = {
    {"crash loop",
     [](Facts& f) {
       Main(Waiting(f, "CrashLoopBackOff")).last_state = TerminatedState("Error", 1);
       Main(PodNamed(f, "event-processor")).restart_count = 7;
     },
     "SIG-POD-002", "fail", "1 pod: container event-processor keeps ending with exit code 1",
     "kubectl --context prod -n datafly logs event-processor-7d9f-0 -c event-processor --previous"},
    {"ended, not yet started again",
     [](Facts& f) { Main(Unready(f, "event-processor")).state = TerminatedState("Error", 2); },
     "SIG-POD-002", "fail", "exit code 2", "logs event-processor-7d9f-0 -c event-processor"},
    {"between two crashes",
     [](Facts& f) {
       ContainerStatus& main = Main(Unready(f, "event-processor"));
       main.restart_count = 1;
       main.last_state = TerminatedState("Error", 1);
     },
     "SIG-POD-002", "fail", "exit code 1", "--previous"},
    {"ends by itself",
     [](Facts& f) {
       Main(Waiting(f, "CrashLoopBackOff")).last_state = TerminatedState("Completed", 0);
     },
     "SIG-POD-002", "fail", "exit code 0 (the process ends by itself)", "logs"},
    {"killed, but not for memory",
     [](Facts& f) {
       Main(Waiting(f, "CrashLoopBackOff")).last_state = TerminatedState("Error", 137);
     },
     "SIG-POD-002", "fail", "SIGKILL, not for memory", "logs"},
    {"init container",
     [](Facts& f) { MigrateFails(f, WaitingState("CrashLoopBackOff"), "wait-for-kafka"); },
     "SIG-POD-003", "fail", "init container wait-for-kafka fails", "-c wait-for-kafka"},
    {"migration in back-off",
     [](Facts& f) {
       Pod& pod = MigrateFails(f, WaitingState("CrashLoopBackOff"));
       pod.containers.front().last_state = TerminatedState("Error", 1);
     },
     "SIG-POD-004", "fail", "the migrations (init container migrate) fails with exit code 1",
     "logs management-api-7d9f-0 -c migrate --previous"},
    {"migration just failed", [](Facts& f) { MigrateFails(f, TerminatedState("Error", 1)); },
     "SIG-POD-004", "fail", "migrate", "-c migrate"},
    {"migration runs again after a failure",
     [](Facts& f) {
       Pod& pod = MigrateFails(f, RunningState());
       pod.containers.front().last_state = TerminatedState("Error", 1);
     },
     "SIG-POD-004", "fail", "migrate", "--previous"},
    {"migration still runs",
     [](Facts& f) { MigrateFails(f, RunningState()).containers.front().restart_count = 0; },
     "SIG-POD-001", "fail", "Init:0/1", "describe pod management-api-7d9f-0"},
    {"tag missing",
     [](Facts& f) { Waiting(f, "ImagePullBackOff", "ErrImagePull: r/x:v9: not found"); },
     "SIG-POD-005", "fail", "no such tag", "describe pod event-processor-7d9f-0"},
    {"registry wants a login", [](Facts& f) { Waiting(f, "ErrImagePull", "pull access denied"); },
     "SIG-POD-006", "fail", "does not let", "describe"},
    {"registry refuses", [](Facts& f) { Waiting(f, "ErrImagePull", "HEAD …: 401 Unauthorized"); },
     "SIG-POD-006", "fail", "does not let", "describe"},
    {"registry cannot be reached",
     [](Facts& f) { Waiting(f, "ErrImagePull", "dial tcp: lookup r: no such host"); },
     "SIG-POD-007", "fail", "resolve", "describe"},
    {"rate limit", [](Facts& f) { Waiting(f, "ErrImagePull", "429 Too Many Requests"); },
     "SIG-POD-008", "fail", "rate", "describe"},
    {"platform",
     [](Facts& f) { Waiting(f, "ErrImagePull", "no match for platform in manifest: not found"); },
     "SIG-POD-009", "fail", "platform", "describe"},
    {"never pull", [](Facts& f) { Waiting(f, "ErrImageNeverPull", "x"); }, "SIG-POD-010", "fail",
     "Never", "describe"},
    {"secret missing",
     [](Facts& f) { Waiting(f, "CreateContainerConfigError", "secret \"db\" not found"); },
     "SIG-POD-011", "fail", "CreateContainerConfigError", "describe"},
    {"command not in the image",
     [](Facts& f) {
       Main(Waiting(f, "CrashLoopBackOff")).last_state = TerminatedState("StartError", 128);
     },
     "SIG-POD-011", "fail", "StartError", "describe"},
    {"killed for memory, in back-off",
     [](Facts& f) {
       Main(Waiting(f, "CrashLoopBackOff")).last_state = TerminatedState("OOMKilled", 137);
     },
     "SIG-POD-012", "fail", "OOMKilled",
     "set resources deployment/event-processor -c event-processor --limits=memory=512Mi"},
    {"killed for memory, runs again",
     [](Facts& f) {
       ContainerStatus& main = Main(PodNamed(f, "event-processor"));
       main.restart_count = 9;
       main.last_state = TerminatedState("OOMKilled", 137, kNow - minutes(50));
     },
     "SIG-POD-012", "fail", "OOMKilled", "set resources"},
    {"no room on the nodes",
     [](Facts& f) {
       Unscheduled(f, "Unschedulable",
                   "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated "
                   "taint(s). preemption: 0/3 nodes are available: 3 No preemption victims found.");
     },
     "SIG-POD-013", "fail",
     "no node takes it: 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated "
     "taint(s)",
     "describe"},
    {"gated", [](Facts& f) { Unscheduled(f, "SchedulingGated", ""); }, "SIG-POD-013", "fail",
     "scheduling gates", "describe"},
    {"evicted",
     [](Facts& f) {
       Pod pod = PodNamed(f, "event-processor");
       pod.meta.name = "event-processor-old";
       pod.phase = "Failed";
       pod.reason = "Evicted";
       f.pods->push_back(pod);
     },
     "SIG-POD-014", "warn", "1 pod: Evicted", "delete pod event-processor-old"},
    {"readiness probe", [](Facts& f) { Unready(f, "event-processor"); }, "SIG-POD-015", "fail",
     "container event-processor runs, but its readiness probe has not passed for 3m", "describe"},
    {"readiness gate",
     [](Facts& f) {
       Pod& pod = Unready(f, "event-processor");
       Main(pod).ready = true;
     },
     "SIG-POD-015", "fail", "has not been Ready for 3m", "describe"},
    {"stuck in Terminating",
     [](Facts& f) { PodNamed(f, "event-processor").meta.deletion = kNow - minutes(10); },
     "SIG-POD-016", "warn", "should have been gone 10m ago", "describe"},
    {"stuck in Terminating, and the next has to wait",
     [](Facts& f) {
       WorkloadNamed(f, "event-processor").strategy = "Recreate";
       PodNamed(f, "event-processor").meta.deletion = kNow - minutes(10);
     },
     "SIG-POD-016", "fail", "should have been gone", "describe"},
    {"restarts of late",
     [](Facts& f) {
       ContainerStatus& main = Main(PodNamed(f, "event-processor"));
       main.restart_count = 3;
       main.last_state = TerminatedState("Error", 1, kNow - minutes(30));
     },
     "SIG-POD-017", "warn", "container event-processor restarted 3 times, last 30m ago",
     "--previous"},
    {"starting",
     [](Facts& f) {
       Pod& pod = Waiting(f, "ContainerCreating");
       pod.phase = "Pending";
       pod.meta.creation = kNow - seconds(12);
     },
     "SIG-POD-001", "fail", "ContainerCreating for 12s", "describe"},
    {"nobody schedules it",
     [](Facts& f) {
       Pod& pod = Unscheduled(f, "", "");
       pod.conditions.clear();
     },
     "SIG-POD-001", "fail", "Pending", "describe"},
};

TEST(PodsFamily, EachCauseHasItsOwnCodeAndNothingElseFails) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    c.breaks(facts);
    const std::vector<Finding> findings = Judge(kPodsFamily, facts);
    ExpectWellFormed(findings, kPodsFamily);
    const std::vector<Finding> own = Of(findings, c.code);
    ASSERT_EQ(own.size(), 1U);
    EXPECT_EQ(ToString(own[0].verdict), c.verdict);
    EXPECT_THAT(own[0].seen, HasSubstr(c.seen));
    EXPECT_THAT(own[0].remedy, HasSubstr(c.remedy));
    EXPECT_THAT(own[0].evidence, testing::SizeIs(1));
    for (const Finding& finding : findings) {
      if (finding.code == c.code) continue;
      EXPECT_TRUE(finding.verdict == CheckVerdict::Pass || finding.verdict == CheckVerdict::Skipped)
          << finding.code << ": " << finding.seen;
    }
  }
}

TEST(PodsFamily, WhatIsNormalIsNotReported) {
  struct Normal {
    const char* name;
    void (*makes)(Facts&);
  };
  const Normal cases[] = {
      {"ends within its grace",
       [](Facts& f) {
         Pod& pod = Unready(f, "event-processor");
         pod.meta.deletion = kNow + seconds(20);
       }},
      {"a restart long ago",
       [](Facts& f) {
         ContainerStatus& main = Main(PodNamed(f, "event-processor"));
         main.restart_count = 40;
         main.last_state = TerminatedState("OOMKilled", 137, kNow - hours(3));
       }},
      {"one restart of late",
       [](Facts& f) {
         ContainerStatus& main = Main(PodNamed(f, "event-processor"));
         main.restart_count = 1;
         main.last_state = TerminatedState("Error", 1);
       }},
      {"a pod of somebody else's crashes",
       [](Facts& f) {
         Pod pod = PodNamed(f, "event-processor");
         pod.meta.labels = {{"app", "other"}};
         pod.conditions.clear();
         Main(pod).state = WaitingState("CrashLoopBackOff");
         f.pods->push_back(pod);
       }},
      {"a pod that is done", [](Facts& f) { PodNamed(f, "event-processor").phase = "Succeeded"; }},
  };
  for (const Normal& c : cases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFacts();
    c.makes(facts);
    const std::vector<Finding> findings = Judge(kPodsFamily, facts);
    EXPECT_THAT(Codes(findings, CheckVerdict::Fail), IsEmpty());
    EXPECT_THAT(Codes(findings, CheckVerdict::Warn), IsEmpty());
  }
}

TEST(PodsFamily, PodsOfOneWorkloadWithOneCauseAreOneFinding) {
  Facts facts = HealthyFacts();
  for (int i : {0, 1}) {
    Main(Unready(facts, "event-processor", i)).state = WaitingState("CrashLoopBackOff");
    Main(Unready(facts, "delivery-workers", i)).state = WaitingState("CrashLoopBackOff");
  }
  const std::vector<Finding> own = Of(Judge(kPodsFamily, facts), "SIG-POD-002");
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].object, "Deployment/event-processor");
  EXPECT_THAT(own[0].evidence,
              ElementsAre(HasSubstr("event-processor-7d9f-0 on node1: CrashLoopBackOff"),
                          HasSubstr("event-processor-7d9f-1")));
  EXPECT_EQ(own[1].object, "Deployment/delivery-workers");
}

TEST(PodsFamily, ThousandsOfPodsGiveBoundedEvidence) {
  Facts facts = HealthyFacts();
  const Pod pod = [&] {
    Pod crashing = Unready(facts, "event-processor");
    Main(crashing).state = WaitingState("CrashLoopBackOff");
    return crashing;
  }();
  facts.pods->assign(5000, pod);
  const std::vector<Finding> own = Of(Judge(kPodsFamily, facts), "SIG-POD-002");
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].evidence.size(), 11U);
  EXPECT_EQ(own[0].evidence.back(), "and 4990 more");
}

TEST(PodsFamily, WordsOfTheClusterAreMadeSafe) {
  Facts facts = HealthyFacts();
  Main(Waiting(facts, "CreateContainerConfigError",
               "line one\nline \x1b[31mtwo postgres://datafly:hunter2@db/x"));
  const Finding own = Of(Judge(kPodsFamily, facts), "SIG-POD-011").front();
  EXPECT_THAT(own.evidence[0], testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(own.evidence[0], testing::Not(HasSubstr("\x1b")));
  EXPECT_EQ(own.evidence[0].find('\n'), std::string::npos);
}

TEST(PodsFamily, NotKnowingIsOneUnknown) {
  Facts facts = HealthyFacts();
  facts.pods = Absence{AbsenceKind::Forbidden, "pods is forbidden", "list pods"};
  const std::vector<Finding> findings = Judge(kPodsFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-POD-001"));
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), IsEmpty());
  EXPECT_EQ(findings[0].needs, "list pods");
  EXPECT_EQ(findings[0].requirement, Requirement::Required);

  Facts without = HealthyFacts();
  without.workloads = Absence{AbsenceKind::TimedOut, "no answer", {}};
  EXPECT_THAT(Codes(Judge(kPodsFamily, without), CheckVerdict::Unknown),
              ElementsAre("SIG-POD-001"));
}

TEST(PodsFamily, WithoutPodsItPointsAtTheWorkloads) {
  Facts facts = HealthyFacts();
  facts.pods->clear();
  const std::vector<Finding> findings = Judge(kPodsFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), IsEmpty());
  EXPECT_THAT(findings[0].seen, HasSubstr("SIG-WRK"));
}

}  // namespace
}  // namespace datafly::checks::test

#include "common/core/report/diagnosis_document.h"
#include "common/core/report/health_document.h"
#include "common/core/report/rollout_document.h"
#include "tests/unit/core/checks/healthy_platform.h"

/// The documents of rollout, health and diagnose, on the platform that the checks are tested with.
namespace datafly::checks::test {
namespace {

using report::Document;
using testing::HasSubstr;
using testing::Not;

const Profile kProfile = LabProfile();

Document Health(const Facts& facts) { return report::HealthDocument({facts, kProfile}, false); }

Document Diagnosis(const Facts& facts, const report::Excerpts& excerpts = {}) {
  const Input input{facts, kProfile};
  return report::DiagnosisDocument(input, {}, GroupFound(FindCauses(input)), excerpts);
}

std::string Shown(const Document& document) {
  return report::Render(document, report::Format::Table, {});
}

Facts WithWrongTag() {
  Facts facts = HealthyFacts();
  for (const int index : {0, 1}) {
    Pod& pod = Unready(facts, "event-processor", index);
    pod.containers.back().state = WaitingState("ImagePullBackOff", "r/x:v9: not found");
    pod.containers.back().image = "r.io/x:v9";
  }
  facts.events = std::vector<kinds::Event>{};
  facts.replica_sets = Absence{AbsenceKind::Forbidden, "forbidden", "list replicasets"};
  return facts;
}

TEST(HealthDocument, ARowPerServiceAndNothingElseWhenAllIsWell) {
  const Document document = Health(HealthyFacts());
  EXPECT_EQ(document.exit_code, 0);
  EXPECT_THAT(document.verdict, HasSubstr("healthy"));
  const std::string text = Shown(document);
  EXPECT_THAT(text, HasSubstr("event-processor"));
  EXPECT_THAT(text, HasSubstr("v1.2.0"));
  EXPECT_THAT(text, HasSubstr("2 in 2-4"));
  EXPECT_THAT(text, Not(HasSubstr("SIG-POD")));
}

TEST(HealthDocument, WhatIsWrongStandsBelowTheTable) {
  const Document document = Health(WithWrongTag());
  EXPECT_EQ(document.exit_code, 3);
  EXPECT_EQ(document.verdict, "unhealthy");
  EXPECT_THAT(Shown(document), HasSubstr("SIG-POD-005"));
  EXPECT_THAT(Shown(document), HasSubstr("0/2"));
}

TEST(HealthDocument, PodsThatMayNotBeReadAreNotHealthy) {
  Facts facts = HealthyFacts();
  facts.pods = Absence{AbsenceKind::Forbidden, "forbidden", "list pods in datafly"};
  const Document document = Health(facts);
  EXPECT_EQ(document.exit_code, 5);
  EXPECT_EQ(document.verdict, "not known");
}

TEST(HealthDocument, EndpointsAreCountedPerService) {
  Facts facts = HealthyFacts();
  kinds::EndpointSlice slice;
  slice.service = "ingestion-gateway";
  slice.endpoints = {{PodNamed(facts, "ingestion-gateway", 0).meta.name, true},
                     {PodNamed(facts, "ingestion-gateway", 1).meta.name, false},
                     {"somebody-else", true}};
  facts.endpoint_slices = std::vector{slice};
  EXPECT_THAT(Shown(Health(facts)), HasSubstr("1/2"));
}

TEST(HealthDocument, OnePodWithAnotherImageIsADifference) {
  Facts facts = HealthyFacts();
  PodNamed(facts, "event-processor", 0).containers.back().image_id = "r/x@sha256:1";
  PodNamed(facts, "event-processor", 1).containers.back().image_id = "r/x@sha256:2";
  EXPECT_THAT(Shown(Health(facts)), HasSubstr("2 images behind"));
}

TEST(HealthDocument, TheNewestWarningsOfTheReleaseOnly) {
  Facts facts = HealthyFacts();
  kinds::Event event;
  event.type = "Warning";
  event.reason = "Unhealthy";
  event.message = "Readiness probe failed";
  event.involved = {"Pod", PodNamed(facts, "event-processor").meta.name, "", ""};
  event.last_seen = kNow - minutes(1);
  kinds::Event other = event;
  other.involved.name = "somebody-else";
  other.message = "not ours";
  facts.events = std::vector{event, other};
  EXPECT_THAT(Shown(Health(facts)), HasSubstr("Readiness probe failed"));
  EXPECT_THAT(Shown(Health(facts)), Not(HasSubstr("not ours")));
}

TEST(DiagnosisDocument, LikeCausesAreToldOnceWithTheirRoot) {
  const Document document = Diagnosis(WithWrongTag());
  EXPECT_EQ(document.exit_code, 3);
  EXPECT_THAT(document.verdict_detail, HasSubstr("The image is not in its registry: r.io/x:v9"));
  EXPECT_THAT(Shown(document), HasSubstr("2 pods: image r.io/x:v9"));
  EXPECT_THAT(Shown(document), HasSubstr("list replicasets")) << "what could not be read is said";
}

TEST(DiagnosisDocument, TheLogStandsWithTheEvidence) {
  Facts facts = HealthyFacts();
  Pod& pod = Unready(facts, "event-processor");
  pod.containers.back().state = WaitingState("CrashLoopBackOff");
  pod.containers.back().last_state = TerminatedState("Error", 1);
  pod.containers.back().restart_count = 4;
  const Document document = Diagnosis(facts, {{"Pod/" + pod.meta.name, {"panic: no such topic"}}});
  EXPECT_THAT(Shown(document), HasSubstr("panic: no such topic"));
}

TEST(DiagnosisDocument, NothingIsWrong) {
  Facts facts = HealthyFacts();
  facts.events = std::vector<kinds::Event>{};
  facts.replica_sets = std::vector<kinds::ReplicaSet>{};
  const Document document = Diagnosis(facts);
  EXPECT_EQ(document.exit_code, 0) << Shown(document);
  EXPECT_EQ(document.verdict, "no cause found");
}

TEST(DiagnosisDocument, PodsThatMayNotBeReadAreNotWell) {
  Facts facts = HealthyFacts();
  facts.pods = Absence{AbsenceKind::Forbidden, "forbidden", "list pods in datafly"};
  EXPECT_EQ(Diagnosis(facts).exit_code, 5);
}

TEST(DiagnosisDocument, AReleaseThatMayNotBeReadIsNotWell) {
  Facts facts = HealthyFacts();
  facts.events = std::vector<kinds::Event>{};
  facts.replica_sets = std::vector<kinds::ReplicaSet>{};
  facts.release = Absence{AbsenceKind::Forbidden, "forbidden", "list secrets in datafly"};
  for (Workload& workload : *facts.workloads)
    workload.meta.labels["app.kubernetes.io/part-of"] = "datafly";
  const Document document = Diagnosis(facts);
  EXPECT_EQ(document.exit_code, 5) << Shown(document);
  EXPECT_THAT(Shown(document), HasSubstr("list secrets in datafly"));
}

TEST(DiagnosisDocument, ALockIsTheHeadlineWhenOnlyDoubtsStandBesideIt) {
  Facts facts = WithWrongTag();
  for (const int index : {0, 1}) {
    PodNamed(facts, "event-processor", index).containers.back().state =
        WaitingState("ImagePullBackOff", "dial tcp 1.2.3.4:443: i/o timeout");
  }
  facts.release->status = facts.release->label_status = "pending-upgrade";
  EXPECT_EQ(Diagnosis(facts).verdict_detail, "the release itself is not well");
}

rollout::Progress OneWorkload(rollout::RolloutState state) {
  rollout::Progress progress;
  progress.at = kNow;
  progress.state = state;
  rollout::WorkloadProgress workload;
  workload.id = "Deployment/gateway";
  workload.state = state;
  workload.desired = 2;
  workload.updated = 1;
  progress.workloads.push_back(workload);
  return progress;
}

Document Rollout(const rollout::Progress& progress, const report::RolloutOutcome& outcome = {}) {
  return report::RolloutDocument(HealthyFacts().scope, progress, outcome, {});
}

TEST(RolloutDocument, ExitCodes) {
  using enum rollout::RolloutState;
  EXPECT_EQ(Rollout(OneWorkload(Complete)).exit_code, 0);
  EXPECT_EQ(Rollout(OneWorkload(Failed)).exit_code, 3);
  EXPECT_EQ(Rollout(OneWorkload(Progressing)).exit_code, 3);
  EXPECT_EQ(Rollout({}).exit_code, 5);
}

TEST(RolloutDocument, AWorkloadThatCannotBeFollowedIsNotKnown) {
  using enum rollout::RolloutState;
  report::RolloutOutcome outcome;
  outcome.blind = {{AbsenceKind::Forbidden, "forbidden", "watch deployments in datafly"}};
  EXPECT_EQ(Rollout(OneWorkload(Progressing), outcome).exit_code, 5);
  EXPECT_EQ(Rollout(OneWorkload(Complete), outcome).exit_code, 5) << "it may have moved since";
  EXPECT_EQ(Rollout(OneWorkload(Failed), outcome).exit_code, 3);
  report::RolloutOutcome partly;
  partly.partly = outcome.blind;
  EXPECT_EQ(Rollout(OneWorkload(Complete), partly).exit_code, 0);
}

TEST(RolloutDocument, ADeadlineThatPassedNamesNoCause) {
  report::RolloutOutcome outcome;
  outcome.deadline_passed = true;
  outcome.deadline = minutes(5);
  const Document document = Rollout(OneWorkload(rollout::RolloutState::WaitingForSchema), outcome);
  EXPECT_EQ(document.verdict, "not complete");
  EXPECT_THAT(document.verdict_detail, HasSubstr("after 5m, and no cause is certain"));
}

TEST(RolloutDocument, ACertainCauseIsAFindingAndARowForMachines) {
  rollout::Progress progress = OneWorkload(rollout::RolloutState::Failed);
  rollout::Cause cause =
      rollout::MakeCause(rollout::CauseClass::OomKilled, "app", "app", "was killed", {});
  cause.workload = "Deployment/gateway";
  cause.object = "Pod/gateway-1";
  progress.workloads[0].causes.push_back({cause, kNow, false});
  rollout::Cause later = cause;
  later.id = rollout::CauseClass::ImageNetwork;
  progress.workloads[0].causes.push_back({later, kNow + seconds(10), false});
  const std::string json = report::Render(Rollout(progress), report::Format::Json, {});
  EXPECT_THAT(json, HasSubstr("oom-killed"));
  EXPECT_THAT(json, HasSubstr("SIG-POD-012"));
  EXPECT_THAT(json, Not(HasSubstr("image-registry-unreachable"))) << "not certain yet";
}

}  // namespace
}  // namespace datafly::checks::test

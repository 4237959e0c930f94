#include "common/core/checks/causes.h"

#include "tests/unit/core/checks/healthy_platform.h"

namespace datafly::checks::test {
namespace {

using rollout::CauseClass;
using testing::ElementsAre;
using testing::IsEmpty;

const Profile kProfile = LabProfile();

std::vector<FoundGroup> GroupsOf(const Facts& facts) {
  return GroupFound(FindCauses({facts, kProfile}));
}

std::vector<std::string> NamesOf(const std::vector<FoundGroup>& groups) {
  std::vector<std::string> names;
  for (const FoundGroup& found : groups) {
    names.push_back(std::string(found.group.spec().name) + (found.certain ? "" : " (may pass)"));
  }
  return names;
}

void PullFails(Facts& facts, std::string_view workload, int index, std::string message) {
  Pod& pod = Unready(facts, workload, index);
  pod.containers.back().state = WaitingState("ImagePullBackOff", std::move(message));
  pod.containers.back().image = "registry.example/datafly/shared:v9";
}

TEST(FindCauses, NothingOnAHealthyPlatform) { EXPECT_THAT(GroupsOf(HealthyFacts()), IsEmpty()); }

TEST(FindCauses, OneWrongTagOnManyPodsIsOneCause) {
  Facts facts = HealthyFacts();
  for (const int index : {0, 1}) {
    PullFails(facts, "event-processor", index, "shared:v9: not found");
    PullFails(facts, "delivery-workers", index, "shared:v9: not found");
  }
  const auto groups = GroupsOf(facts);
  EXPECT_THAT(NamesOf(groups), ElementsAre("image-not-found"));
  EXPECT_EQ(groups[0].group.members.size(), 4U);
  EXPECT_THAT(groups[0].group.Workloads(),
              ElementsAre("Deployment/delivery-workers", "Deployment/event-processor"));
}

TEST(FindCauses, WhatMayPassComesAfterWhatIsCertain) {
  Facts facts = HealthyFacts();
  PullFails(facts, "delivery-workers", 0, "dial tcp 1.2.3.4:443: i/o timeout");
  Pod& pod = Unready(facts, "event-processor");
  pod.containers.back().state = WaitingState("CrashLoopBackOff");
  pod.containers.back().last_state = TerminatedState("Error", 1);
  pod.containers.back().restart_count = 4;
  EXPECT_THAT(NamesOf(GroupsOf(facts)),
              ElementsAre("crash-loop", "image-registry-unreachable (may pass)"));
}

TEST(FindCauses, EventsTellWhyAContainerIsKilled) {
  Facts facts = HealthyFacts();
  Pod& pod = Unready(facts, "event-processor");
  pod.meta.uid = "uid-1";
  pod.containers.back().last_state = TerminatedState("Error", 137);
  pod.containers.back().restart_count = 2;
  EXPECT_THAT(NamesOf(GroupsOf(facts)), ElementsAre("killed"));
  kinds::Event event;
  event.meta.uid = "event-1";
  event.reason = "Killing";
  event.message = "Container event-processor failed liveness probe, will be restarted";
  event.involved = {"Pod", pod.meta.name, "uid-1", "spec.containers{event-processor}"};
  event.last_seen = kNow - minutes(2);
  facts.events = std::vector{event};
  EXPECT_THAT(NamesOf(GroupsOf(facts)), ElementsAre("liveness-killed"));
}

TEST(FindCauses, APodOnItsWayUpIsNone) {
  Facts facts = HealthyFacts();
  Pod& pod = Unready(facts, "event-processor");
  pod.phase = "Pending";
  pod.meta.creation = kNow - seconds(20);
  pod.containers.back().state = WaitingState("ContainerCreating");
  EXPECT_THAT(GroupsOf(facts), IsEmpty());
  pod.meta.creation = kNow - minutes(20);
  EXPECT_THAT(NamesOf(GroupsOf(facts)), ElementsAre("starting (may pass)"));
}

kinds::Event SetupEvent(const Pod& pod, std::string reason, std::string message) {
  kinds::Event event;
  event.meta.uid = "event-" + reason;
  event.reason = std::move(reason);
  event.message = std::move(message);
  event.involved = {"Pod", pod.meta.name, pod.meta.uid, ""};
  event.first_seen = event.last_seen = kNow - minutes(5);
  return event;
}

Pod& Creating(Facts& facts) {
  Pod& pod = Unready(facts, "event-processor");
  pod.meta.uid = "uid-1";
  pod.phase = "Pending";
  pod.containers.back().state = WaitingState("ContainerCreating");
  return pod;
}

TEST(SetupFamily, SaysNothingWithoutEvents) {
  EXPECT_THAT(Judge(kSetupFamily, HealthyFacts()), IsEmpty());
}

TEST(SetupFamily, EventsThatMayNotBeReadAreUnknown) {
  Facts facts = HealthyFacts();
  facts.events = Absence{AbsenceKind::Forbidden, "forbidden", "list events in datafly"};
  EXPECT_THAT(Codes(Judge(kSetupFamily, facts), CheckVerdict::Unknown),
              ElementsAre("SIG-DIA-001", "SIG-DIA-002"));
}

TEST(SetupFamily, AVolumeWhoseSecretIsMissing) {
  Facts facts = HealthyFacts();
  const Pod& pod = Creating(facts);
  facts.events = std::vector{SetupEvent(
      pod, "FailedMount", "MountVolume.SetUp failed for volume \"v\" : secret \"s\" not found")};
  const auto findings = Judge(kSetupFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Fail), ElementsAre("SIG-DIA-001"));
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), ElementsAre("SIG-DIA-002"));
}

TEST(SetupFamily, ASandboxThatCannotBeMade) {
  Facts facts = HealthyFacts();
  const Pod& pod = Creating(facts);
  facts.events =
      std::vector{SetupEvent(pod, "FailedCreatePodSandBox", "failed to setup network: no IPs")};
  EXPECT_THAT(Codes(Judge(kSetupFamily, facts), CheckVerdict::Fail), ElementsAre("SIG-DIA-002"));
}

TEST(FindCauses, AnIncompleteRolloutsPodOnItsWayUpIsNoneEither) {
  Facts facts = HealthyFacts();
  Workload& workload = WorkloadNamed(facts, "event-processor");
  workload.meta.uid = "deployment-uid";
  kinds::ReplicaSet set;
  set.meta.uid = "set-uid";
  set.meta.controller = {"Deployment", "event-processor", "deployment-uid"};
  facts.replica_sets = std::vector{set};
  Pod& pod = Unready(facts, "event-processor");
  pod.meta.uid = "pod-uid";
  pod.meta.controller = {"ReplicaSet", "x", "set-uid"};
  pod.phase = "Pending";
  pod.meta.creation = kNow - seconds(2);
  pod.containers.back().state = WaitingState("ContainerCreating");
  EXPECT_THAT(GroupsOf(facts), IsEmpty());
}

TEST(CauseTable, EveryCodeIsInTheCatalogue) {
  for (const rollout::CauseSpec& spec : rollout::AllCauses())
    EXPECT_NE(FindSpec(spec.code), nullptr) << spec.name << " " << spec.code;
}

}  // namespace
}  // namespace datafly::checks::test

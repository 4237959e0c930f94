#include "common/core/rollout/tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/core/rollout/scene.h"

namespace datafly::rollout::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum CauseClass;

TrackerOptions Options() {
  return {.migrate_container = "migrate", .oom_window = std::chrono::hours(1)};
}

/// One Deployment whose new pod is what a test puts in.
class OnePod {
 public:
  OnePod() : tracker(Options()) {
    tracker.Follow({"Deployment/gateway"});
    tracker.Put(workload);
    tracker.Put(old_set);
    tracker.Put(new_set);
    tracker.Put(Ready(PodOf(old_set, "a")));
    tracker.Put(Ready(PodOf(old_set, "b")));
  }
  RolloutState StateAt(double seconds) { return tracker.Look(At(seconds)).state; }
  std::vector<std::string> Classes(double seconds) {
    std::vector<std::string> names;
    for (const Standing& s : tracker.Look(At(seconds)).workloads.at(0).causes)
      names.emplace_back(SpecOf(s.cause.id).name);
    return names;
  }

  kinds::Workload workload = Deployment("gateway");
  kinds::ReplicaSet old_set = ReplicaSetOf(workload, "old", 1);
  kinds::ReplicaSet new_set = ReplicaSetOf(workload, "new", 2);
  kinds::Pod pod = PodOf(new_set, "x");
  Tracker tracker;
};

TEST(Tracker, APodThatStartsIsProgress) {
  OnePod scene;
  scene.tracker.Put(scene.pod);
  EXPECT_EQ(scene.StateAt(1), RolloutState::Progressing);
  EXPECT_EQ(scene.StateAt(3600), RolloutState::Progressing) << "pulling takes as long as it takes";
}

TEST(Tracker, CompleteWhenTheControllerSaysSo) {
  OnePod scene;
  scene.tracker.Put(Completed(scene.workload));
  EXPECT_EQ(scene.StateAt(1), RolloutState::Complete);
  EXPECT_TRUE(scene.tracker.Look(At(1)).workloads.at(0).causes.empty());
}

TEST(Tracker, AWorkloadThatIsNotThereYetIsNotComplete) {
  OnePod scene;
  scene.tracker.Put(Completed(scene.workload));
  scene.tracker.Follow({"Deployment/gateway", "Deployment/worker"});
  EXPECT_EQ(scene.StateAt(1), RolloutState::Progressing);
  EXPECT_THAT(scene.tracker.Look(At(1)).missing, ElementsAre("Deployment/worker"));
}

TEST(Tracker, AnImageThatIsNotThereIsCertainAtOnce) {
  OnePod scene;
  scene.tracker.Put(With(scene.pod, Waiting("ErrImagePull", "r/app:v2: not found")));
  EXPECT_EQ(scene.StateAt(1), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(1), ElementsAre("image-not-found"));
}

TEST(Tracker, ARegistryThatCannotBeReachedGetsItsGraceFromWhenItWasFirstSeen) {
  OnePod scene;
  scene.tracker.Put(With(scene.pod, Waiting("ErrImagePull", "dial tcp 1.2.3.4:443: i/o timeout")));
  EXPECT_EQ(scene.StateAt(1), RolloutState::InDoubt);
  EXPECT_EQ(scene.tracker.Look(At(1)).next, At(31));
  // Between two tries the error is not shown; that does not start the grace again.
  scene.tracker.Put(With(scene.pod, Waiting("ContainerCreating")));
  EXPECT_EQ(scene.StateAt(10), RolloutState::Progressing);
  scene.tracker.Put(
      With(scene.pod, Waiting("ImagePullBackOff", "dial tcp 1.2.3.4:443: i/o timeout")));
  EXPECT_EQ(scene.StateAt(20), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(31), RolloutState::Failed);
}

TEST(Tracker, ARefusedPullWaitsForTheWordThatItsSecretIsMissing) {
  OnePod scene;
  scene.workload.pod.image_pull_secrets = {"regcred"};
  scene.tracker.Put(scene.workload);
  scene.tracker.Put(With(scene.pod, Waiting("ErrImagePull", "401 Unauthorized")));
  EXPECT_EQ(scene.StateAt(1), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(3), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(3), ElementsAre("image-unauthorized"));
  scene.tracker.Put(EventOn(scene.pod, "FailedToRetrieveImagePullSecret",
                            "Unable to retrieve some image pull secrets (regcred)", 1));
  EXPECT_THAT(scene.Classes(3), ElementsAre("image-pull-secret-missing"));
}

TEST(Tracker, APolicyThatRefusesIsAsCertainAsAWebhook) {
  OnePod scene;
  scene.new_set.conditions.push_back(
      {"ReplicaFailure", "True", "FailedCreate",
       "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'no-pods' with binding 'all' denied "
       "request: not here",
       At(2)});
  scene.tracker.Put(scene.new_set);
  EXPECT_EQ(scene.StateAt(2), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(2), ElementsAre("webhook-denied"));
  EXPECT_EQ(scene.tracker.Look(At(2)).workloads.at(0).causes.at(0).cause.subject, "no-pods");
}

TEST(Tracker, AnEvictionMayShowInItsEventAlone) {
  for (const char* phase : {"Failed", "Succeeded"}) {
    OnePod scene;
    kinds::Pod pod = scene.pod;
    pod.phase = phase;
    scene.tracker.Put(pod);
    scene.tracker.Put(EventOn(pod, "Evicted", "Usage of EmptyDir volume exceeds its limit", 1));
    EXPECT_EQ(scene.StateAt(60), RolloutState::InDoubt) << "its successor may do better";
    EXPECT_EQ(scene.StateAt(61), RolloutState::Failed);
    EXPECT_THAT(scene.Classes(61), ElementsAre("evicted"));
  }
}

TEST(Tracker, OneEndIsInDoubtAndTheSecondIsCertain) {
  OnePod scene;
  scene.tracker.Put(With(scene.pod, Ended(1, 2, 0)));
  EXPECT_EQ(scene.StateAt(3), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(300), RolloutState::InDoubt);
  scene.tracker.Put(With(scene.pod, BackOff(1, 4, 1)));
  EXPECT_EQ(scene.StateAt(301), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(301), ElementsAre("crash-loop"));
}

TEST(Tracker, AReadyPodIsWellWhateverItWentThrough) {
  OnePod scene;
  kinds::Pod pod = Ready(scene.pod);
  pod.containers[0].restart_count = 4;
  pod.containers[0].last_state = Ended(137, 2, 0, "OOMKilled").state;
  scene.tracker.Put(pod);
  EXPECT_EQ(scene.StateAt(3), RolloutState::Progressing);
}

TEST(Tracker, PodsOfTheOldReplicaSetAreNoFailureOfTheNew) {
  OnePod scene;
  scene.tracker.Put(With(PodOf(scene.old_set, "a"), BackOff(1, 2, 9)));
  scene.tracker.Put(scene.pod);
  EXPECT_EQ(scene.StateAt(3), RolloutState::Progressing);
}

TEST(Tracker, AnEndedPodIsReplaced) {
  OnePod scene;
  kinds::Pod pod = With(scene.pod, BackOff(1, 2, 5));
  pod.meta.deletion = At(30);
  scene.tracker.Put(pod);
  EXPECT_EQ(scene.StateAt(3), RolloutState::Progressing);
}

TEST(Tracker, AStaleGenerationIsNotComplete) {
  OnePod scene;
  kinds::Workload workload = Completed(scene.workload);
  workload.meta.generation = 3;
  scene.tracker.Put(workload);
  EXPECT_EQ(scene.StateAt(1), RolloutState::Progressing);
  EXPECT_EQ(scene.StateAt(30), RolloutState::Progressing);
  EXPECT_EQ(scene.StateAt(31), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(31), ElementsAre("generation-stale"));
  workload.observed_generation = 3;
  scene.tracker.Put(workload);
  EXPECT_EQ(scene.StateAt(32), RolloutState::Complete);
}

TEST(Tracker, APausedRolloutNeverEnds) {
  OnePod scene;
  scene.workload.paused = true;
  scene.tracker.Put(scene.workload);
  EXPECT_EQ(scene.StateAt(1), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(1), ElementsAre("paused"));
  scene.tracker.Put([&] {
    auto done = Completed(scene.workload);
    return done;
  }());
  EXPECT_EQ(scene.StateAt(2), RolloutState::Complete) << "paused after it was out";
}

TEST(Tracker, ProgressDeadline) {
  OnePod scene;
  scene.workload.conditions.push_back(
      {"Progressing", "False", "ProgressDeadlineExceeded", "has timed out progressing", At(5)});
  scene.tracker.Put(scene.workload);
  EXPECT_EQ(scene.StateAt(6), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(6), ElementsAre("progress-deadline"));
}

TEST(Tracker, AQuotaWithoutRoomShowsOnlyOnTheReplicaSet) {
  OnePod scene;
  scene.new_set.conditions.push_back(
      {"ReplicaFailure", "True", "FailedCreate",
       "pods \"x\" is forbidden: exceeded quota: tight, requested: pods=1, used: pods=2, limited: "
       "pods=2",
       At(2)});
  scene.tracker.Put(scene.new_set);
  EXPECT_EQ(scene.StateAt(3), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(12), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(12), ElementsAre("quota-exceeded"));
}

TEST(Tracker, RoomThatAnEndingPodStillHoldsIsWaitedFor) {
  OnePod scene;
  scene.new_set.conditions.push_back({"ReplicaFailure", "True", "FailedCreate",
                                      "exceeded quota: tight, requested: pods=1", At(2)});
  scene.tracker.Put(scene.new_set);
  kinds::Pod ending = Ready(PodOf(scene.old_set, "a"));
  ending.meta.deletion = At(33);
  scene.tracker.Put(ending);
  EXPECT_EQ(scene.StateAt(20), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(42), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(43), RolloutState::Failed);
}

TEST(Tracker, ASurgePodThatFindsNoNodeBesideFullOldOnes) {
  OnePod scene;
  scene.workload.max_unavailable = {0, false};
  scene.tracker.Put(scene.workload);
  kinds::Pod pod = scene.pod;
  pod.node.clear();
  pod.containers.clear();
  pod.conditions = {{"PodScheduled", "False", "Unschedulable",
                     "0/1 nodes are available: 1 Insufficient cpu.", At(1)}};
  scene.tracker.Put(pod);
  EXPECT_EQ(scene.StateAt(2), RolloutState::InDoubt);
  EXPECT_EQ(scene.StateAt(31), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(31), ElementsAre("surge-does-not-fit"));
}

TEST(Tracker, OldPodsThatDoNotGo) {
  OnePod scene;
  kinds::Workload workload = Completed(scene.workload);
  workload.status_replicas = 3;
  scene.tracker.Put(workload);
  kinds::Pod stuck = Ready(PodOf(scene.old_set, "a"));
  stuck.meta.deletion = At(30);
  scene.tracker.Put(stuck);
  EXPECT_EQ(scene.StateAt(31), RolloutState::Progressing);
  EXPECT_EQ(scene.StateAt(90), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(90), ElementsAre("stuck-terminating"));
}

TEST(Tracker, ReadinessHasTheProbesOwnGrace) {
  OnePod scene;
  kinds::Probe probe;
  probe.initial_delay_seconds = 60;
  probe.period_seconds = 10;
  scene.workload.pod.containers[0].readiness = probe;
  scene.tracker.Put(scene.workload);
  scene.tracker.Put(With(scene.pod, Running(0, false)));
  scene.tracker.Put(EventOn(scene.pod, "Unhealthy",
                            "Readiness probe failed: HTTP probe failed with statuscode: 503", 70,
                            "app"));
  // 60 + 1 + 3 x 10 + 5
  EXPECT_EQ(scene.StateAt(95), RolloutState::Progressing);
  EXPECT_EQ(scene.StateAt(96), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(96), ElementsAre("readiness-fails"));
  EXPECT_THAT(scene.tracker.Look(At(96)).workloads.at(0).causes.at(0).cause.detail,
              HasSubstr("503"));
}

TEST(Tracker, AProbeKillIsTheRootOfTheEnd) {
  OnePod scene;
  scene.tracker.Put(With(scene.pod, Ended(137, 40, 0)));
  scene.tracker.Put(EventOn(scene.pod, "Killing",
                            "Container app failed liveness probe, will be restarted", 39, "app"));
  EXPECT_EQ(scene.StateAt(41), RolloutState::Failed);
  EXPECT_THAT(scene.Classes(41), ElementsAre("liveness-killed"));
}

TEST(Tracker, AMountThatFailedAndThenWorkedIsOver) {
  OnePod scene;
  scene.tracker.Put(scene.pod);
  scene.tracker.Put(EventOn(scene.pod, "FailedMount",
                            "MountVolume.SetUp failed for volume \"v\" : secret \"s\" not found",
                            1));
  EXPECT_THAT(scene.Classes(2), ElementsAre("volume-source-missing"));
  EXPECT_EQ(scene.StateAt(11), RolloutState::Failed);
  scene.tracker.Put(EventOn(scene.pod, "Pulling", "Pulling image", 12));
  EXPECT_EQ(scene.StateAt(13), RolloutState::Progressing);
}

/// Two Deployments: "api" migrates, "worker" needs the schema.
class WithSchema {
 public:
  WithSchema() : tracker(Options()) {
    kinds::ContainerSpec migrate;
    migrate.name = "migrate";
    api.pod.init_containers.push_back(migrate);
    tracker.Follow({"Deployment/api", "Deployment/worker"});
    tracker.Put(api);
    tracker.Put(worker);
    tracker.Put(api_set);
    tracker.Put(worker_set);
    tracker.Put(WithInit(api_pod, "migrate", Running(1, false)));
  }
  RolloutState WorkerAt(double seconds) { return tracker.Look(At(seconds)).workloads.at(1).state; }

  kinds::Workload api = Deployment("api"), worker = Deployment("worker");
  kinds::ReplicaSet api_set = ReplicaSetOf(api, "new", 2);
  kinds::ReplicaSet worker_set = ReplicaSetOf(worker, "new", 2);
  kinds::Pod api_pod = PodOf(api_set, "x"), worker_pod = PodOf(worker_set, "y");
  Tracker tracker;
};

TEST(TrackerSchema, CrashesWhileMigrationsRunAreNoFailures) {
  WithSchema scene;
  scene.tracker.Put(With(scene.worker_pod, BackOff(1, 5, 3)));
  EXPECT_EQ(scene.WorkerAt(6), RolloutState::WaitingForSchema);
  EXPECT_EQ(scene.WorkerAt(3600), RolloutState::WaitingForSchema);
}

TEST(TrackerSchema, OnesFromBeforeTheSchemaMustShowAgain) {
  WithSchema scene;
  scene.tracker.Put(With(scene.worker_pod, BackOff(1, 5, 3)));
  scene.tracker.Put(WithInit(scene.api_pod, "migrate", Ended(0, 20, 0, "Completed")));
  EXPECT_EQ(scene.WorkerAt(21), RolloutState::WaitingForSchema) << "its back-off still runs";
  scene.tracker.Put(With(scene.worker_pod, BackOff(1, 60, 4)));
  EXPECT_EQ(scene.WorkerAt(61), RolloutState::Failed);
}

TEST(TrackerSchema, AMissingImageIsNotForWantOfTheSchema) {
  WithSchema scene;
  scene.tracker.Put(With(scene.worker_pod, Waiting("ErrImagePull", "r/app:v2: not found")));
  EXPECT_EQ(scene.WorkerAt(2), RolloutState::Failed);
}

TEST(TrackerSchema, TheMigrationsOwnFailureIsOne) {
  WithSchema scene;
  scene.tracker.Put(With(scene.worker_pod, BackOff(1, 5, 3)));
  scene.tracker.Put(WithInit(scene.api_pod, "migrate", Ended(1, 6, 1)));
  const Progress& progress = scene.tracker.Look(At(7));
  EXPECT_EQ(progress.state, RolloutState::Failed);
  EXPECT_EQ(SpecOf(progress.workloads.at(0).causes.at(0).cause.id).name, "migration-fails");
  EXPECT_EQ(progress.workloads.at(1).state, RolloutState::WaitingForSchema);
}

TEST(Tracker, ObjectsInAnyOrderGiveOneView) {
  OnePod whole;
  whole.tracker.Put(With(whole.pod, BackOff(1, 4, 2)));
  Tracker shuffled(Options());
  shuffled.Follow({"Deployment/gateway"});
  shuffled.Put(With(whole.pod, BackOff(1, 4, 2)));
  EXPECT_EQ(shuffled.Look(At(5)).state, RolloutState::Progressing) << "its owners are not known";
  shuffled.Put(whole.new_set);
  shuffled.Put(whole.old_set);
  shuffled.Put(whole.workload);
  EXPECT_EQ(shuffled.Look(At(6)).state, RolloutState::Failed);
  EXPECT_EQ(whole.StateAt(6), RolloutState::Failed);
}

TEST(Tracker, WhatIsRemovedIsForgotten) {
  OnePod scene;
  scene.tracker.Put(With(scene.pod, BackOff(1, 4, 2)));
  EXPECT_EQ(scene.StateAt(5), RolloutState::Failed);
  scene.tracker.Remove("pod-gateway-new-x");
  EXPECT_EQ(scene.StateAt(6), RolloutState::Progressing);
  EXPECT_EQ(scene.tracker.FindPod("gateway-new-x"), nullptr);
}

}  // namespace
}  // namespace datafly::rollout::test

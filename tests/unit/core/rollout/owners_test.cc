#include "common/core/rollout/owners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/rollout/completion.h"
#include "tests/unit/core/rollout/scene.h"

namespace datafly::rollout::test {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

kinds::Workload Workload(std::string kind, std::int64_t desired = 3) {
  kinds::Workload workload = Completed(Deployment("store", desired));
  workload.kind = std::move(kind);
  workload.meta.uid = "store";
  if (workload.kind == "StatefulSet") workload.update_revision = "store-new";
  if (workload.kind == "DaemonSet")
    workload.meta.annotations["deprecated.daemonset.template.generation"] = "7";
  return workload;
}

kinds::Pod PodOfWorkload(const kinds::Workload& workload, std::string suffix,
                         std::string revision) {
  kinds::Pod pod = PodOf(ReplicaSetOf(workload, "x", 1), "y");
  pod.meta.name = "store-" + suffix;
  pod.meta.uid = "pod-" + suffix;
  pod.meta.controller = {workload.kind, workload.meta.name, workload.meta.uid};
  pod.meta.labels["controller-revision-hash"] = std::move(revision);
  return pod;
}

/// One workload that its pods' tests change.
class OfWorkload : public ::testing::Test {
 protected:
  void Follow(const kinds::Workload& workload) {
    tracker.Follow({workload.Id()});
    tracker.Put(workload);
  }
  const WorkloadProgress& At(double seconds) {
    return tracker.Look(test::At(seconds)).workloads.at(0);
  }
  std::vector<std::string> CausesAt(double seconds) {
    std::vector<std::string> causes;
    for (const Standing& standing : At(seconds).causes) {
      causes.push_back(fmt::format("{} {}", standing.cause.object, SpecOf(standing.cause.id).name));
    }
    return causes;
  }
  Tracker tracker{{.migrate_container = "migrate", .oom_window = std::chrono::hours(1)}};
};

using PartOfAStatefulSet = OfWorkload;

TEST_F(PartOfAStatefulSet, IsCompleteWhenThePartIsUpdated) {
  kinds::Workload workload = Workload("StatefulSet");
  workload.partition = 2;
  workload.updated_replicas = 0;
  Follow(workload);
  EXPECT_EQ(At(0).state, RolloutState::Progressing);
  EXPECT_EQ(At(0).note, "0 of 1 replicas are updated");
  workload.updated_replicas = 1;
  tracker.Put(workload);
  EXPECT_EQ(At(1).state, RolloutState::Complete);
  EXPECT_EQ(At(1).note, "1 of 3 replicas are updated; the others stay (partition 2)");
  EXPECT_EQ(At(1).old, 2);
}

TEST_F(PartOfAStatefulSet, StandsWithThePodsThatStay) {
  kinds::Workload workload = Workload("StatefulSet");
  workload.partition = 2;
  workload.updated_replicas = 1;
  workload.available_replicas = 2;
  Follow(workload);
  tracker.Put(With(PodOfWorkload(workload, "1", "store-old"), BackOff(1, 0, 3)));
  EXPECT_THAT(CausesAt(1), ElementsAre("Pod/store-1 crash-loop"));
  EXPECT_EQ(At(1).state, RolloutState::Failed) << "nobody will replace it";
}

TEST_F(PartOfAStatefulSet, LargerThanTheSetUpdatesNothing) {
  kinds::Workload workload = Workload("StatefulSet");
  workload.partition = 5;
  workload.updated_replicas = 0;
  EXPECT_EQ(WaitsFor(workload), "");
}

using OnDelete = OfWorkload;

TEST_F(OnDelete, NothingIsUpdatedByItselfAndThatIsTold) {
  for (const char* kind : {"StatefulSet", "DaemonSet"}) {
    kinds::Workload workload = Workload(kind);
    workload.strategy = "OnDelete";
    workload.updated_replicas = 1;
    Follow(workload);
    EXPECT_EQ(At(0).state, RolloutState::Complete) << kind;
    EXPECT_EQ(At(0).note,
              "1 of 3 replicas are updated; the others stay until they are deleted (OnDelete)");
    EXPECT_EQ(At(0).old, 2);
  }
}

TEST_F(OnDelete, APodThatDoesNotStartIsACause) {
  kinds::Workload workload = Workload("StatefulSet");
  workload.strategy = "OnDelete";
  workload.available_replicas = 2;
  Follow(workload);
  tracker.Put(With(PodOfWorkload(workload, "2", "store-new"),
                   Waiting("ErrImagePull", "r/app:v2: not found")));
  EXPECT_THAT(CausesAt(1), ElementsAre("Pod/store-2 image-not-found"));
}

using OldPods = OfWorkload;

TEST_F(OldPods, OfADaemonSetAreReplacedWhateverTheyGoThrough) {
  kinds::Workload workload = Workload("DaemonSet");
  workload.updated_replicas = 2;
  workload.available_replicas = 2;
  Follow(workload);
  kinds::Pod pod = With(PodOfWorkload(workload, "abcde", "hash"), BackOff(1, 0, 3));
  pod.meta.labels["pod-template-generation"] = "6";
  tracker.Put(pod);
  EXPECT_THAT(CausesAt(100), IsEmpty());
  EXPECT_EQ(At(100).old, 1);
  pod.meta.labels["pod-template-generation"] = "7";
  tracker.Put(pod);
  EXPECT_THAT(CausesAt(101), ElementsAre("Pod/store-abcde crash-loop"));
}

TEST_F(OldPods, OfAStatefulSetThatAreNotReadyStandInTheWayForLong) {
  kinds::Workload workload = Workload("StatefulSet");
  workload.updated_replicas = 0;
  workload.available_replicas = 2;
  Follow(workload);
  tracker.Put(With(PodOfWorkload(workload, "2", "store-old"),
                   Waiting("ImagePullBackOff", "r/app:v0: not found")));
  EXPECT_EQ(At(10).state, RolloutState::InDoubt) << "its controller may be about to replace it";
  EXPECT_EQ(At(39).state, RolloutState::InDoubt);
  EXPECT_EQ(At(41).state, RolloutState::Failed);
  EXPECT_THAT(At(41).note, EndsWith("replaces no old pod that is not Ready: delete it"));
}

TEST_F(OldPods, OfAStatefulSetThatAreReadyWaitForTheirTurn) {
  kinds::Workload workload = Workload("StatefulSet");
  workload.updated_replicas = 0;
  Follow(workload);
  tracker.Put(Ready(PodOfWorkload(workload, "2", "store-old")));
  EXPECT_EQ(At(3600).state, RolloutState::Progressing);
}

/// A Deployment whose ReplicaSets may not be read.
class WithoutReplicaSets : public OfWorkload {
 protected:
  WithoutReplicaSets() { Follow(workload); }
  kinds::Pod Pod(const std::string& hash, double made, std::string deployment = "gateway") {
    workload.meta.name = std::move(deployment);
    kinds::Pod pod = PodOf(ReplicaSetOf(workload, hash, 1), "x");
    workload.meta.name = "gateway";
    pod.meta.labels["pod-template-hash"] = hash;
    pod.meta.creation = test::At(made);
    return pod;
  }
  static kinds::Pod NotPulled(kinds::Pod pod) {
    return With(std::move(pod), Waiting("ErrImagePull", "r/app:v2: not found"));
  }
  void Say(std::string words) {
    workload.conditions = {{"Progressing", "True", "ReplicaSetUpdated", std::move(words), {}}};
    tracker.Put(workload);
  }
  kinds::Workload workload = Deployment("gateway");
};

TEST_F(WithoutReplicaSets, NothingIsGuessedUntilItIsKnownThatTheyStayUnknown) {
  tracker.Put(NotPulled(Pod("new", 5)));
  EXPECT_THAT(CausesAt(6), IsEmpty());
  tracker.GuessReplicaSets();
  EXPECT_THAT(CausesAt(6), ElementsAre("Pod/gateway-new-x image-not-found"));
}

TEST_F(WithoutReplicaSets, APodThatComesLaterIsSeenAtOnce) {
  tracker.GuessReplicaSets();
  tracker.Put(Ready(Pod("old", 0)));
  EXPECT_THAT(CausesAt(1), IsEmpty());
  tracker.Put(NotPulled(Pod("new", 5)));
  EXPECT_THAT(CausesAt(6), ElementsAre("Pod/gateway-new-x image-not-found"));
  EXPECT_EQ(At(6).old, 1);
  tracker.Remove(Pod("new", 5).meta.uid);
  EXPECT_THAT(CausesAt(7), IsEmpty());
}

TEST_F(WithoutReplicaSets, TheDeploymentsOwnWordsDecideWhichIsNew) {
  tracker.GuessReplicaSets();
  // Made last, because it was evicted from a node; the new ones are older.
  tracker.Put(NotPulled(Pod("old", 9)));
  tracker.Put(Ready(Pod("new", 5)));
  Say("ReplicaSet \"gateway-new\" is progressing.");
  EXPECT_THAT(CausesAt(10), IsEmpty());
  Say("ReplicaSet \"gateway-old\" is progressing.");
  EXPECT_THAT(CausesAt(10), ElementsAre("Pod/gateway-old-x image-not-found"));
}

TEST_F(WithoutReplicaSets, PodsOfOthersAreNotItsOwn) {
  tracker.GuessReplicaSets();
  tracker.Put(NotPulled(Pod("new", 5, "gateway-canary")));
  kinds::Pod by_hand = NotPulled(Pod("new", 5));
  by_hand.meta.controller->kind = "Job";
  tracker.Put(by_hand);
  EXPECT_THAT(CausesAt(6), IsEmpty());
}

TEST(GuessNewestHash, WordsThatNameNothingAreNoGuess) {
  kinds::Workload workload = Deployment("gateway");
  for (const char* words :
       {"", "Deployment \"gateway\" has timed out progressing.", "ReplicaSet \"gateway-",
        "ReplicaSet \"gateway-canary-5d9\" is progressing."}) {
    workload.conditions = {{"Progressing", "True", "", words, {}}};
    EXPECT_EQ(GuessNewestHash(workload, {}), "") << words;
  }
}

TEST(GuessDeployment, WantsLabelAndOwnerToAgree) {
  kinds::ObjectMeta pod;
  EXPECT_EQ(GuessDeployment(pod), "");
  pod.controller = {"ReplicaSet", "a-b-5d9", "r"};
  EXPECT_EQ(GuessDeployment(pod), "");
  pod.labels["pod-template-hash"] = "5d9";
  EXPECT_EQ(GuessDeployment(pod), "Deployment/a-b");
  pod.labels["pod-template-hash"] = "other";
  EXPECT_EQ(GuessDeployment(pod), "");
  pod.controller->name = "-5d9";
  pod.labels["pod-template-hash"] = "5d9";
  EXPECT_EQ(GuessDeployment(pod), "");
}

}  // namespace
}  // namespace datafly::rollout::test

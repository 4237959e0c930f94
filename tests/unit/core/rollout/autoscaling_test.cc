#include "common/core/rollout/autoscaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/core/rollout/scene.h"

namespace datafly::rollout::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

kinds::Hpa Autoscaler(std::int64_t least, std::int64_t wanted) {
  kinds::Hpa hpa;
  hpa.meta.name = "gateway";
  hpa.meta.uid = "hpa";
  hpa.target_kind = "Deployment";
  hpa.target_name = "gateway";
  hpa.min_replicas = least;
  hpa.max_replicas = 10;
  hpa.current_replicas = wanted;
  hpa.desired_replicas = wanted;
  return hpa;
}

/// A Deployment in the middle of its rollout, and its autoscaler.
class Scaled : public ::testing::Test {
 protected:
  Scaled() {
    tracker.Follow({"Deployment/gateway"});
    tracker.Put(workload);
    tracker.Put(new_set);
  }
  std::string NoteAt(double seconds) { return tracker.Look(At(seconds)).workloads.at(0).note; }
  void Ask(std::int64_t replicas) {
    workload.replicas = replicas;
    tracker.Put(workload);
  }

  Tracker tracker{{.migrate_container = "migrate", .oom_window = std::chrono::hours(1)}};
  kinds::Workload workload = Deployment("gateway");
  kinds::ReplicaSet new_set = ReplicaSetOf(workload, "new", 2);
};

TEST_F(Scaled, OneThatWantsWhatIsAskedForIsNotTold) {
  tracker.Put(Autoscaler(2, 2));
  EXPECT_THAT(NoteAt(60), Not(HasSubstr("autoscaler")));
  EXPECT_FALSE(tracker.Look(At(60)).next);
}

TEST_F(Scaled, OneThatMovesMeanwhileIsNamedAsTheReason) {
  tracker.Put(Autoscaler(2, 2));
  Ask(4);
  EXPECT_THAT(NoteAt(0), Not(HasSubstr("autoscaler"))) << "its own status comes a moment later";
  tracker.Put(Autoscaler(2, 4));
  EXPECT_THAT(NoteAt(1), EndsWith("; its autoscaler went from 2 to 4 replicas meanwhile"));
  EXPECT_EQ(tracker.Look(At(1)).state, RolloutState::Progressing);
}

TEST_F(Scaled, ReplicasThatAnotherWroteAreToldWhenTheyStay) {
  tracker.Put(Autoscaler(2, 5));
  EXPECT_THAT(NoteAt(0), Not(HasSubstr("autoscaler")));
  EXPECT_EQ(tracker.Look(At(0)).next, At(2));
  EXPECT_THAT(NoteAt(2), EndsWith("its autoscaler wants 5 replicas, 2 are asked for"));
  Ask(5);
  EXPECT_THAT(NoteAt(3), Not(HasSubstr("autoscaler"))) << "it had wanted 5 from the beginning";
}

TEST_F(Scaled, ACompleteWorkloadIsCompleteWhateverItWants) {
  tracker.Put(Completed(workload));
  tracker.Put(Autoscaler(2, 5));
  EXPECT_EQ(tracker.Look(At(0)).state, RolloutState::Complete);
  EXPECT_EQ(NoteAt(2), "its autoscaler wants 5 replicas, 2 are asked for");
  EXPECT_EQ(tracker.Look(At(2)).state, RolloutState::Complete);
}

TEST_F(Scaled, OneThatIsGoneOrHasComputedNothingSaysNothing) {
  tracker.Put(Autoscaler(2, 0));
  EXPECT_THAT(NoteAt(5), Not(HasSubstr("autoscaler")));
  tracker.Put(Autoscaler(2, 5));
  EXPECT_THAT(NoteAt(5), Not(HasSubstr("autoscaler")));
  EXPECT_THAT(NoteAt(8), HasSubstr("autoscaler"));
  tracker.Remove("hpa");
  EXPECT_THAT(NoteAt(9), Not(HasSubstr("autoscaler")));
}

class WantOfRoom : public Scaled {
 protected:
  std::string SummaryWith(const kinds::Hpa& hpa) {
    workload.available_replicas = 1;
    Ask(5);
    tracker.Put(hpa);
    kinds::Pod pod = PodOf(new_set, "x");
    pod.node.clear();
    pod.conditions = {{"PodScheduled", "False", "Unschedulable",
                       "0/3 nodes are available: 3 Insufficient cpu.", At(0)}};
    tracker.Put(pod);
    return tracker.Look(At(1)).workloads.at(0).causes.at(0).cause.summary;
  }
};

TEST_F(WantOfRoom, NamesTheAutoscalersLeast) {
  EXPECT_THAT(SummaryWith(Autoscaler(5, 5)),
              EndsWith("; its autoscaler asks for at least 5 replicas"));
}

TEST_F(WantOfRoom, NamesWhatTheLoadMakesItAskFor) {
  EXPECT_THAT(SummaryWith(Autoscaler(2, 5)), EndsWith("; its autoscaler asks for 5 replicas"));
}

TEST_F(WantOfRoom, DoesNotBlameOneThatAskedForLess) {
  EXPECT_THAT(SummaryWith(Autoscaler(2, 3)), Not(HasSubstr("autoscaler")));
}

}  // namespace
}  // namespace datafly::rollout::test

#include "common/core/rollout/scheduling.h"

#include <gtest/gtest.h>

namespace datafly::rollout {
namespace {

TEST(WithoutPreemption, CutsTheTail) {
  EXPECT_EQ(WithoutPreemption("0/1 nodes are available: 1 Too many pods. preemption: x"),
            "0/1 nodes are available: 1 Too many pods");
  EXPECT_EQ(WithoutPreemption("0/1 nodes are available: 1 Too many pods."),
            "0/1 nodes are available: 1 Too many pods");
  EXPECT_EQ(WithoutPreemption(""), "");
}

TEST(ParseSchedulingReasons, CountsNodesPerReason) {
  const auto reasons = ParseSchedulingReasons(
      "0/7 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint "
      "{a: b, c: d}, 4 node(s) were unschedulable. preemption: 0/7 nodes are available: 7 No "
      "preemption victims found for incoming pod.");
  ASSERT_EQ(reasons.size(), 3U);
  EXPECT_EQ(reasons[0].nodes, 1);
  EXPECT_EQ(reasons[0].words, "Insufficient cpu");
  EXPECT_EQ(reasons[0].id, CauseClass::InsufficientResources);
  EXPECT_EQ(reasons[1].nodes, 2);
  EXPECT_EQ(reasons[1].id, CauseClass::UntoleratedTaint);
  EXPECT_EQ(reasons[2].nodes, 4);
  EXPECT_EQ(reasons[2].id, CauseClass::NodesCordoned);
}

struct Case {
  const char* message;
  CauseClass expected;
};

/// Words of the scheduler, Kubernetes 1.28 to 1.36.
const Case kCases[] = {
    {"0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No "
     "preemption victims found for incoming pod.",
     CauseClass::InsufficientResources},
    {"0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.",
     CauseClass::InsufficientResources},
    {"0/1 nodes are available: 1 node(s) had untolerated taint {k: v}.",
     CauseClass::UntoleratedTaint},
    {"0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
     CauseClass::NodeSelector},
    {"0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.",
     CauseClass::PodAffinity},
    {"0/1 nodes are available: 1 node(s) didn't match pod affinity rules.",
     CauseClass::PodAffinity},
    {"0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints.",
     CauseClass::TopologySpread},
    {"0/1 nodes are available: 1 node(s) were unschedulable.", CauseClass::NodesCordoned},
    {"0/1 nodes are available: 1 Too many pods.", CauseClass::TooManyPods},
    {"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
     CauseClass::HostPorts},
    {"0/1 nodes are available: persistentvolumeclaim \"data\" not found.",
     CauseClass::ClaimMissing},
    {"0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
     CauseClass::ClaimUnbound},
    {"no nodes available to schedule pods", CauseClass::Unschedulable},
    {"", CauseClass::Unschedulable},
};

TEST(ClassifyScheduling, NamesWhatAPersonWouldMendFirst) {
  for (const Case& c : kCases) {
    EXPECT_EQ(SpecOf(ClassifyScheduling(ParseSchedulingReasons(c.message))).name,
              SpecOf(c.expected).name)
        << c.message;
  }
}

}  // namespace
}  // namespace datafly::rollout

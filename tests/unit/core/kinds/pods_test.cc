#include "common/core/kinds/pods.h"

#include <gtest/gtest.h>

/// The expected words are those of printPod (k8s.io/kubernetes v1.36.3,
/// internalversion/printers.go) for the same pod.
namespace datafly::kinds {
namespace {

using Kind = ContainerState::Kind;

ContainerState Running() { return {Kind::Running, "", "", 0, 0, {}, {}}; }
ContainerState Waiting(std::string reason) {
  return {Kind::Waiting, std::move(reason), "", 0, 0, {}, {}};
}
ContainerState Terminated(std::string reason, std::int32_t exit_code, std::int32_t signal = 0) {
  return {Kind::Terminated, std::move(reason), "", exit_code, signal, {}, {}};
}

ContainerStatus Main(ContainerState state, bool ready = false) {
  ContainerStatus status;
  status.name = "main";
  status.state = std::move(state);
  status.ready = ready;
  return status;
}
ContainerStatus Init(ContainerState state) {
  ContainerStatus status = Main(std::move(state));
  status.init = true;
  return status;
}
ContainerStatus Sidecar(ContainerState state, bool started, bool ready = false) {
  ContainerStatus status = Init(std::move(state));
  status.restart_always = true;
  status.started = started;
  status.ready = ready;
  return status;
}

Pod MakePod(std::string phase, std::vector<ContainerStatus> containers,
            std::vector<Condition> conditions = {}) {
  Pod pod;
  pod.phase = std::move(phase);
  pod.containers = std::move(containers);
  pod.conditions = std::move(conditions);
  return pod;
}

const Condition kReady{"Ready", "True", "", "", {}};
const Condition kNotReady{"Ready", "False", "ContainersNotReady", "", {}};
const Condition kInitialized{"Initialized", "True", "", "", {}};

TEST(DisplayStatus, IsKubectlsStatusColumn) {
  struct Case {
    const char* expected;
    Pod pod;
  };
  Pod evicted = MakePod("Failed", {});
  evicted.reason = "Evicted";
  Pod gated = MakePod("Pending", {});
  gated.conditions = {{"PodScheduled", "False", "SchedulingGated", "", {}}};
  const Case cases[] = {
      {"Running", MakePod("Running", {Main(Running(), true)}, {kReady})},
      {"Pending", MakePod("Pending", {})},
      {"Evicted", evicted},
      {"SchedulingGated", gated},
      {"ContainerCreating", MakePod("Pending", {Main(Waiting("ContainerCreating"))})},
      {"CrashLoopBackOff", MakePod("Running", {Main(Waiting("CrashLoopBackOff"))})},
      {"Error", MakePod("Running", {Main(Terminated("Error", 1))})},
      {"ExitCode:3", MakePod("Running", {Main(Terminated("", 3))})},
      {"Signal:9", MakePod("Running", {Main(Terminated("", 137, 9))})},
      {"Init:0/1", MakePod("Pending", {Init(Running()), Main(Waiting("PodInitializing"))})},
      {"Init:1/2", MakePod("Pending", {Init(Terminated("Completed", 0)), Init(Running()),
                                       Main(Waiting("PodInitializing"))})},
      {"Init:0/1",
       MakePod("Pending", {Init(Waiting("PodInitializing")), Main(Waiting("PodInitializing"))})},
      {"Init:CrashLoopBackOff",
       MakePod("Pending", {Init(Waiting("CrashLoopBackOff")), Main(Waiting("PodInitializing"))})},
      {"Init:Error",
       MakePod("Pending", {Init(Terminated("Error", 1)), Main(Waiting("PodInitializing"))})},
      {"Init:ExitCode:2", MakePod("Pending", {Init(Terminated("", 2))})},
      {"Init:Signal:15", MakePod("Pending", {Init(Terminated("", 143, 15))})},
      {"PodInitializing",
       MakePod("Pending", {Init(Terminated("Completed", 0)), Main(Waiting("PodInitializing"))})},
      {"Running", MakePod("Running", {Sidecar(Running(), true, true), Main(Running(), true)},
                          {kReady, kInitialized})},
      {"Init:0/1",
       MakePod("Pending", {Sidecar(Running(), false), Main(Waiting("PodInitializing"))})},
      {"Init:1/2", MakePod("Pending", {Sidecar(Running(), true), Init(Running()),
                                       Main(Waiting("PodInitializing"))})},
      {"CrashLoopBackOff",
       MakePod("Running",
               {Sidecar(Waiting("CrashLoopBackOff"), false), Main(Waiting("CrashLoopBackOff"))},
               {kInitialized})},
      {"Running",
       MakePod("Running", {Main(Running(), true), Main(Terminated("Completed", 0))}, {kReady})},
      {"NotReady",
       MakePod("Running", {Main(Running(), true), Main(Terminated("Completed", 0))}, {kNotReady})},
      {"Error", MakePod("Running",
                        {Main(Terminated("Completed", 0)), Main(Terminated("Error", 1)),
                         Main(Running(), true)},
                        {kNotReady})},
      {"Completed", MakePod("Succeeded", {Main(Terminated("Completed", 0))})},
  };
  for (const Case& c : cases) EXPECT_EQ(DisplayStatus(c.pod), c.expected);
}

TEST(DisplayStatus, OfPodsOnTheirWayOut) {
  Pod pod = MakePod("Running", {Main(Running(), true)}, {kReady});
  pod.meta.deletion = Time{};
  EXPECT_EQ(DisplayStatus(pod), "Terminating");
  pod.reason = "NodeLost";
  EXPECT_EQ(DisplayStatus(pod), "Unknown");
  Pod done = MakePod("Succeeded", {Main(Terminated("Completed", 0))});
  done.meta.deletion = Time{};
  EXPECT_EQ(DisplayStatus(done), "Completed");
}

TEST(IsReady, NeedsPhaseConditionAndEveryContainer) {
  EXPECT_TRUE(IsReady(MakePod("Running", {Main(Running(), true)}, {kReady})));
  EXPECT_TRUE(IsReady(MakePod("Succeeded", {})));
  EXPECT_TRUE(IsReady(
      MakePod("Running", {Init(Terminated("Completed", 0)), Main(Running(), true)}, {kReady})));
  EXPECT_FALSE(IsReady(MakePod("Running", {Main(Running(), true)})));
  EXPECT_FALSE(IsReady(MakePod("Running", {Main(Running(), true)}, {kNotReady})));
  EXPECT_FALSE(IsReady(MakePod("Running", {Main(Running(), false)}, {kReady})));
  EXPECT_FALSE(IsReady(MakePod("Pending", {Main(Running(), true)}, {kReady})));
  EXPECT_FALSE(IsReady(
      MakePod("Running", {Sidecar(Running(), true, false), Main(Running(), true)}, {kReady})));
}

}  // namespace
}  // namespace datafly::kinds

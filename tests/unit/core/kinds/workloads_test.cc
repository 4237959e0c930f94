#include "common/core/kinds/workloads.h"

#include <gtest/gtest.h>

namespace datafly::kinds {
namespace {

ContainerSpec Container(std::int64_t request_milli, std::int64_t limit_milli = 0,
                        bool sidecar = false) {
  ContainerSpec container;
  if (request_milli > 0) container.requests["cpu"] = Quantity{request_milli};
  if (limit_milli > 0) container.limits["cpu"] = Quantity{limit_milli};
  container.restart_always = sidecar;
  return container;
}

std::int64_t Cpu(const ResourceList& list) {
  const auto found = list.find("cpu");
  return found == list.end() ? -1 : found->second.milli;
}

struct Case {
  const char* name;
  std::vector<ContainerSpec> init;
  std::vector<ContainerSpec> main;
  std::int64_t requests;
  std::int64_t limits;
};

TEST(PodTemplate, EffectiveRequestsAndLimitsAsTheSchedulerCounts) {
  const Case cases[] = {
      {"sum of the containers", {}, {Container(100), Container(50)}, 150, -1},
      {"nothing said", {}, {Container(0)}, -1, -1},
      {"a limit is the request when none is given", {}, {Container(0, 500)}, 500, 500},
      {"a given request stays", {}, {Container(250, 500)}, 250, 500},
      {"a bigger init container", {Container(400)}, {Container(100), Container(50)}, 400, -1},
      {"a smaller init container", {Container(100)}, {Container(100), Container(50)}, 150, -1},
      {"init containers do not add up", {Container(90), Container(80)}, {Container(10)}, 90, -1},
      {"a sidecar adds to the containers", {Container(30, 0, true)}, {Container(100)}, 130, -1},
      {"a later init container runs beside the sidecar",
       {Container(30, 0, true), Container(200)},
       {Container(100)},
       230,
       -1},
      {"an earlier one does not",
       {Container(200), Container(30, 0, true)},
       {Container(100)},
       200,
       -1},
      {"limits likewise", {Container(0, 700)}, {Container(100, 200), Container(50, 100)}, 700, 700},
  };
  for (const Case& c : cases) {
    PodTemplate pod;
    pod.init_containers = c.init;
    pod.containers = c.main;
    EXPECT_EQ(Cpu(pod.EffectiveRequests()), c.requests) << c.name;
    EXPECT_EQ(Cpu(pod.EffectiveLimits()), c.limits) << c.name;
  }
}

TEST(PodTemplate, ResourcesAreCountedEachOnItsOwn) {
  PodTemplate pod;
  ContainerSpec main = Container(100);
  main.requests["memory"] = Quantity::FromUnits(100);
  ContainerSpec init = Container(50);
  init.requests["memory"] = Quantity::FromUnits(900);
  pod.containers = {main};
  pod.init_containers = {init};
  const ResourceList requests = pod.EffectiveRequests();
  EXPECT_EQ(requests.at("cpu").milli, 100);
  EXPECT_EQ(requests.at("memory"), Quantity::FromUnits(900));
}

}  // namespace
}  // namespace datafly::kinds

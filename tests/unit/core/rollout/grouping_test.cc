#include "common/core/rollout/grouping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::rollout {
namespace {

using ::testing::ElementsAre;
using enum CauseClass;

Cause On(std::string workload, std::string pod, CauseClass id, std::string subject) {
  Cause cause = MakeCause(id, "app", std::move(subject), "seen", "words");
  cause.workload = std::move(workload);
  cause.object = "Pod/" + pod;
  return cause;
}

TEST(GroupCauses, OneWrongTagOnSixPodsIsOne) {
  std::vector<Cause> causes;
  for (const char* workload : {"Deployment/a", "Deployment/b", "Deployment/c"}) {
    for (const char* pod : {"1", "2"})
      causes.push_back(On(workload, std::string(workload) + pod, ImageNotFound, "r.io/app:v9"));
  }
  const auto groups = GroupCauses(causes);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].root, "r.io/app:v9");
  EXPECT_EQ(groups[0].members.size(), 6U);
  EXPECT_THAT(groups[0].Workloads(), ElementsAre("Deployment/a", "Deployment/b", "Deployment/c"));
}

TEST(GroupCauses, TwoServicesThatCrashAreTwo) {
  EXPECT_EQ(GroupCauses({On("Deployment/a", "a1", CrashLoop, "exit code 1"),
                         On("Deployment/b", "b1", CrashLoop, "exit code 1")})
                .size(),
            2U);
}

TEST(GroupCauses, OneRegistryThatCannotBeReachedIsOneWhateverTheImages) {
  const auto groups = GroupCauses({On("Deployment/a", "a1", ImageNetwork, "r.io:5000/a:v1"),
                                   On("Deployment/b", "b1", ImageNetwork, "r.io:5000/b:v2"),
                                   On("Deployment/c", "c1", ImageNetwork, "library/c")});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].root, "r.io:5000");
  EXPECT_EQ(groups[1].root, "docker.io");
}

TEST(GroupCauses, MigrationsFirstThenWhatStopsMost) {
  const auto groups = GroupCauses({On("Deployment/a", "a1", ImageNotFound, "r.io/a:v1"),
                                   On("Deployment/b", "b1", ImageNotFound, "r.io/a:v1"),
                                   On("Deployment/c", "c1", OomKilled, "app"),
                                   On("Deployment/d", "d1", MigrationFails, "exit code 1")});
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].spec().id, MigrationFails);
  EXPECT_EQ(groups[1].spec().id, ImageNotFound);
  EXPECT_EQ(groups[2].spec().id, OomKilled);
}

TEST(GroupCauses, AConsequenceIsNoCauseBesideItsCause) {
  const auto groups = GroupCauses({On("Deployment/a", "a1", CrashLoop, "exit code 1"),
                                   On("Deployment/a", "", ProgressDeadline, "")});
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].spec().id, CrashLoop);
  EXPECT_EQ(GroupCauses({On("Deployment/a", "", ProgressDeadline, "")}).size(), 1U);
}

}  // namespace
}  // namespace datafly::rollout

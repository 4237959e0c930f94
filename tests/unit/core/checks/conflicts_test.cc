#include "common/core/checks/conflicts.h"

#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

using Cause = DryRunFacts::Cause;

constexpr std::string_view kScaled =
    "Apply failed with 1 conflict: conflict with \"kube-controller-manager\" with subresource "
    "\"scale\" using apps/v1: .spec.replicas";

TEST(Conflicts, OnReplicasAloneAreToldFromAllOthers) {
  EXPECT_TRUE(IsReplicasOnly(kScaled));
  EXPECT_TRUE(
      IsReplicasOnly("Apply failed with 2 conflicts: conflicts with \"a\":\n- .spec.replicas\n"
                     "conflicts with \"b\":\n- .spec.replicas"));
  EXPECT_TRUE(IsReplicasOnly("conflicts with \"a\":\\n- .spec.replicas\\n"));
  for (const std::string_view other :
       {"", "conflict", ".spec.replicas .data.LOG_LEVEL",
        "conflicts with \"kubectl-edit\" using apps/v1:\n- .spec.replicas\n- "
        ".spec.template.spec.containers[name=\"gateway\"].image",
        "conflicts with \"a\":\\n- .spec.replicas\\n- .spec.paused",
        "conflict with \"x\": .spec.replicasPolicy"})
    EXPECT_FALSE(IsReplicasOnly(other)) << other;
}

World Conflicting(std::vector<std::string> messages) {
  World world = HealthyWorld();
  AddTarget(world);
  for (std::string& message : messages)
    world.facts.target->dry_run->push_back(
        {"Deployment/ingestion-gateway", false, Cause::Conflict, std::move(message)});
  return world;
}

TEST(Conflicts, AreForcedOnlyWhenAllAreOnReplicas) {
  const std::string scaled(kScaled);
  EXPECT_FALSE(ConflictOnlyOnReplicas(*Conflicting({}).facts.target));
  EXPECT_TRUE(ConflictOnlyOnReplicas(*Conflicting({scaled, scaled}).facts.target));
  EXPECT_FALSE(
      ConflictOnlyOnReplicas(*Conflicting({scaled, "conflict with \"x\": .data.A"}).facts.target));
  World unknown = Conflicting({scaled});
  unknown.facts.target->dry_run = Absence{AbsenceKind::Forbidden, "", ""};
  EXPECT_FALSE(ConflictOnlyOnReplicas(*unknown.facts.target));
}

std::vector<Finding> Judged(const World& world, std::string_view code, bool forces) {
  std::vector<Finding> found;
  for (const FamilyResult& result :
       JudgeAll({world.facts, world.profile, nullptr, forces}, {{std::string(code)}, {}}, {}))
    found.insert(found.end(), result.findings.begin(), result.findings.end());
  return found;
}

TEST(Conflicts, ThatAreForcedOnlyWarn) {
  World world = Conflicting({});
  world.facts.target->dry_run->push_back(
      {"ConfigMap/datafly-config", false, Cause::Conflict, "conflict with \"x\": .data.A"});
  EXPECT_EQ(Judged(world, "SIG-DRY-004", false).at(0).verdict, CheckVerdict::Fail);
  const auto forced = Judged(world, "SIG-DRY-004", true);
  EXPECT_EQ(forced.at(0).verdict, CheckVerdict::Warn);
  EXPECT_EQ(forced.at(0).evidence, std::vector<std::string>{"helm takes the field over "
                                                            "(--force-conflicts)"});
}

TEST(Conflicts, OnReplicasAndMoreUnderAnAutoscalerAreNotTheAutoscalersMatterAlone) {
  World world = Conflicting({"conflicts with \"x\":\n- .spec.replicas\n- .spec.paused"});
  EXPECT_EQ(Judged(world, "SIG-DRY-004", false).at(0).verdict, CheckVerdict::Fail);
}

}  // namespace
}  // namespace datafly::checks

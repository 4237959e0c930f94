#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

using diff::ResourceOp;
using diff::RiskClass;
using Cause = DryRunFacts::Cause;

diff::ResourceChange Change(std::string kind, std::string name, ResourceOp op) {
  diff::ResourceChange change;
  change.id = {"", std::move(kind), "datafly", std::move(name)};
  change.api_version = "v1";
  change.op = op;
  return change;
}

/// A target with one more change that has this risk.
std::function<void(World&)> Risky(std::string kind, RiskClass risk,
                                  ResourceOp op = ResourceOp::Changed) {
  return [=](World& world) {
    AddTarget(world);
    diff::ResourceChange change = Change(kind, "spool", op);
    change.risks = {{risk, "the reason of it"}};
    world.facts.target->changes->resources.push_back(change);
  };
}

std::function<void(World&)> RiskyAndTried(RiskClass risk, bool ok, Cause cause) {
  return [=](World& world) {
    Risky("Service", risk)(world);
    world.facts.target->dry_run->push_back({"Service/spool", ok, cause, "the server's words"});
  };
}

std::function<void(World&)> Spoiled(const std::function<void(diff::ReleaseDiff&)>& spoil) {
  return [=](World& world) {
    AddTarget(world);
    spoil(*world.facts.target->changes);
  };
}

std::function<void(World&)> Good() {
  return [](World& world) { AddTarget(world); };
}

std::function<void(World&)> NotKnown() {
  return [](World& world) {
    AddTarget(world);
    world.facts.target->changes = Absence{AbsenceKind::Snapshot, "", ""};
  };
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"no target", "SIG-CHG-001", CheckVerdict::Skipped, [](World&) {}, "give --to"},
      {"rendered offline 1", "SIG-CHG-001", CheckVerdict::Unknown,
       Spoiled([](diff::ReleaseDiff& diff) { diff.rendered_offline = true; }),
       "as far as it goes, objects: 1 changed"},
      {"rendered offline 2", "SIG-CHG-003", CheckVerdict::Skipped,
       Spoiled([](diff::ReleaseDiff& diff) { diff.rendered_offline = true; }),
       "not all changes are known"},
      {"good 1", "SIG-CHG-001", CheckVerdict::Pass, Good(),
       "objects: 1 changed; the pods of 1 workload restart"},
      {"good 2", "SIG-CHG-002", CheckVerdict::Pass, Good(), "none is refused"},
      {"good 3", "SIG-CHG-003", CheckVerdict::Pass, Good()},
      {"good 4", "SIG-CHG-004", CheckVerdict::Pass, Good(), "none found"},
      {"good 5", "SIG-CHG-005", CheckVerdict::Pass, Good()},
      {"good 6", "SIG-CHG-006", CheckVerdict::Pass, Good()},
      {"nothing changes", "SIG-CHG-001", CheckVerdict::Pass,
       Spoiled([](diff::ReleaseDiff& changes) { changes.resources.clear(); }), "no object changes"},
      {"a kind that cannot be read", "SIG-CHG-001", CheckVerdict::Unknown,
       Spoiled([](diff::ReleaseDiff& changes) {
         changes.unknown = {"live ConfigMaps are not known: forbidden"};
       }),
       "live ConfigMaps are not known"},
      {"not known 1", "SIG-CHG-001", CheckVerdict::Unknown, NotKnown(), "snapshot"},
      {"not known 3", "SIG-CHG-003", CheckVerdict::Skipped, NotKnown(), "SIG-CHG-001"},
      {"immutable", "SIG-CHG-002", CheckVerdict::Fail, Risky("Service", RiskClass::ReplacesObject),
       "the reason of it",
       "helm signal diff upgrade datafly oci://ghcr.io/datafly/charts/datafly --version 1.4.0 "
       "--kube-context prod -n datafly"},
      {"of another owner", "SIG-CHG-002", CheckVerdict::Fail,
       Risky("Service", RiskClass::TakesOver)},
      {"a conflict", "SIG-CHG-002", CheckVerdict::Fail, Risky("Service", RiskClass::Conflicts)},
      {"refused", "SIG-CHG-002", CheckVerdict::Fail, Risky("Service", RiskClass::Refused)},
      {"the server says it already",
       "SIG-CHG-002",
       CheckVerdict::Skipped,
       RiskyAndTried(RiskClass::ReplacesObject, false, Cause::Immutable),
       "SIG-DRY-001",
       "",
       {"SIG-DRY-001"}},
      {"the server does not think so", "SIG-CHG-002", CheckVerdict::Warn,
       RiskyAndTried(RiskClass::ReplacesObject, true, Cause::None), "the reason of it"},
      {"who owns it is not the server's to say", "SIG-CHG-002", CheckVerdict::Fail,
       RiskyAndTried(RiskClass::TakesOver, true, Cause::None)},
      {"a claim goes", "SIG-CHG-003", CheckVerdict::Fail,
       Risky("PersistentVolumeClaim", RiskClass::DropsData, ResourceOp::Removed),
       "the reason of it",
       "kubectl --context prod -n datafly annotate PersistentVolumeClaim/spool "
       "helm.sh/resource-policy=keep"},
      {"by hand", "SIG-CHG-004", CheckVerdict::Warn,
       Risky("ConfigMap", RiskClass::UndoesHandChange), "the reason of it"},
      {"deleted by hand", "SIG-CHG-004", CheckVerdict::Warn,
       Spoiled([](diff::ReleaseDiff& changes) {
         changes.resources.push_back(Change("ConfigMap", "spool", ResourceOp::Recreated));
       }),
       "was deleted from the cluster by hand"},
      {"another selector", "SIG-CHG-005", CheckVerdict::Warn,
       Risky("Service", RiskClass::ChangesSelector)},
      {"another port", "SIG-CHG-005", CheckVerdict::Warn,
       Risky("Service", RiskClass::InterruptsTraffic)},
      {"rotates", "SIG-CHG-006", CheckVerdict::Warn,
       Risky("ConfigMap", RiskClass::RotatesAtEveryUpgrade), "the reason of it"},
      {"a new secret that rotates", "SIG-CHG-006", CheckVerdict::Warn,
       Risky("Secret", RiskClass::RotatesAtEveryUpgrade, ResourceOp::Added)},
      {"a secret that rotates", "SIG-CHG-006", CheckVerdict::Skipped,
       Risky("Secret", RiskClass::RotatesAtEveryUpgrade), "judged with the values"},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(ChangesChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

}  // namespace
}  // namespace datafly::checks

#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

using Cause = DryRunFacts::Cause;

std::function<void(World&)> Refused(std::string object, Cause cause, std::string message) {
  return [=](World& world) {
    AddTarget(world);
    world.facts.target->dry_run->push_back({object, false, cause, message});
  };
}

std::function<void(World&)> Good() {
  return [](World& world) { AddTarget(world); };
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"no target", "SIG-DRY-001", CheckVerdict::Skipped, [](World&) {}, "give --to"},
      {"good 1", "SIG-DRY-001", CheckVerdict::Pass, Good()},
      {"good 2", "SIG-DRY-002", CheckVerdict::Pass, Good()},
      {"good 3", "SIG-DRY-003", CheckVerdict::Pass, Good()},
      {"good 4", "SIG-DRY-004", CheckVerdict::Pass, Good()},
      {"good 5", "SIG-DRY-005", CheckVerdict::Pass, Good(), "objects tried"},
      {"good 6", "SIG-DRY-006", CheckVerdict::Pass, Good(), "objects tried"},
      {"immutable", "SIG-DRY-001", CheckVerdict::Fail,
       Refused("Deployment/identity-hub", Cause::Immutable, "spec.selector: field is immutable"),
       "field is immutable",
       "kubectl --context prod -n datafly delete Deployment/identity-hub --cascade=orphan"},
      {"admission", "SIG-DRY-002", CheckVerdict::Fail,
       Refused("Deployment/identity-hub", Cause::Admission,
               "admission webhook \"w\" denied the request: no"),
       "denied the request"},
      {"quota", "SIG-DRY-003", CheckVerdict::Fail,
       Refused("Service/new", Cause::Quota, "exceeded quota: q, requested: services=1"),
       "exceeded quota", "kubectl --context prod -n datafly describe resourcequota"},
      {"conflict", "SIG-DRY-004", CheckVerdict::Fail,
       Refused("ConfigMap/datafly-config", Cause::Conflict,
               "conflict with \"kubectl-edit\": .data.LOG_LEVEL"),
       "kubectl-edit"},
      {"replicas without an HPA", "SIG-DRY-004", CheckVerdict::Fail,
       Refused("Deployment/identity-hub", Cause::Conflict,
               "conflict with \"kubectl\" with subresource \"scale\": .spec.replicas"),
       ".spec.replicas"},
      {"replicas under an HPA are the HPA's matter", "SIG-DRY-004", CheckVerdict::Skipped,
       Refused(
           "Deployment/ingestion-gateway", Cause::Conflict,
           "conflict with \"kube-controller-manager\" with subresource \"scale\": .spec.replicas"),
       "judged with the HPAs"},
      {"invalid", "SIG-DRY-005", CheckVerdict::Fail,
       Refused("Deployment/identity-hub", Cause::Invalid,
               "spec.template.spec.containers[0].name: Required value"),
       "Required value"},
      {"forbidden", "SIG-DRY-006", CheckVerdict::Unknown,
       Refused("Deployment/identity-hub", Cause::Forbidden,
               "cannot patch resource \"deployments\""),
       "cannot patch"},
      {"something else", "SIG-DRY-006", CheckVerdict::Unknown,
       Refused("Deployment/identity-hub", Cause::Other, "internal error"), "internal error"},
      {"not served is another code's", "SIG-DRY-006", CheckVerdict::Skipped,
       Refused("Pipeline/x", Cause::NotServed, "the server could not find the requested resource"),
       "SIG-API-002"},
      {"not made", "SIG-DRY-006", CheckVerdict::Unknown,
       [](World& w) {
         AddTarget(w);
         w.facts.target->dry_run = Absence{AbsenceKind::Snapshot, "", ""};
       },
       "snapshot"},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(DryRunChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

}  // namespace
}  // namespace datafly::checks

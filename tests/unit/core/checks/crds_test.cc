#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

std::function<void(World&)> Crd(bool exists, bool same, std::vector<std::string> target,
                                std::vector<std::string> live) {
  return [=](World& world) {
    AddTarget(world);
    world.facts.target->crds =
        std::vector<CrdFacts>{{"pipelines.datafly.example.com", exists, same, target, live}};
  };
}

constexpr std::string_view kApply =
    "helm show crds oci://ghcr.io/datafly/charts/datafly --version 1.4.0 | kubectl --context prod "
    "apply "
    "--server-side --force-conflicts -f -";

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"no target", "SIG-CRD-001", CheckVerdict::Skipped, [](World&) {}},
      {"none", "SIG-CRD-001", CheckVerdict::Pass, [](World& w) { AddTarget(w); }, "brings none"},
      {"there", "SIG-CRD-001", CheckVerdict::Pass, Crd(true, true, {"v1"}, {"v1"}), "1 CRD"},
      {"missing", "SIG-CRD-001", CheckVerdict::Fail, Crd(false, false, {"v1"}, {}),
       "helm upgrade does not install it", std::string(kApply)},
      {"may not look", "SIG-CRD-001", CheckVerdict::Unknown,
       [](World& w) {
         AddTarget(w);
         w.facts.target->crds =
             Absence{AbsenceKind::Forbidden, "", "get customresourcedefinitions"};
       }},
      {"same", "SIG-CRD-002", CheckVerdict::Pass, Crd(true, true, {"v1"}, {"v1"})},
      {"schema differs", "SIG-CRD-002", CheckVerdict::Warn,
       Crd(true, false, {"v1"}, {"v1", "v1alpha1"}), "differs", std::string(kApply)},
      {"version missing", "SIG-CRD-002", CheckVerdict::Fail, Crd(true, false, {"v1", "v2"}, {"v1"}),
       "no version v2", std::string(kApply)},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(CrdChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

}  // namespace
}  // namespace datafly::checks

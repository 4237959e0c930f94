#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

void OwnedBy(World& world, OwnerFacts::Kind kind, std::string object) {
  world.facts.owner = OwnerFacts{kind, std::move(object), "label helm.toolkit.fluxcd.io/name"};
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"helm", "SIG-OWN-001", CheckVerdict::Pass, [](World& w) { AddTarget(w); }, "Helm's own"},
      {"flux, read only", "SIG-OWN-001", CheckVerdict::Pass,
       [](World& w) { OwnedBy(w, OwnerFacts::Kind::Flux, "HelmRelease flux-system/datafly"); },
       "owned by HelmRelease flux-system/datafly"},
      {"flux, to be changed", "SIG-OWN-001", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         OwnedBy(w, OwnerFacts::Kind::Flux, "HelmRelease flux-system/datafly");
       },
       "label helm.toolkit.fluxcd.io/name",
       "flux suspend helmrelease datafly -n flux-system --context prod"},
      {"argo, to be changed", "SIG-OWN-001", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         OwnedBy(w, OwnerFacts::Kind::ArgoCd, "Application argocd/datafly");
       },
       "Application argocd/datafly",
       "kubectl --context prod -n argocd patch applications.argoproj.io datafly --type merge -p "
       "'{\"spec\":{\"syncPolicy\":{\"automated\":null}}}'"},
      {"argo of its own namespace", "SIG-OWN-001", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         OwnedBy(w, OwnerFacts::Kind::ArgoCd, "Application shop");
       },
       "", "kubectl --context prod -n argocd patch applications.argoproj.io shop"},
      {"object without a namespace", "SIG-OWN-001", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         OwnedBy(w, OwnerFacts::Kind::Flux, "HelmRelease datafly");
       },
       "", "flux suspend helmrelease datafly -n datafly"},
      {"no release",
       "SIG-OWN-001",
       CheckVerdict::Skipped,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::NotFound, "not found", {}};
       },
       "the release is not known",
       "",
       {"SIG-REL-001"}},
      {"forbidden", "SIG-OWN-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.owner = Absence{AbsenceKind::Forbidden, "", "list deployments"};
       }},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(OwnerChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(OwnerChecks, TheBetterWayIsInTheEvidence) {
  World world = HealthyWorld();
  AddTarget(world);
  OwnedBy(world, OwnerFacts::Kind::Flux, "HelmRelease flux-system/datafly");
  Finding finding = FindingsOf(world, "SIG-OWN-001").front();
  ASSERT_EQ(finding.evidence.size(), 2U);
  EXPECT_NE(finding.evidence[0].find("to 1.4.0 in its Git repository"), std::string::npos);
  EXPECT_NE(finding.evidence[1].find("flux resume helmrelease datafly -n flux-system"),
            std::string::npos);
}

}  // namespace
}  // namespace datafly::checks

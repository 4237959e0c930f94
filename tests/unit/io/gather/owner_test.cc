#include "common/gather/owner.h"

#include <gtest/gtest.h>

namespace datafly::gather {
namespace {

kinds::Workload Deployment(std::map<std::string, std::string> labels,
                           std::map<std::string, std::string> annotations) {
  kinds::Workload workload;
  workload.kind = "Deployment";
  workload.meta.name = "api";
  workload.meta.labels = std::move(labels);
  workload.meta.annotations = std::move(annotations);
  return workload;
}

OwnerFacts OwnerOf(kinds::Workload workload) {
  return *DetectOwner(std::vector<kinds::Workload>{std::move(workload)}, "datafly");
}

TEST(Owner, IsReadFromTheMarksOfControllers) {
  EXPECT_EQ(OwnerOf(Deployment({}, {})).kind, OwnerFacts::Kind::Helm);
  const auto flux = OwnerOf(Deployment({{"helm.toolkit.fluxcd.io/name", "datafly"},
                                        {"helm.toolkit.fluxcd.io/namespace", "flux-system"}},
                                       {}));
  EXPECT_EQ(flux.kind, OwnerFacts::Kind::Flux);
  EXPECT_EQ(flux.object, "HelmRelease flux-system/datafly");
  const auto argo = OwnerOf(
      Deployment({}, {{"argocd.argoproj.io/tracking-id", "shop:apps/Deployment:datafly/api"}}));
  EXPECT_EQ(argo.kind, OwnerFacts::Kind::ArgoCd);
  EXPECT_EQ(argo.object, "Application shop");
  const auto elsewhere =
      OwnerOf(Deployment({{"argocd.argoproj.io/instance", "customers_shop"}}, {}));
  EXPECT_EQ(elsewhere.object, "Application customers/shop");
}

TEST(Owner, OfAnotherReleaseDoesNotCount) {
  const auto other = Deployment({{"helm.toolkit.fluxcd.io/name", "other"}},
                                {{"meta.helm.sh/release-name", "other"}});
  EXPECT_EQ(OwnerOf(other).kind, OwnerFacts::Kind::Helm);
}

TEST(Owner, IsUnknownWithoutWorkloads) {
  const auto owner = DetectOwner(Absence{AbsenceKind::Forbidden, "no", "list deployments"}, "");
  EXPECT_FALSE(owner.Known());
  EXPECT_EQ(owner.absence().needs, "list deployments");
}

}  // namespace
}  // namespace datafly::gather

#include "common/gather/owner.h"

namespace datafly::gather {
namespace {

std::string Find(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::string() : found->second;
}

bool BelongsTo(const kinds::Workload& workload, std::string_view release) {
  const std::string name = Find(workload.meta.annotations, "meta.helm.sh/release-name");
  return release.empty() || name.empty() || name == release;
}

std::optional<OwnerFacts> FluxOwner(const kinds::Workload& workload) {
  const std::string name = Find(workload.meta.labels, "helm.toolkit.fluxcd.io/name");
  if (name.empty()) return std::nullopt;
  const std::string name_space = Find(workload.meta.labels, "helm.toolkit.fluxcd.io/namespace");
  return OwnerFacts{OwnerFacts::Kind::Flux, fmt::format("HelmRelease {}/{}", name_space, name),
                    fmt::format("label helm.toolkit.fluxcd.io/name on {}", workload.Id())};
}

std::optional<OwnerFacts> ArgoOwner(const kinds::Workload& workload) {
  const std::string tracking = Find(workload.meta.annotations, "argocd.argoproj.io/tracking-id");
  if (!tracking.empty()) {
    return OwnerFacts{
        OwnerFacts::Kind::ArgoCd,
        fmt::format("Application {}", tracking.substr(0, tracking.find(':'))),
        fmt::format("annotation argocd.argoproj.io/tracking-id on {}", workload.Id())};
  }
  const std::string instance = Find(workload.meta.labels, "argocd.argoproj.io/instance");
  if (instance.empty()) return std::nullopt;
  return OwnerFacts{OwnerFacts::Kind::ArgoCd, fmt::format("Application {}", instance),
                    fmt::format("label argocd.argoproj.io/instance on {}", workload.Id())};
}

}  // namespace

Fact<OwnerFacts> DetectOwner(const Fact<std::vector<kinds::Workload>>& workloads,
                             std::string_view release) {
  if (!workloads) return workloads.absence();
  for (const kinds::Workload& workload : *workloads) {
    if (!BelongsTo(workload, release)) continue;
    if (auto owner = FluxOwner(workload)) return *owner;
    if (auto owner = ArgoOwner(workload)) return *owner;
  }
  return OwnerFacts{OwnerFacts::Kind::Helm, {}, "no workload carries a mark of Flux or Argo CD"};
}

}  // namespace datafly::gather

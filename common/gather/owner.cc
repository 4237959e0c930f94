#include "common/gather/owner.h"

#include "common/gather/lists.h"

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

/// Argo CD writes "namespace_name" of an Application outside of its own namespace (Argo CD,
/// "Applications in any namespace"); neither part can contain the underscore.
std::string ApplicationOf(std::string_view instance) {
  const auto underscore = instance.find('_');
  if (underscore == std::string_view::npos) return fmt::format("Application {}", instance);
  return fmt::format("Application {}/{}", instance.substr(0, underscore),
                     instance.substr(underscore + 1));
}

std::optional<OwnerFacts> ArgoOwner(const kinds::Workload& workload) {
  const std::string tracking = Find(workload.meta.annotations, "argocd.argoproj.io/tracking-id");
  if (!tracking.empty()) {
    return OwnerFacts{
        OwnerFacts::Kind::ArgoCd,
        ApplicationOf(std::string_view(tracking).substr(0, tracking.find(':'))),
        fmt::format("annotation argocd.argoproj.io/tracking-id on {}", workload.Id())};
  }
  const std::string instance = Find(workload.meta.labels, "argocd.argoproj.io/instance");
  if (instance.empty()) return std::nullopt;
  return OwnerFacts{OwnerFacts::Kind::ArgoCd, ApplicationOf(instance),
                    fmt::format("label argocd.argoproj.io/instance on {}", workload.Id())};
}

Listing<kinds::Workload> ListWorkloads(Io& io, kinds::Decoder& decoder,
                                       const std::string& name_space, const char* plural,
                                       const char* kind) {
  return {io.kube,
          kube::Resource{"apps/v1", plural, name_space},
          {},
          [kind, &decoder](kinds::PaddedJson page, std::vector<kinds::Workload>& out) {
            return decoder.Workloads(page, kind, out);
          }};
}

}  // namespace

Result<Fact<OwnerFacts>> ReadOwner(Io& io, const std::string& name_space,
                                   std::string_view release) {
  kinds::Decoder decoder;
  auto deployments = ListWorkloads(io, decoder, name_space, "deployments", "Deployment");
  auto stateful_sets = ListWorkloads(io, decoder, name_space, "statefulsets", "StatefulSet");
  TRY(io.loop.Wait(io.deadline, deployments, stateful_sets));
  std::vector<kinds::Workload> workloads;
  for (auto* list : {&deployments, &stateful_sets}) {
    auto found = list->Take();
    if (!found) return Fact<OwnerFacts>(found.absence());
    std::move(found->begin(), found->end(), std::back_inserter(workloads));
  }
  return DetectOwner(workloads, release);
}

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

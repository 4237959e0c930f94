#pragma once

#include <vector>

#include "common/core/facts/facts.h"

namespace datafly::gather {

/// Who owns the release, by the marks that controllers leave on the objects they apply: Flux's
/// helm-controller the labels helm.toolkit.fluxcd.io/name and /namespace, Argo CD the annotation
/// argocd.argoproj.io/tracking-id ("app:group/kind:ns/name") or the label
/// argocd.argoproj.io/instance. Nothing of that: Helm. `release` narrows the workloads to those of
/// that release ("" = all).
Fact<OwnerFacts> DetectOwner(const Fact<std::vector<kinds::Workload>>& workloads,
                             std::string_view release);

}  // namespace datafly::gather

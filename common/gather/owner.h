#pragma once

#include <vector>

#include "common/core/facts/facts.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// Who owns the release, by the marks that controllers leave on the objects they apply: Flux's
/// helm-controller the labels helm.toolkit.fluxcd.io/name and /namespace, Argo CD the annotation
/// argocd.argoproj.io/tracking-id ("app:group/kind:ns/name") or the label
/// argocd.argoproj.io/instance. Nothing of that: Helm. `release` narrows the workloads to those of
/// that release ("" = all).
Fact<OwnerFacts> DetectOwner(const Fact<std::vector<kinds::Workload>>& workloads,
                             std::string_view release);

/// The same for who looks at nothing else: two small lists. Fails only on interruption.
Result<Fact<OwnerFacts>> ReadOwner(Io& io, const std::string& name_space, std::string_view release);

}  // namespace datafly::gather

#pragma once

#include "common/core/facts/facts.h"
#include "common/gather/helm_rendering.h"

namespace datafly::gather {

/// The target of a release that is pending: by `helm template`, since Helm refuses to upgrade it,
/// and `helm show chart`, since of the chart that tells only the manifest. `today` as
/// HelmRendering. Errors: it does not render, the chart cannot be read; interrupted.
Result<release::ReleaseRecord> RenderOffline(Io& io, HelmRendering& rendering,
                                             const release::ReleaseRecord* today);

/// Takes out of a target's facts what such a rendering does not tell: CRDs, values and defaults.
void KnowOnlyTheManifest(TargetFacts& facts);

}  // namespace datafly::gather

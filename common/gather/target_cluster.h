#pragma once

#include "common/core/manifest/manifest.h"
#include "common/core/release/record.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// The CRDs in the chart's crds/ folder against the cluster's: Helm installs them once and never
/// upgrades them.
Result<Fact<std::vector<CrdFacts>>> CompareCrds(Io& io, const release::ChartInfo& chart);

/// Every object of the target's manifest as a server-side apply with dryRun=All: admission,
/// immutable fields, quota and ownership are judged by the server itself, and nothing is stored.
/// `ssa`: the release is applied server-side, so conflicts with other managers count (field manager
/// "helm").
Result<Fact<std::vector<DryRunFacts>>> DryRunObjects(Io& io,
                                                     const std::vector<manifest::Object>& objects,
                                                     const std::string& name_space, bool ssa);

}  // namespace datafly::gather

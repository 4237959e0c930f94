#pragma once

#include "common/core/manifest/manifest.h"
#include "common/core/release/record.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// The CRDs in the chart's crds/ folder against the cluster's: Helm installs them once and never
/// upgrades them. Starting it puts a GET of each on the wire.
class CrdReads {
 public:
  CrdReads(Io& io, const release::ChartInfo& chart);
  ~CrdReads();
  [[nodiscard]] bool Done() const;
  Fact<std::vector<CrdFacts>> Take();

 private:
  struct Read;
  std::vector<Read> reads_;
};

/// Every object of the target's manifest as a server-side apply with dryRun=All: admission,
/// immutable fields, quota and ownership are judged by the server itself, and nothing is stored.
class DryRuns {
 public:
  /// `objects` must outlive it. `ssa`: the release is applied server-side, so conflicts with other
  /// managers count (field manager "helm").
  DryRuns(Io& io, const std::vector<manifest::Object>& objects, const std::string& name_space,
          bool ssa);
  [[nodiscard]] bool Done() const;
  Fact<std::vector<DryRunFacts>> Take();

 private:
  const std::vector<manifest::Object>& objects_;
  std::vector<Pending<std::string>> replies_;
};

}  // namespace datafly::gather

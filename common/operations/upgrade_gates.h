#pragma once

#include <optional>
#include <string>

#include "common/core/release/values_rule.h"
#include "common/gather/target.h"
#include "common/operations/look_back.h"
#include "common/operations/upgrade.h"

namespace datafly::operations {

/// The gates and the changes as they were judged.
struct Judged {
  gather::Gathered cluster;
  release::ReleaseRecord target;
  report::Document document;  ///< kind UpgradeReport; its exit code says whether a gate is shut
  std::int64_t newest_revision = 0;
  bool forces_conflicts = false;  ///< all conflicts are about replicas: helm is told to force them
  Instant at{};

  /// What the upgrade starts from: the deployed revision, without one the newest; never nullptr.
  [[nodiscard]] const release::ReleaseRecord& Today() const {
    return cluster.deployed ? *cluster.deployed : *cluster.newest;
  }
};

/// What was judged longer ago says little about now.
inline constexpr std::chrono::minutes kGatesHold{5};

/// Gathers the release and the target and judges both. `render` is the pinned chart's.
/// `ended_badly`: the newest revision is one of ours that failed or was cut short; what is not well
/// today then only warns, since going on is what mends it. Errors: no such release, a chart that
/// does not render, the release is somebody else's (Flux, Argo CD), interrupted.
Result<Judged> JudgeUpgrade(const Work& work, const UpgradeRequest& request,
                            const helm::RenderRequest& render, bool ended_badly);

/// Whether helm runs the chart's hooks: not with --no-hooks.
bool RunsHooks(const helm::RenderRequest& render);

}  // namespace datafly::operations

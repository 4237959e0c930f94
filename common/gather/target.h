#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/facts/facts.h"
#include "common/core/profile/profile.h"
#include "common/gather/gather.h"
#include "common/gather/release_diff.h"
#include "common/io/helm/helm_records.h"
#include "common/io/kube/kubeconfig.h"

namespace datafly::gather {

/// What `--to` and its companions name.
struct TargetRequest {
  std::string to;  ///< VERSION, a chart (oci://…[:VERSION], folder, .tgz, repo/name), latest,
                   ///< latest-minor or latest-patch
  std::vector<std::string> values_files;  ///< -f, in order; none = the values of the release, as
                                          ///< `helm upgrade` without values keeps them
  std::vector<std::string> sets;          ///< --set
  kube::ConnectionFlags connection;  ///< as the user gave them; handed to helm by HELM_* variables
  std::string helm;                  ///< the program: $HELM_BIN or "helm"
  /// Of a command that upgrades: helm's very arguments and environment, instead of all the above.
  struct AsGiven {
    helm::RenderRequest render;
    std::vector<std::pair<std::string, std::string>> environment;
  };
  std::optional<AsGiven> as_given = {};
  DiffOptions diff = {};
};

/// The target's facts, and the rendering that they were taken from, which holds the user's values.
struct RenderedTarget {
  TargetFacts facts;
  release::ReleaseRecord record;
};

/// The migrations that a chart names (annotation datafly.io/migrations); empty: it names none.
std::vector<std::string> MigrationFilesOf(const release::ChartInfo& chart);

/// Renders the target with the user's helm (run once: `helm upgrade --dry-run=server -o json`), and
/// asks what can be asked about it: images in their registries (with the pull secrets that its pods
/// name), CRDs, a server-side dry-run of each object. For a release that is pending by `helm
/// template` (offline_target.h). A chart that helm cannot load or render is an
/// Absence with helm's own words; only wrong usage is an Error.
Result<Fact<TargetFacts>> GatherTarget(Io& io, const Profile& profile, const Gathered& cluster,
                                       const TargetRequest& request);

/// The same with the rendering.
Result<Fact<RenderedTarget>> RenderAndGatherTarget(Io& io, const Profile& profile,
                                                   const Gathered& cluster,
                                                   const TargetRequest& request);

/// The facts of going back to a recorded revision: what its manifest needs of the cluster and of
/// the registries, and what changes from the newest one. Absent: the record is not there or cannot
/// be read. Errors: interrupted.
Result<Fact<RenderedTarget>> GatherRecordedTarget(Io& io, const Profile& profile,
                                                  const Gathered& cluster,
                                                  const helm::HelmCalls& calls,
                                                  std::int64_t revision,
                                                  const DiffOptions& options);

}  // namespace datafly::gather

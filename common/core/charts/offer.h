#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/fact.h"
#include "common/core/base/result.h"
#include "common/core/base/semver.h"
#include "common/core/base/time.h"

/// What a chart's source offers: the versions of one chart and what each says about itself.
namespace datafly::charts {

/// What Chart.yaml tells of one version. Untrusted text.
struct ChartMetadata {
  std::string name, version, app_version;
  std::string kube_version;  ///< range, or "" for any
  std::optional<Time> created;
  bool deprecated = false;
};

/// One version. Its metadata is absent while nobody has asked for it.
struct Offer {
  SemVer version;
  Fact<ChartMetadata> metadata;
};

/// Chart.yaml as the config of an OCI chart holds it (type
/// application/vnd.cncf.helm.config.v1+json). Error::Protocol when it is not that.
Result<ChartMetadata> ParseChartConfig(std::string_view json);

/// The tags of an OCI repository that are versions of a chart; others ("latest", signatures) are
/// left out. A tag cannot hold a "+": Helm writes "_" (helm: pkg/registry).
std::vector<Offer> OffersOfTags(const std::vector<std::string>& tags);
/// The tag of a version: "1.2.0_build.5".
std::string TagOf(const SemVer& version);

}  // namespace datafly::charts

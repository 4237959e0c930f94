#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/charts/offer.h"
#include "common/io/registry/client.h"

namespace datafly::registry {

/// One chart in an OCI registry (helm: pkg/registry). All reads share one identity: a token is
/// asked for once.
class ChartRepository {
 public:
  ChartRepository(http::Client& http, Trust trust, const ImageReference& repository,
                  std::optional<PullCredential> credential);
  ~ChartRepository();
  ChartRepository(const ChartRepository&) = delete;
  ChartRepository& operator=(const ChartRepository&) = delete;

  /// As Client::StartTags.
  Pending<std::vector<std::string>> StartTags();

  /// What the chart of this version says about itself: its manifest, then its config, which holds
  /// Chart.yaml and must have the digest that the manifest names. A registry may keep blobs at
  /// another address (a 307, as most large ones send): that is asked without any credential, over
  /// https alone, once; the digest holds it to what the registry promised. Error::Protocol for an
  /// artifact that is no chart.
  Pending<charts::ChartMetadata> StartChart(const SemVer& version);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace datafly::registry

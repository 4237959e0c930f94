#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/gather/gather.h"
#include "common/io/helm/helm_program.h"

namespace datafly::gather {

/// A target as helm renders it: once, and once more where its chart draws random values.
class HelmRendering {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  HelmRendering(Io& io, helm::RenderRequest request, Environment environment)
      : io_(io), request_(std::move(request)), environment_(std::move(environment)) {}

  /// `helm upgrade --dry-run=server`.
  void Start();
  /// `helm template`, for a release that Helm refuses to upgrade because it is pending, or without
  /// a cluster. `current`: what is installed (nullptr: nothing), whose values Helm would keep.
  void StartOffline(const release::ReleaseRecord* current);
  /// The second rendering runs beside the first where the chart that is installed draws random
  /// values: the next version of it does so, too, most likely.
  void Foretell(const release::ReleaseRecord* current);

  /// The first one. Helm's words are masked by what is secret in `current` and in the request.
  /// What `helm template` does not tell is taken from `current`, so that it does not look changed.
  /// Errors: it does not render; interrupted.
  Result<release::ReleaseRecord> Wait(const release::ReleaseRecord* current);
  /// The same once more.
  Pending<release::ReleaseRecord> Again();

  [[nodiscard]] bool offline() const { return offline_; }
  [[nodiscard]] const helm::RenderRequest& request() const { return request_; }
  [[nodiscard]] const Environment& environment() const { return environment_; }

 private:
  [[nodiscard]] helm::RenderRequest Timed() const;
  Pending<release::ReleaseRecord> Render();

  Io& io_;
  helm::RenderRequest request_;
  Environment environment_;
  bool offline_ = false;
  std::string kept_values_;  ///< for `helm template`, which does not keep them
  Pending<release::ReleaseRecord> first_, second_;
  bool foretold_ = false;
};

/// What is not known of a record must not look changed: it is taken from the other side.
void KnowLittle(release::ReleaseRecord& partial, const release::ReleaseRecord& other);

}  // namespace datafly::gather

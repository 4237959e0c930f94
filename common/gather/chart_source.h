#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/core/base/secret.h"
#include "common/core/charts/offer.h"
#include "common/core/profile/profile.h"
#include "common/io/http/client.h"
#include "common/io/system/system.h"

namespace datafly::gather {

/// Where a chart's versions are asked for, as Helm's flags of these names say it.
struct ChartSourceRequest {
  std::string
      chart;  ///< oci://…, repo/name, https://… of a repository; with `repo` a chart's name;
              ///< "" = the profile's
  std::string repo;  ///< URL of a repository, or ""
  std::string username;
  SecretString password;
  std::string ca_file, cert_file, key_file;
  bool insecure_skip_tls_verify = false;
  bool plain_http = false;
  std::string repository_config, repository_cache;  ///< Helm's
  std::vector<std::string> login_files;             ///< registry::FindLogin
};

/// What a source answered.
struct ChartListing {
  std::vector<charts::Offer> offers;
  std::size_t unreadable = 0;  ///< index entries whose version is not SemVer
  /// Not empty: the source did not answer, and this is Helm's cached index instead; says why and
  /// from when.
  std::string stale;
};

/// A source of versions that is being asked. Not copied; `http`, the loop and what `system` names
/// must outlive it.
class ChartSource {
 public:
  /// Reads the files that say how to get there and sends the first request. An error is about what
  /// the user wrote: a chart that has no list of versions, an unknown repository, a login that
  /// cannot be used.
  static Result<std::unique_ptr<ChartSource>> Start(http::Client& http, const System& system,
                                                    const Profile& profile,
                                                    const ChartSourceRequest& request);
  virtual ~ChartSource() = default;

  /// "oci://host/charts/datafly", "datafly in https://charts.example": safe to show.
  [[nodiscard]] const std::string& shown() const { return shown_; }
  /// For Loop::Wait.
  [[nodiscard]] virtual bool Done() const = 0;
  virtual Result<ChartListing> Take() = 0;
  /// What one of the versions says about itself, when its listing did not.
  virtual Pending<charts::ChartMetadata> StartMetadata(const SemVer& version) = 0;

 protected:
  explicit ChartSource(std::string shown) : shown_(std::move(shown)) {}

 private:
  std::string shown_;
};

/// Fills in the metadata of the first `most` offers that have none, in one burst. What the source
/// does not tell in time is an Absence; an Error means: interrupted.
Result<void> DescribeOffers(Loop& loop, Instant deadline, ChartSource& source, std::size_t most,
                            std::vector<charts::Offer>& offers);

}  // namespace datafly::gather

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/time.h"

/// Helm's release records, read by ourselves: that is what makes status and preflight instant. The
/// format is the same in Helm 3 and 4 (helm pkg/storage/driver, pkg/release).
namespace datafly::release {

/// helm pkg/release/common.Status.
enum class Status {
  Unknown,
  Deployed,
  Uninstalled,
  Superseded,
  Failed,
  Uninstalling,
  PendingInstall,
  PendingUpgrade,
  PendingRollback
};
std::string_view ToString(Status status);  ///< "pending-upgrade"
Status ParseStatus(std::string_view text);
inline bool IsPending(Status s) {
  return s == Status::PendingInstall || s == Status::PendingUpgrade || s == Status::PendingRollback;
}

struct ChartFile {
  std::string name;  ///< "crds/pipelines.yaml"
  std::string data;
};

struct ChartInfo {
  std::string name, version, app_version, kube_version, home;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::string default_values_json;  ///< chart.values, as JSON text ("{}" when absent)
  std::vector<ChartFile> crds;      ///< files under crds/ (of the chart itself)
  /// Of the chart itself: Helm's record leaves out the templates of its dependencies.
  std::vector<ChartFile> templates;
  /// Of its other files those that hold an action ("{{"): a template may render them (tpl).
  std::vector<ChartFile> files;
  std::vector<std::string> dependencies;  ///< names of the charts that it carries
};

struct Hook {
  std::string name, kind, path;
  std::vector<std::string> events;  ///< "pre-upgrade", "post-rollback", …
  std::int64_t weight = 0;
  std::string manifest;  ///< one YAML document
};

/// One revision. Holds the user's values and the whole manifest: never goes into Facts, a snapshot
/// or an output.
struct ReleaseRecord {
  std::string name, name_space;
  std::int64_t revision = 0;
  Status status = Status::Unknown;  ///< of the payload, which is what Helm's lock reads
  std::optional<Time> first_deployed, last_deployed;
  std::string description;
  std::string notes;  ///< NOTES.txt as rendered: may hold secrets, is only ever compared
  ChartInfo chart;
  std::string user_values_json;  ///< config, as JSON text ("{}" when absent)
  std::string manifest;          ///< the rendered YAML documents
  std::vector<Hook> hooks;
  std::string apply_method;      ///< "ssa", "csa" or ""
  std::size_t encoded_size = 0;  ///< bytes of the record as stored (base64 of gzip)
  bool partial = false;          ///< of the chart only its names are known, and no notes
};

/// The `data.release` of a Secret as the API gives it: base64(base64(gzip(JSON))); gzip is
/// optional. Bounded: 64 MiB inflated.
Result<ReleaseRecord> DecodeSecretRelease(std::string_view data_release);
/// The `data.release` of a ConfigMap: one base64 less.
Result<ReleaseRecord> DecodeConfigMapRelease(std::string_view data_release);
/// A whole Secret or ConfigMap object as JSON, as GET gives it.
Result<ReleaseRecord> DecodeReleaseObject(std::string_view object_json);
/// The release as `helm upgrade --dry-run=server -o json` prints it; lines before the JSON are
/// skipped. A buffer with some room behind its end is parsed in place.
Result<ReleaseRecord> DecodeReleaseJson(const std::string& text);
/// What `helm template` prints, as a record of which only manifest and hooks are known: a document
/// with the annotation helm.sh/hook is a hook.
ReleaseRecord FromRenderedText(std::string name, std::string name_space, std::string_view text);
/// Bytes that a record would take as stored: gzip and base64 of its JSON; a little more than what
/// Helm makes of it with its best compression.
std::size_t EncodedSizeOf(std::string_view release_json);

}  // namespace datafly::release

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/gather/gather.h"
#include "common/io/helm/helm_program.h"
#include "common/io/system/temporary_folder.h"

namespace datafly::operations {

/// The chart of one operation: fetched once, so that what is judged and shown is what is applied,
/// whatever its source offers by then. The files that its values come from are watched with it.
class PinnedChart {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  PinnedChart() = default;

  /// Turns `request` to the very chart: one from a registry or repository is pulled by helm into a
  /// folder of ours (request.chart is that file then, shown_chart what was given); a file or folder
  /// stays where it is. Errors: helm's words, where it cannot be had; interrupted.
  static Result<PinnedChart> Pin(gather::Io& io, helm::RenderRequest& request,
                                 const Environment& environment);

  /// "sha256:…" of the archive, or of a folder's files.
  [[nodiscard]] const std::string& digest() const { return digest_; }
  /// Whether it still is what it was, and the files of values are: what is the user's may have been
  /// changed. Error: Conflict.
  [[nodiscard]] Result<void> CheckUnchanged(const FileSystem& files) const;

 private:
  TemporaryFolder folder_;
  std::string path_, digest_;
  std::vector<std::pair<std::string, std::string>> values_;  ///< files of values: path, digest
};

/// "sha256:…" of a chart's archive, or of what a folder holds: paths and contents.
Result<std::string> DigestOfChart(const FileSystem& files, const std::string& path);

}  // namespace datafly::operations

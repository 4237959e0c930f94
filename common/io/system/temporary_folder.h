#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/io/system/system.h"

namespace datafly {

/// A folder of our own under TMPDIR (/tmp without one), mode 0700, that goes away with everything
/// in it. A killed process leaves it behind.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> Make(const Environment& environment);
  TemporaryFolder() = default;  ///< none
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  ~TemporaryFolder() { Remove(); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  void Remove() noexcept;
  std::string path_;
};

std::string AbsolutePath(const std::string& path);
bool IsFolder(const std::string& path);
/// Whether a file of this path, which need not exist yet, would lie in the folder; links are
/// followed.
bool IsBelow(const std::string& path, const std::string& folder);

/// The regular files below a folder, by their path from it, sorted. Links are followed, as
/// Helm's loader does; what begins with ".git" is no chart's. Errors: it cannot be read; more than
/// `most` files.
Result<std::vector<std::string>> FilesBelow(const std::string& folder, std::size_t most);

}  // namespace datafly

#include "common/io/system/temporary_folder.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "common/core/base/text.h"

namespace datafly {
namespace {

namespace fs = std::filesystem;

Error CannotRead(const std::string& folder, const std::error_code& code) {
  return Error::FromErrno("read " + EscapeForTerminal(folder), code.value());
}

}  // namespace

Result<TemporaryFolder> TemporaryFolder::Make(const Environment& environment) {
  std::string parent = environment.Get("TMPDIR").value_or("");
  if (parent.empty()) parent = "/tmp";
  std::string path = parent + "/helm-signal.XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)  // mode 0700 by POSIX
    return Fail(Error::FromErrno("make a folder in " + EscapeForTerminal(parent), errno));
  return TemporaryFolder(std::move(path));
}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  if (this != &other) {
    Remove();
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

void TemporaryFolder::Remove() noexcept {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  path_.clear();
}

std::string AbsolutePath(const std::string& path) {
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code);
  return code ? path : absolute.lexically_normal().string();
}

bool IsFolder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool IsBelow(const std::string& path, const std::string& folder) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(AbsolutePath(path), ignored);
  const fs::path outer = fs::weakly_canonical(AbsolutePath(folder), ignored);
  const fs::path relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

Result<std::vector<std::string>> FilesBelow(const std::string& folder, std::size_t most) {
  std::vector<std::string> files;
  std::error_code code;
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink,
                                      code);
  for (; !code && at != fs::recursive_directory_iterator(); at.increment(code)) {
    if (at->path().filename().string().starts_with(".git")) {
      at.disable_recursion_pending();
      continue;
    }
    // A link that leads nowhere, or round in a circle, is no file.
    std::error_code ignored;
    if (!at->is_regular_file(ignored)) continue;
    if (files.size() == most)
      return Fail(Error::TooLarge(
          fmt::format("{} holds more than {} files", EscapeForTerminal(folder), most)));
    files.push_back(at->path().lexically_relative(folder).string());
  }
  if (code) return Fail(CannotRead(folder, code));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace datafly

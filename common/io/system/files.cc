#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "common/core/base/text.h"
#include "common/io/system/system.h"
#include "common/io/system/unique_fd.h"

namespace datafly {
namespace {

constexpr std::size_t kChunk = 64U << 10U;

std::string Action(std::string_view verb, const std::string& path) {
  return fmt::format("{} {}", verb, EscapeForTerminal(path));
}

/// Opens without waiting: a FIFO without a writer would block open(2) for ever.
Result<UniqueFd> OpenForRead(const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    return Fail(Error::InvalidInput("a file name holds a NUL byte"));
  }
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return Fail(Error::FromErrno(Action("open", path), errno));
  return UniqueFd(fd);
}

/// Regular files only (and /dev/null, which kubectl takes as an empty kubeconfig): all else may
/// never end.
Result<void> CheckReadable(const std::string& path, int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return Fail(Error::FromErrno(Action("stat", path), errno));
  if (S_ISREG(info.st_mode) || path == "/dev/null") return {};
  if (S_ISDIR(info.st_mode)) return Fail(Error::FromErrno(Action("read", path), EISDIR));
  return Fail(
      Error::InvalidInput(fmt::format("read {}: not a regular file", EscapeForTerminal(path))));
}

bool IsRetry(int error_number) { return error_number == EINTR; }

Result<std::string> ReadAll(const std::string& path, int fd, std::size_t max_bytes) {
  std::string bytes;
  while (true) {
    std::size_t old_size = bytes.size();
    std::size_t room = std::min(kChunk, max_bytes - old_size + 1);
    bytes.resize(old_size + room);
    ssize_t got = ::read(fd, bytes.data() + old_size, room);
    bytes.resize(old_size + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return bytes;
    if (got < 0 && !IsRetry(errno)) return Fail(Error::FromErrno(Action("read", path), errno));
    if (bytes.size() > max_bytes) {
      return Fail(Error::TooLarge(
          fmt::format("{} is larger than {} bytes", EscapeForTerminal(path), max_bytes)));
    }
  }
}

Result<void> WriteAll(const std::string& path, int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && IsRetry(errno)) continue;
    if (put < 0) return Fail(Error::FromErrno(Action("write", path), errno));
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

/// A file beside the target that goes away unless it was renamed over it.
class TemporaryFile {
 public:
  static Result<TemporaryFile> Beside(const std::string& path) {
    std::string name = path + ".XXXXXX";
    int fd = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600 by POSIX
    if (fd < 0) return Fail(Error::FromErrno(Action("write", path), errno));
    return TemporaryFile(std::move(name), UniqueFd(fd));
  }
  TemporaryFile(TemporaryFile&& other) noexcept
      : name_(std::exchange(other.name_, {})), fd_(std::move(other.fd_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  [[nodiscard]] int fd() const { return fd_.get(); }
  Result<void> RenameTo(const std::string& path) {
    if (::fsync(fd_.get()) != 0) return Fail(Error::FromErrno(Action("fsync", path), errno));
    if (::rename(name_.c_str(), path.c_str()) != 0) {
      return Fail(Error::FromErrno(Action("rename to", path), errno));
    }
    name_.clear();
    return {};
  }

 private:
  TemporaryFile(std::string name, UniqueFd fd) : name_(std::move(name)), fd_(std::move(fd)) {}
  std::string name_;  ///< empty: nothing to remove
  UniqueFd fd_;
};

/// A device (/dev/null, /dev/stdout on a terminal), a pipe or a FIFO takes the bytes itself:
/// renaming over it would put a file in its place, for everyone. Without a reader a FIFO says ENXIO
/// instead of blocking open(2) for ever.
Result<void> WriteInto(const std::string& path, std::string_view bytes) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (fd.get() < 0) return Fail(Error::FromErrno(Action("write", path), errno));
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) {
    return Fail(Error::FromErrno(Action("write", path), errno));
  }
  return WriteAll(path, fd.get(), bytes);
}

/// What a chain of links ends at, so that the file behind them is replaced and the links stay; the
/// path itself where nothing is there yet.
Result<std::string> BehindLinks(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0 || !S_ISLNK(info.st_mode)) return path;
  const std::unique_ptr<char, decltype(&::free)> real(::realpath(path.c_str(), nullptr), &::free);
  if (real == nullptr) return Fail(Error::FromErrno(Action("write", path), errno));
  return std::string(real.get());
}

bool TakesBytesItself(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

class DiskFileSystem final : public FileSystem {
 public:
  [[nodiscard]] Result<std::string> Read(const std::string& path,
                                         std::size_t max_bytes) const override {
    ASSIGN_OR_RETURN(UniqueFd fd, OpenForRead(path));
    TRY(CheckReadable(path, fd.get()));
    return ReadAll(path, fd.get(), max_bytes);
  }

  [[nodiscard]] Result<void> WritePrivate(const std::string& path,
                                          std::string_view bytes) override {
    if (TakesBytesItself(path)) return WriteInto(path, bytes);
    ASSIGN_OR_RETURN(const std::string target, BehindLinks(path));
    ASSIGN_OR_RETURN(TemporaryFile file, TemporaryFile::Beside(target));
    TRY(WriteAll(path, file.fd(), bytes));
    return file.RenameTo(target);
  }

  [[nodiscard]] bool Exists(const std::string& path) const override {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0;
  }
};

}  // namespace

std::unique_ptr<FileSystem> RealFileSystem() { return std::make_unique<DiskFileSystem>(); }

}  // namespace datafly

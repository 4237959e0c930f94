#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/core/base/time.h"
#include "common/io/loop/loop.h"

/// The operating system as interfaces, with in-memory fakes in fakes.h: no test touches the real HOME, clock or processes.
namespace datafly {

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time Now() const = 0;
};

class Environment {
 public:
  virtual ~Environment() = default;
  /// Unset and empty are told apart.
  [[nodiscard]] virtual std::optional<std::string> Get(const std::string& name) const = 0;
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> All() const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// Whole file; longer than `max_bytes` is Error::TooLarge. A directory or a FIFO is an error, not a hang.
  [[nodiscard]] virtual Result<std::string> Read(const std::string& path, std::size_t max_bytes) const = 0;
  /// Atomically (temporary name, fsync, rename), mode 0600.
  [[nodiscard]] virtual Result<void> WritePrivate(const std::string& path, std::string_view bytes) = 0;
  [[nodiscard]] virtual bool Exists(const std::string& path) const = 0;
};

struct Command {
  std::vector<std::string> argv;                        ///< argv[0] is looked up in PATH when it has no slash
  std::vector<std::pair<std::string, std::string>> env; ///< set on top of ours
  std::string stdin_bytes;                              ///< sent and closed; "" with inherit_stdin false = /dev/null
  bool inherit_stdin = false;
  bool inherit_stderr = false;                          ///< else captured (bounded)
  Millis timeout{60000};                                ///< then SIGTERM, 2 s later SIGKILL, of the whole process group
  std::size_t max_output = 64U << 20U;
};
struct CommandOutput {
  int exit_code = 0;        ///< 128 + signal when killed
  std::string out;
  std::string err;
};

/// Runs children in their own process group, from the loop, no shell. Missing program: Error::NotFound.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  virtual Pending<CommandOutput> Start(Command command) = 0;
};

std::unique_ptr<Clock> RealClock();
std::unique_ptr<Environment> RealEnvironment();
std::unique_ptr<FileSystem> RealFileSystem();
std::unique_ptr<ProcessRunner> RealProcessRunner(Loop& loop);

}  // namespace datafly

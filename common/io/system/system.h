#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/core/base/time.h"
#include "common/io/loop/loop.h"

/// The operating system as interfaces, with in-memory fakes in fakes.h: no test touches the real
/// HOME, clock or processes.
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
  /// Whole file; longer than `max_bytes` is Error::TooLarge. A directory or a FIFO is an error, not
  /// a hang.
  [[nodiscard]] virtual Result<std::string> Read(const std::string& path,
                                                 std::size_t max_bytes) const = 0;
  /// Atomically (temporary name, fsync, rename), mode 0600.
  [[nodiscard]] virtual Result<void> WritePrivate(const std::string& path,
                                                  std::string_view bytes) = 0;
  [[nodiscard]] virtual bool Exists(const std::string& path) const = 0;
};

struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH when it has no slash
  std::vector<std::pair<std::string, std::string>> env;  ///< set on top of ours
  std::string stdin_bytes;  ///< sent and closed; "" with inherit_stdin false = /dev/null
  /// The child reads our terminal, and so stays in our process group (a background group would be
  /// stopped by SIGTTIN); Ctrl-C reaches it by itself.
  bool inherit_stdin = false;
  bool inherit_stderr = false;  ///< else captured (bounded)
  /// SIGTERM for the child when we die, however that happens (Linux: PR_SET_PDEATHSIG).
  bool ends_with_us = false;
  std::function<void(std::int64_t pid)> on_started;  ///< may be empty
  Millis timeout{
      60000};  ///< then SIGTERM, 2 s later SIGKILL, of the whole process group; Error::TimedOut
  std::size_t max_output =
      64U
      << 20U;  ///< of stdout; more ends the child: Error::TooLarge. stderr keeps its last 64 KiB
};
struct CommandOutput {
  int exit_code = 0;  ///< 128 + signal when killed
  std::string out;
  std::string err;
};

/// Runs children in their own process group, from the loop, no shell. Missing program:
/// Error::NotFound.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  virtual Pending<CommandOutput> Start(Command command) = 0;
  /// The same, at once and to its end, without turning the shared loop: for the few places that may
  /// stand inside a callback (credential plugins). Error::Interrupted when the shared loop is
  /// interrupted meanwhile (the child is then ended).
  virtual Result<CommandOutput> RunToEnd(Command command) = 0;
};

/// What code below the command line may ask of the machine, by reference.
struct System {
  FileSystem& files;
  const Environment& environment;
  const Clock& clock;
  ProcessRunner& processes;
  Loop& loop;
};

std::unique_ptr<Clock> RealClock();
std::unique_ptr<Environment> RealEnvironment();
std::unique_ptr<FileSystem> RealFileSystem();
std::unique_ptr<ProcessRunner> RealProcessRunner(Loop& loop);

}  // namespace datafly

#include "common/io/system/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "common/core/base/text.h"

extern "C" char** environ;

namespace datafly {
namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> MakePipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return Fail(Error::FromErrno("pipe", errno));
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

/// Only our end: the child's end is its ordinary blocking stdin or stdout.
void SetNonBlocking(const UniqueFd& fd) {
  int flags = ::fcntl(fd.get(), F_GETFL);
  ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK);
}

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  void Duplicate(const UniqueFd& from, int to) {
    ::posix_spawn_file_actions_adddup2(&actions_, from.get(), to);
  }
  void OpenNull(int to) {
    ::posix_spawn_file_actions_addopen(&actions_, to, "/dev/null", O_RDONLY, 0);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class SpawnAttributes {
 public:
  explicit SpawnAttributes(bool own_group) {
    ::posix_spawnattr_init(&attributes_);
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    if (own_group) {
      flags = static_cast<short>(flags | POSIX_SPAWN_SETPGROUP);
      ::posix_spawnattr_setpgroup(&attributes_, 0);
    }
    ::posix_spawnattr_setflags(&attributes_, flags);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// Ours, with the command's variables put over it.
std::vector<std::string> MergedEnvironment(const Command& command) {
  std::map<std::string, std::string, std::less<>> added(command.env.begin(), command.env.end());
  for (const auto& [name, value] : command.env) added[name] = value;  // the last one wins
  std::vector<std::string> merged;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text(*entry);
    if (!added.contains(text.substr(0, text.find('=')))) merged.emplace_back(text);
  }
  for (const auto& [name, value] : added) merged.push_back(fmt::format("{}={}", name, value));
  return merged;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (auto& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool HoldsNul(const std::string& text) { return text.find('\0') != std::string::npos; }

Result<void> CheckArguments(const Command& command) {
  if (command.argv.empty() || command.argv[0].empty()) {
    return Fail(Error::InvalidInput("no program to run"));
  }
  bool nul = std::any_of(command.argv.begin(), command.argv.end(), HoldsNul);
  for (const auto& [name, value] : command.env) {
    nul = nul || HoldsNul(name) || HoldsNul(value);
    if (name.empty() || name.find('=') != std::string::npos) {
      return Fail(Error::InvalidInput("an environment variable has no usable name"));
    }
  }
  if (nul) return Fail(Error::InvalidInput("an argument or variable holds a NUL byte"));
  return {};
}

Error SpawnError(const std::string& program, int error_number) {
  if (error_number == ENOENT) {
    return Error::NotFound(fmt::format("executable {} not found", program));
  }
  return Error::FromErrno(fmt::format("cannot run {}", program), error_number);
}

UniqueFd OpenPidFd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

/// The child's ends of the pipes; closed on our side once the child runs.
struct ChildEnds {
  UniqueFd in;
  UniqueFd out;
  UniqueFd err;
};

Result<ChildEnds> ConnectStreams(const Command& command, FileActions& actions,
                                 SpawnedChild& child) {
  ChildEnds ends;
  if (!command.stdin_bytes.empty()) {
    ASSIGN_OR_RETURN(Pipe in, MakePipe());
    actions.Duplicate(in.read, STDIN_FILENO);
    child.stdin_fd = std::move(in.write);
    ends.in = std::move(in.read);
    SetNonBlocking(child.stdin_fd);
  } else if (!command.inherit_stdin) {
    actions.OpenNull(STDIN_FILENO);
    if (command.ends_with_us) ends.in = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  ASSIGN_OR_RETURN(Pipe out, MakePipe());
  actions.Duplicate(out.write, STDOUT_FILENO);
  child.stdout_fd = std::move(out.read);
  ends.out = std::move(out.write);
  SetNonBlocking(child.stdout_fd);
  if (!command.inherit_stderr) {
    ASSIGN_OR_RETURN(Pipe err, MakePipe());
    actions.Duplicate(err.write, STDERR_FILENO);
    child.stderr_fd = std::move(err.read);
    ends.err = std::move(err.write);
    SetNonBlocking(child.stderr_fd);
  }
  return ends;
}

/// What the child does between fork and exec: only what is safe in a signal handler. Never returns.
[[noreturn]] void BecomeProgram(const ChildEnds& ends, pid_t parent, bool own_group, int report,
                                char** argv, char** envp) {
  if (own_group) ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);  // it died before it could take us along
  struct sigaction by_default {};
  by_default.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &by_default, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (ends.in.valid()) ::dup2(ends.in.get(), STDIN_FILENO);
  ::dup2(ends.out.get(), STDOUT_FILENO);
  if (ends.err.valid()) ::dup2(ends.err.get(), STDERR_FILENO);
  ::execvpe(argv[0], argv, envp);
  const int failed = errno;
  static_cast<void>(::write(report, &failed, sizeof failed) + 1);
  ::_exit(127);
}

/// posix_spawn cannot ask for a signal at our death. Returns errno of what failed, or 0.
Result<int> ForkEndingWithUs(ChildEnds& ends, SpawnedChild& child, char** argv, char** envp) {
  ASSIGN_OR_RETURN(Pipe report, MakePipe());
  const pid_t parent = ::getpid();
  child.pid = ::fork();
  if (child.pid < 0) return errno;
  if (child.pid == 0) BecomeProgram(ends, parent, child.own_group, report.write.get(), argv, envp);
  report.write.Reset();
  // Both sides set it, so that it holds whoever runs first.
  if (child.own_group) ::setpgid(child.pid, child.pid);
  int failed = 0;
  ssize_t got = -1;
  do {
    got = ::read(report.read.get(), &failed, sizeof failed);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof failed)) return 0;  // exec closed it
  ::waitpid(child.pid, nullptr, 0);
  return failed;
}

}  // namespace

Result<SpawnedChild> Spawn(const Command& command) {
  TRY(CheckArguments(command));
  SpawnedChild child;
  child.own_group = !command.inherit_stdin;
  FileActions actions;
  ASSIGN_OR_RETURN(ChildEnds ends, ConnectStreams(command, actions, child));
  SpawnAttributes attributes(child.own_group);
  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> variables = MergedEnvironment(command);
  std::vector<char*> argv = Pointers(arguments);
  std::vector<char*> envp = Pointers(variables);
  int failed = 0;
  if (command.ends_with_us) {
    ASSIGN_OR_RETURN(failed, ForkEndingWithUs(ends, child, argv.data(), envp.data()));
  } else {
    failed = ::posix_spawnp(&child.pid, argv[0], actions.get(), attributes.get(), argv.data(),
                            envp.data());
  }
  if (failed != 0) return Fail(SpawnError(EscapeForTerminal(command.argv[0]), failed));
  child.pid_fd = OpenPidFd(child.pid);
  return child;
}

ssize_t WriteWithoutSigpipe(int fd, const char* data, std::size_t size) {
  sigset_t pipe_signal;
  sigset_t old_mask;
  sigset_t pending;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::sigpending(&pending);
  bool was_pending = ::sigismember(&pending, SIGPIPE) == 1;
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &old_mask);
  ssize_t put = -1;
  do {
    put = ::write(fd, data, size);
  } while (put < 0 && errno == EINTR);
  int error_number = errno;
  if (put < 0 && error_number == EPIPE && !was_pending) {
    timespec no_wait{};
    ::sigtimedwait(&pipe_signal, nullptr, &no_wait);  // takes back the one that we caused
  }
  ::pthread_sigmask(SIG_SETMASK, &old_mask, nullptr);
  errno = error_number;
  return put;
}

}  // namespace datafly

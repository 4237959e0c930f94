#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "common/core/base/text.h"
#include "common/io/system/spawn.h"
#include "common/io/system/system.h"

namespace datafly {
namespace {

constexpr Millis kGrace{2000};  ///< between SIGTERM and SIGKILL
constexpr Millis kReapInterval{
    10};  ///< without pidfd: how often we look whether the child has ended
constexpr Millis kInterruptCheck{
    100};  ///< RunToEnd: how soon it sees an interrupt of the shared loop
constexpr std::size_t kStderrTail = 64U << 10U;

/// Sends to the whole group where the child has one. A pid that we have not yet waited for cannot
/// have been given to someone else.
void SendSignal(const SpawnedChild& child, int signal_number) {
  ::kill(child.own_group ? -child.pid : child.pid, signal_number);
}

int ExitCode(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return 128 + (WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/// One child from its start to its end, as a small state machine on the loop, kept alive by its
/// watches. Whoever drops the Pending ends the child: SIGTERM at once, SIGKILL after the grace; it
/// is always waited for, so that no zombie stays.
class RunningChild : public std::enable_shared_from_this<RunningChild> {
 public:
  RunningChild(Loop& loop, Command command, SpawnedChild child)
      : loop_(loop), command_(std::move(command)), child_(std::move(child)) {}
  RunningChild(const RunningChild&) = delete;
  RunningChild& operator=(const RunningChild&) = delete;
  ~RunningChild() { EndNow(); }

  Pending<CommandOutput> Begin() {
    auto self = shared_from_this();
    state_->SetCancel([weak = weak_from_this()] {
      if (auto child = weak.lock()) child->Terminate();
    });
    WatchStreams(self);
    WatchEnd(self);
    timer_ = loop_.AddTimer(loop_.Now() + command_.timeout, [self] { self->OnTimeout(); });
    return Pending<CommandOutput>(state_);
  }

 private:
  void WatchStreams(const std::shared_ptr<RunningChild>& self) {
    loop_.WatchFd(child_.stdout_fd.get(), POLLIN, [self](short) { self->ReadStdout(); });
    if (child_.stderr_fd.valid()) {
      loop_.WatchFd(child_.stderr_fd.get(), POLLIN, [self](short) { self->ReadStderr(); });
    }
    if (child_.stdin_fd.valid()) {
      loop_.WatchFd(child_.stdin_fd.get(), POLLOUT, [self](short) { self->WriteStdin(); });
    }
  }

  void WatchEnd(const std::shared_ptr<RunningChild>& self) {
    if (child_.pid_fd.valid()) {
      loop_.WatchFd(child_.pid_fd.get(), POLLIN, [self](short) { self->Reap(); });
    } else {
      reap_timer_ = loop_.AddTimer(loop_.Now() + kReapInterval, [self] {
        self->reap_timer_ = 0;
        if (!self->Reap()) self->WatchEnd(self);
      });
    }
  }

  void Close(UniqueFd& fd) {
    if (!fd.valid()) return;
    loop_.WatchFd(fd.get(), 0, {});
    fd.Reset();
  }

  /// Takes what is there; closes the stream at its end.
  void Drain(UniqueFd& fd, const std::function<bool(std::string_view)>& take) {
    std::array<char, 16384> chunk{};
    while (fd.valid()) {
      ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) return Close(fd);
      if (!take(std::string_view(chunk.data(), static_cast<std::size_t>(got)))) return;
    }
  }

  void ReadStdout() {
    auto self = shared_from_this();
    Drain(child_.stdout_fd, [this](std::string_view bytes) {
      if (failure_) return true;  // no longer wanted, but the child must not block on a full pipe
      output_.out.append(bytes);
      if (output_.out.size() <= command_.max_output) return true;
      failure_ = Error::TooLarge(
          fmt::format("{} wrote more than {} bytes to its output", Name(), command_.max_output));
      output_.out.clear();
      Terminate();
      return true;
    });
  }

  void ReadStderr() {
    auto self = shared_from_this();
    Drain(child_.stderr_fd, [this](std::string_view bytes) {
      output_.err.append(bytes);
      if (output_.err.size() > 2 * kStderrTail) {
        output_.err.erase(0, output_.err.size() - kStderrTail);
      }
      return true;
    });
  }

  void WriteStdin() {
    auto self = shared_from_this();
    std::string_view rest = std::string_view(command_.stdin_bytes).substr(stdin_sent_);
    ssize_t put =
        rest.empty() ? 0 : WriteWithoutSigpipe(child_.stdin_fd.get(), rest.data(), rest.size());
    if (put < 0 && errno == EAGAIN) return;
    if (put > 0) stdin_sent_ += static_cast<std::size_t>(put);
    // A child that does not want its input (EPIPE) is no error of ours.
    if (put < 0 || stdin_sent_ == command_.stdin_bytes.size()) Close(child_.stdin_fd);
  }

  bool Reap() {
    auto self = shared_from_this();
    int status = 0;
    pid_t got = ::waitpid(child_.pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) return false;
    reaped_ = true;
    if (got < 0 && !failure_) failure_ = Error::Internal("the exit code of a child was lost");
    output_.exit_code = ExitCode(status);
    Finish();
    return true;
  }

  /// What the child itself wrote is in the pipes now; a background process that holds them open is
  /// not waited for.
  void Finish() {
    ReadStdout();
    ReadStderr();
    if (output_.err.size() > kStderrTail) output_.err.erase(0, output_.err.size() - kStderrTail);
    Close(child_.stdin_fd);
    Close(child_.stdout_fd);
    Close(child_.stderr_fd);
    Close(child_.pid_fd);
    loop_.CancelTimer(timer_);
    loop_.CancelTimer(reap_timer_);
    if (failure_) {
      state_->Resolve(Fail(std::move(*failure_)));
    } else {
      state_->Resolve(std::move(output_));
    }
  }

  [[nodiscard]] std::string Name() const { return EscapeForTerminal(command_.argv[0]); }

  void OnTimeout() {
    failure_ = Error::TimedOut(
        fmt::format("{} did not end within {}", Name(), FormatDuration(command_.timeout)));
    Terminate();
  }

  void Terminate() {
    if (reaped_ || terminating_) return;
    terminating_ = true;
    SendSignal(child_, SIGTERM);
    loop_.CancelTimer(timer_);
    timer_ = loop_.AddTimer(loop_.Now() + kGrace, [self = shared_from_this()] {
      if (!self->reaped_) SendSignal(self->child_, SIGKILL);
    });
  }

  /// The loop goes away before the child did: the last chance to leave nothing behind. Bounded by
  /// the grace.
  void EndNow() {
    if (reaped_ || child_.pid <= 0) return;
    SendSignal(child_, SIGTERM);
    if (child_.pid_fd.valid()) {
      pollfd ended{child_.pid_fd.get(), POLLIN, 0};
      ::poll(&ended, 1, static_cast<int>(kGrace.count()));
    }
    SendSignal(child_, SIGKILL);
    while (::waitpid(child_.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  Loop& loop_;
  Command command_;
  SpawnedChild child_;
  std::shared_ptr<PendingState<CommandOutput>> state_ =
      std::make_shared<PendingState<CommandOutput>>();
  CommandOutput output_;
  std::optional<Error> failure_;
  std::size_t stdin_sent_ = 0;
  Loop::TimerId timer_ = 0;
  Loop::TimerId reap_timer_ = 0;
  bool terminating_ = false;
  bool reaped_ = false;
};

class OsProcessRunner final : public ProcessRunner {
 public:
  explicit OsProcessRunner(Loop& loop) : loop_(loop) {}

  Pending<CommandOutput> Start(Command command) override {
    return StartOn(loop_, std::move(command));
  }

  Result<CommandOutput> RunToEnd(Command command) override {
    Loop own_loop;
    Pending<CommandOutput> output = StartOn(own_loop, std::move(command));
    while (!output.Done()) {
      if (loop_.interrupted()) return Fail(Error::Interrupted());
      TRY(own_loop.Wait(own_loop.Now() + kInterruptCheck, output));
    }
    return output.Take();
  }

 private:
  static Pending<CommandOutput> StartOn(Loop& loop, Command command) {
    auto spawned = Spawn(command);
    if (!spawned) return Pending<CommandOutput>::Of(Fail(std::move(spawned.error())));
    const std::int64_t pid = spawned->pid;
    const auto on_started = command.on_started;
    auto running =
        std::make_shared<RunningChild>(loop, std::move(command), std::move(*spawned))->Begin();
    if (on_started) on_started(pid);
    return running;
  }

  Loop& loop_;
};

}  // namespace

std::unique_ptr<ProcessRunner> RealProcessRunner(Loop& loop) {
  return std::make_unique<OsProcessRunner>(loop);
}

}  // namespace datafly

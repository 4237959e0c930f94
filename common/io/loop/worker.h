#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace datafly {

/// A self-pipe: Wake() may be called from a signal handler or another thread; the reading end
/// becomes readable.
class WakePipe {
 public:
  WakePipe();
  ~WakePipe();
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;

  void Wake() const noexcept;
  void Drain() const noexcept;
  [[nodiscard]] int read_fd() const { return read_fd_; }

 private:
  int read_fd_ = -1;
  int write_fd_ = -1;
};

/// One thread for libraries that block, started with the first job. Jobs run in order. Destroying a
/// Worker whose job is stuck does not wait for it: the thread is detached and holds on to the
/// little that it shares (queue and pipe).
class Worker {
 public:
  explicit Worker(std::shared_ptr<WakePipe> pipe);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Runs `job` on the worker's thread; afterwards its id turns up in TakeFinished() and the pipe
  /// is woken.
  void Post(std::uint64_t id, std::function<void()> job);
  [[nodiscard]] std::vector<std::uint64_t> TakeFinished();

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::pair<std::uint64_t, std::function<void()>>> jobs;
    std::vector<std::uint64_t> finished;
    bool stopping = false;
    bool busy = false;
    std::shared_ptr<WakePipe> pipe;
  };
  static void Run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace datafly

#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "common/core/base/result.h"
#include "common/core/base/time.h"
#include "common/io/loop/pending.h"

namespace datafly {

/// Monotonic time, for deadlines only.
using Instant = std::chrono::steady_clock::time_point;

/// The one event loop of a process: descriptors, timers, an interrupt and a worker for blocking
/// libraries. One thread turns it, only inside Wait; callbacks run on that thread. Not copyable;
/// outlives everything started on it.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Turns until all are done or the deadline has passed; what is late then holds Error::TimedOut
  /// when taken. Fails only with Error::Interrupted.
  template <class... P>
  Result<void> Wait(Instant deadline, const P&... pendings) {
    return RunUntil(deadline, [&] { return (pendings.Done() && ...); });
  }
  template <class T>
  Result<void> WaitAll(Instant deadline, const std::vector<Pending<T>>& pendings) {
    return RunUntil(deadline, [&] {
      for (const auto& p : pendings) {
        if (!p.Done()) return false;
      }
      return true;
    });
  }
  Result<void> RunUntil(Instant deadline, const std::function<bool()>& done);

  /// poll(2) events (POLLIN, POLLOUT); replaces an earlier watch of the same descriptor; 0 removes
  /// it.
  void WatchFd(int fd, short events, std::function<void(short)> on_ready);

  using TimerId = std::uint64_t;
  TimerId AddTimer(Instant when, std::function<void()> on_time);
  void CancelTimer(TimerId id);
  [[nodiscard]] Instant Now() const { return std::chrono::steady_clock::now(); }

  /// Safe from a signal handler: the current and every later Wait fails with Error::Interrupted.
  void Interrupt() noexcept;
  [[nodiscard]] bool interrupted() const;
  /// For who must still write down what it leaves behind: Waits work again, until the next
  /// interrupt. Whether there was one.
  bool TakeInterrupt() noexcept;

  /// Runs `work` on the one worker thread, values in and values out; the work must have a deadline
  /// of its own, since cancelling only forgets it.
  template <class T>
  Pending<T> RunBlocking(std::function<Result<T>()> work) {
    auto state = std::make_shared<PendingState<T>>();
    auto slot = std::make_shared<std::optional<Result<T>>>();
    Post([slot, work = std::move(work)] { slot->emplace(work()); },
         [slot, state] { state->Resolve(std::move(**slot)); });
    return Pending<T>(std::move(state));
  }

 private:
  void Post(std::function<void()> on_worker, std::function<void()> on_loop);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace datafly

#include "common/io/loop/loop.h"

#include <poll.h>

#include <atomic>
#include <map>
#include <unordered_map>

#include "common/io/loop/worker.h"

namespace datafly {

namespace {

/// How long one poll may last at most; a bound so that a lost wake-up costs a second, not a hang.
constexpr std::chrono::milliseconds kLongestPoll{1000};

}  // namespace

struct Loop::Impl {
  struct Watch {
    short events = 0;
    std::uint64_t generation = 0;  ///< tells a new watch from an older one of the same number
    std::shared_ptr<std::function<void(short)>> on_ready;
  };

  std::shared_ptr<WakePipe> pipe = std::make_shared<WakePipe>();
  std::atomic<bool> interrupted{false};
  std::map<int, Watch> watches;
  std::map<std::pair<Instant, TimerId>, std::function<void()>> timers;
  std::unordered_map<TimerId, Instant> timer_times;
  std::unordered_map<std::uint64_t, std::function<void()>> on_job_done;
  std::uint64_t last_id = 0;
  std::unique_ptr<Worker> worker;

  void Turn(Instant until);
  void Poll(std::chrono::milliseconds timeout);
  void RunDueTimers();
  void RunFinishedJobs();
  [[nodiscard]] std::chrono::milliseconds TimeToPoll(Instant until) const;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

std::chrono::milliseconds Loop::Impl::TimeToPoll(Instant until) const {
  Instant next = until;
  if (!timers.empty()) next = std::min(next, timers.begin()->first.first);
  const auto now = std::chrono::steady_clock::now();
  if (next <= now) return std::chrono::milliseconds{0};
  if (next - now > kLongestPoll) return kLongestPoll;
  return std::chrono::ceil<std::chrono::milliseconds>(next - now);
}

void Loop::Impl::Turn(Instant until) {
  Poll(TimeToPoll(until));
  RunFinishedJobs();
  RunDueTimers();
}

void Loop::Impl::Poll(std::chrono::milliseconds timeout) {
  std::vector<pollfd> fds{{pipe->read_fd(), POLLIN, 0}};
  std::vector<std::uint64_t> generations{0};
  for (const auto& [fd, watch] : watches) {
    fds.push_back({fd, watch.events, 0});
    generations.push_back(watch.generation);
  }
  if (poll(fds.data(), fds.size(), static_cast<int>(timeout.count())) <= 0) return;
  if (fds[0].revents != 0) pipe->Drain();
  for (std::size_t i = 1; i < fds.size(); ++i) {
    if (fds[i].revents == 0) continue;
    // An earlier callback may have removed or replaced this watch.
    const auto found = watches.find(fds[i].fd);
    if (found == watches.end() || found->second.generation != generations[i]) continue;
    const auto on_ready = found->second.on_ready;
    (*on_ready)(fds[i].revents);
  }
}

void Loop::Impl::RunDueTimers() {
  // Timers that callbacks add for "now" wait for the next turn, so that descriptors get theirs too.
  const auto now = std::chrono::steady_clock::now();
  const TimerId newest = last_id;
  while (!timers.empty() && timers.begin()->first.first <= now &&
         timers.begin()->first.second <= newest) {
    auto node = timers.extract(timers.begin());
    timer_times.erase(node.key().second);
    node.mapped()();
  }
}

void Loop::Impl::RunFinishedJobs() {
  if (!worker) return;
  for (const auto id : worker->TakeFinished()) {
    auto node = on_job_done.extract(id);
    if (!node.empty()) node.mapped()();
  }
}

Result<void> Loop::RunUntil(Instant deadline, const std::function<bool()>& done) {
  while (true) {
    if (interrupted()) return Fail(Error::Interrupted());
    if (done()) return {};
    const bool late = Now() >= deadline;
    impl_->Turn(late ? Now() : deadline);
    if (late) return {};
  }
}

void Loop::WatchFd(int fd, short events, std::function<void(short)> on_ready) {
  if (events == 0) {
    impl_->watches.erase(fd);
    return;
  }
  impl_->watches[fd] = {events, ++impl_->last_id,
                        std::make_shared<std::function<void(short)>>(std::move(on_ready))};
}

Loop::TimerId Loop::AddTimer(Instant when, std::function<void()> on_time) {
  const TimerId id = ++impl_->last_id;
  impl_->timers.emplace(std::make_pair(when, id), std::move(on_time));
  impl_->timer_times.emplace(id, when);
  return id;
}

void Loop::CancelTimer(TimerId id) {
  const auto found = impl_->timer_times.find(id);
  if (found == impl_->timer_times.end()) return;
  impl_->timers.erase({found->second, id});
  impl_->timer_times.erase(found);
}

void Loop::Interrupt() noexcept {
  impl_->interrupted.store(true);
  impl_->pipe->Wake();
}

bool Loop::interrupted() const { return impl_->interrupted.load(); }

bool Loop::TakeInterrupt() noexcept { return impl_->interrupted.exchange(false); }

void Loop::Post(std::function<void()> on_worker, std::function<void()> on_loop) {
  if (!impl_->worker) impl_->worker = std::make_unique<Worker>(impl_->pipe);
  const auto id = ++impl_->last_id;
  impl_->on_job_done.emplace(id, std::move(on_loop));
  impl_->worker->Post(id, std::move(on_worker));
}

}  // namespace datafly

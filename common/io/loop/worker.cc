#include "common/io/loop/worker.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace datafly {

namespace {

void SetFlags(int fd) {
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_SETFL, O_NONBLOCK);
}

}  // namespace

WakePipe::WakePipe() {
  int ends[2];
  if (pipe(ends) != 0) return;  // Out of descriptors: polling then falls back to its own timeout.
  SetFlags(ends[0]);
  SetFlags(ends[1]);
  read_fd_ = ends[0];
  write_fd_ = ends[1];
}

WakePipe::~WakePipe() {
  if (read_fd_ >= 0) close(read_fd_);
  if (write_fd_ >= 0) close(write_fd_);
}

void WakePipe::Wake() const noexcept {
  const int saved_errno = errno;  // A signal handler must leave errno alone.
  const char byte = 'w';
  // A full pipe is awake already.
  [[maybe_unused]] const auto written = write(write_fd_, &byte, 1);
  errno = saved_errno;
}

void WakePipe::Drain() const noexcept {
  char bytes[64];
  while (read(read_fd_, bytes, sizeof bytes) > 0) {
  }
}

Worker::Worker(std::shared_ptr<WakePipe> pipe) : shared_(std::make_shared<Shared>()) {
  shared_->pipe = std::move(pipe);
  thread_ = std::thread([shared = shared_] { Run(shared); });
}

Worker::~Worker() {
  bool busy = false;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
    shared_->jobs.clear();
    busy = shared_->busy;
  }
  shared_->changed.notify_all();
  if (busy) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

void Worker::Post(std::uint64_t id, std::function<void()> job) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->jobs.emplace_back(id, std::move(job));
  }
  shared_->changed.notify_one();
}

std::vector<std::uint64_t> Worker::TakeFinished() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->finished, {});
}

void Worker::Run(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->stopping || !shared->jobs.empty(); });
    if (shared->stopping) return;
    auto [id, job] = std::move(shared->jobs.front());
    shared->jobs.pop_front();
    shared->busy = true;
    lock.unlock();
    job();
    job = nullptr;  // What the job captured dies here, before the loop hears of it.
    lock.lock();
    shared->busy = false;
    shared->finished.push_back(id);
    shared->pipe->Wake();
  }
}

}  // namespace datafly

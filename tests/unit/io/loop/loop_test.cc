#include "common/io/loop/loop.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

namespace datafly {
namespace {

constexpr std::chrono::seconds kPatience{20};

class Pipe {
 public:
  Pipe() { valid_ = pipe(ends_) == 0; }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] int reader() const { return ends_[0]; }
  void Write() const { EXPECT_EQ(write(ends_[1], "x", 1), 1); }
  void Read() const {
    char byte = 0;
    EXPECT_EQ(read(ends_[0], &byte, 1), 1);
  }

 private:
  int ends_[2] = {-1, -1};
  bool valid_ = false;
};

TEST(Loop, TimersRunInOrderOfTime) {
  Loop loop;
  std::string order;
  const auto now = loop.Now();
  loop.AddTimer(now + Millis(3), [&] { order += 'c'; });
  loop.AddTimer(now + Millis(1), [&] { order += 'a'; });
  loop.AddTimer(now + Millis(1), [&] { order += 'b'; });
  ASSERT_TRUE(loop.RunUntil(now + kPatience, [&] { return order.size() == 3; }).has_value());
  EXPECT_EQ(order, "abc");
}

TEST(Loop, CancelledTimerDoesNotRun) {
  Loop loop;
  bool ran = false;
  bool second = false;
  const auto id = loop.AddTimer(loop.Now(), [&] { ran = true; });
  loop.AddTimer(loop.Now() + Millis(1), [&] { second = true; });
  loop.CancelTimer(id);
  loop.CancelTimer(id);
  loop.CancelTimer(12345);
  ASSERT_TRUE(loop.RunUntil(loop.Now() + kPatience, [&] { return second; }).has_value());
  EXPECT_FALSE(ran);
}

TEST(Loop, TimerMayCancelAnotherThatIsDue) {
  Loop loop;
  bool second = false;
  bool third = false;
  Loop::TimerId id = 0;
  loop.AddTimer(loop.Now(), [&] { loop.CancelTimer(id); });
  id = loop.AddTimer(loop.Now(), [&] { second = true; });
  loop.AddTimer(loop.Now(), [&] { third = true; });
  ASSERT_TRUE(loop.RunUntil(loop.Now() + kPatience, [&] { return third; }).has_value());
  EXPECT_FALSE(second);
}

TEST(Loop, DescriptorsAreServedWhileATimerKeepsComing) {
  Loop loop;
  Pipe pipe;
  bool ready = false;
  std::function<void()> again = [&] { loop.AddTimer(loop.Now(), again); };
  again();
  loop.WatchFd(pipe.reader(), POLLIN, [&](short) { ready = true; });
  pipe.Write();
  ASSERT_TRUE(loop.RunUntil(loop.Now() + kPatience, [&] { return ready; }).has_value());
  EXPECT_TRUE(ready);
}

TEST(Loop, WatchThatWasRemovedIsNotCalled) {
  Loop loop;
  Pipe first, second;
  int calls = 0;
  // Both are ready in one turn; whichever comes first removes the other.
  loop.WatchFd(first.reader(), POLLIN, [&](short) {
    ++calls;
    loop.WatchFd(second.reader(), 0, {});
    loop.WatchFd(first.reader(), 0, {});
  });
  loop.WatchFd(second.reader(), POLLIN, [&](short) {
    ++calls;
    loop.WatchFd(first.reader(), 0, {});
    loop.WatchFd(second.reader(), 0, {});
  });
  first.Write();
  second.Write();
  ASSERT_TRUE(loop.RunUntil(loop.Now() + Millis(20), [] { return false; }).has_value());
  EXPECT_EQ(calls, 1);
}

TEST(Loop, ReplacedWatchGetsTheEvent) {
  Loop loop;
  Pipe pipe;
  int old_calls = 0;
  int new_calls = 0;
  loop.WatchFd(pipe.reader(), POLLIN, [&](short) { ++old_calls; });
  loop.WatchFd(pipe.reader(), POLLIN, [&](short events) {
    EXPECT_NE(events & POLLIN, 0);
    ++new_calls;
  });
  pipe.Write();
  ASSERT_TRUE(loop.RunUntil(loop.Now() + kPatience, [&] { return new_calls > 0; }).has_value());
  EXPECT_EQ(old_calls, 0);
}

TEST(Loop, DeadlineEndsTheWaitAndNotTheWork) {
  Loop loop;
  auto state = std::make_shared<PendingState<int>>();
  Pending<int> pending(state);
  EXPECT_TRUE(loop.Wait(loop.Now() + Millis(5), pending).has_value());
  EXPECT_FALSE(pending.Done());
  state->Resolve(7);
  EXPECT_TRUE(loop.Wait(loop.Now(), pending).has_value());
  EXPECT_EQ(pending.Take().value(), 7);
}

TEST(Loop, WhatIsReadyIsServedEvenWhenTheDeadlineHasPassed) {
  Loop loop;
  bool ran = false;
  loop.AddTimer(loop.Now() - Millis(1), [&] { ran = true; });
  EXPECT_TRUE(loop.RunUntil(loop.Now() - std::chrono::hours(1), [&] { return ran; }).has_value());
  EXPECT_TRUE(ran);
}

TEST(Loop, InterruptEndsThisAndEveryLaterWait) {
  Loop loop;
  std::thread other([&] { loop.Interrupt(); });
  const auto waited = loop.RunUntil(loop.Now() + kPatience, [] { return false; });
  other.join();
  ASSERT_FALSE(waited.has_value());
  EXPECT_EQ(waited.error().kind, ErrorKind::Interrupted);
  EXPECT_FALSE(loop.RunUntil(loop.Now() + kPatience, [] { return true; }).has_value());
  EXPECT_TRUE(loop.interrupted());
}

Loop* loop_of_handler = nullptr;

TEST(Loop, InterruptIsSafeFromASignalHandler) {
  Loop loop;
  loop_of_handler = &loop;
  const auto before = std::signal(SIGUSR1, [](int) { loop_of_handler->Interrupt(); });
  loop.AddTimer(loop.Now() + Millis(1), [] { std::raise(SIGUSR1); });
  EXPECT_FALSE(loop.RunUntil(loop.Now() + kPatience, [] { return false; }).has_value());
  std::signal(SIGUSR1, before);
  loop_of_handler = nullptr;
}

TEST(Loop, LoopMayTurnInsideACallback) {
  Loop loop;
  bool inner = false;
  bool outer = false;
  loop.AddTimer(loop.Now(), [&] {
    loop.AddTimer(loop.Now(), [&] { inner = true; });
    EXPECT_TRUE(loop.RunUntil(loop.Now() + kPatience, [&] { return inner; }).has_value());
    outer = true;
  });
  ASSERT_TRUE(loop.RunUntil(loop.Now() + kPatience, [&] { return outer; }).has_value());
  EXPECT_TRUE(inner);
}

TEST(RunBlocking, GivesValuesAndErrorsBackOnTheLoopsThread) {
  Loop loop;
  const auto here = std::this_thread::get_id();
  auto value = loop.RunBlocking<std::string>([here]() -> Result<std::string> {
    if (std::this_thread::get_id() == here) return Fail(Error::Internal("same thread"));
    return "done";
  });
  auto error = loop.RunBlocking<int>([]() -> Result<int> { return Fail(Error::NotFound("gone")); });
  ASSERT_TRUE(loop.Wait(loop.Now() + kPatience, value, error).has_value());
  EXPECT_EQ(value.Take().value(), "done");
  EXPECT_EQ(error.Take().error().message, "gone");
}

TEST(RunBlocking, JobsRunInOrder) {
  Loop loop;
  auto order = std::make_shared<std::string>();
  std::vector<Pending<int>> jobs;
  for (int i = 0; i < 10; ++i) {
    jobs.push_back(loop.RunBlocking<int>([order, i]() -> Result<int> {
      *order += static_cast<char>('0' + i);
      return i;
    }));
  }
  ASSERT_TRUE(loop.WaitAll(loop.Now() + kPatience, jobs).has_value());
  EXPECT_EQ(*order, "0123456789");
}

TEST(RunBlocking, StuckJobHoldsNeitherTheWaitNorTheEndOfTheLoop) {
  std::promise<void> release;
  auto finished = std::make_shared<std::promise<void>>();
  auto done = finished->get_future();
  {
    Loop loop;
    std::promise<void> started;
    auto running = started.get_future();
    auto job = loop.RunBlocking<int>(
        [&started, finished, until = release.get_future().share()]() -> Result<int> {
          started.set_value();
          until.wait();
          finished->set_value();
          return 1;
        });
    running.wait();
    ASSERT_TRUE(loop.Wait(loop.Now() + Millis(5), job).has_value());
    EXPECT_EQ(job.Take().error().kind, ErrorKind::TimedOut);
  }  // Would hang here if the worker were joined.
  release.set_value();
  done.wait();
}

TEST(RunBlocking, ForgottenJobDoesNotDisturb) {
  Loop loop;
  {
    auto dropped = loop.RunBlocking<int>([]() -> Result<int> { return 1; });
  }
  auto next = loop.RunBlocking<int>([]() -> Result<int> { return 2; });
  ASSERT_TRUE(loop.Wait(loop.Now() + kPatience, next).has_value());
  EXPECT_EQ(next.Take().value(), 2);
}

}  // namespace
}  // namespace datafly

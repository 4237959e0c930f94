#include "common/io/loop/pending.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

TEST(Pending, DroppingItCancelsTheWorkOnce) {
  auto state = std::make_shared<PendingState<int>>();
  int cancelled = 0;
  state->SetCancel([&] { ++cancelled; });
  { const Pending<int> pending(state); }
  EXPECT_EQ(cancelled, 1);
  state->Resolve(1);  // Comes too late; must not crash.
  EXPECT_TRUE(state->cancelled());
  EXPECT_FALSE(state->done());
}

TEST(Pending, ResolvedWorkIsNotCancelled) {
  auto state = std::make_shared<PendingState<int>>();
  int cancelled = 0;
  state->SetCancel([&] { ++cancelled; });
  {
    const Pending<int> pending(state);
    state->Resolve(1);
  }
  EXPECT_EQ(cancelled, 0);
}

TEST(Pending, AssigningOverItCancelsTheOld) {
  auto state = std::make_shared<PendingState<int>>();
  int cancelled = 0;
  state->SetCancel([&] { ++cancelled; });
  Pending<int> pending(state);
  pending = Pending<int>::Of(2);
  EXPECT_EQ(cancelled, 1);
  EXPECT_EQ(pending.Take().value(), 2);
}

TEST(Pending, FirstResultStands) {
  auto state = std::make_shared<PendingState<int>>();
  Pending<int> pending(state);
  state->Resolve(1);
  state->Resolve(2);
  EXPECT_EQ(pending.Take().value(), 1);
}

TEST(Pending, TakingUnfinishedWorkCancelsItAndSaysWhatWasMissing) {
  auto state = std::make_shared<PendingState<int>>();
  int cancelled = 0;
  state->SetCancel([&] { ++cancelled; });
  state->SetWhenLate([] { return Error::TimedOut("still connecting"); });
  Pending<int> pending(state);
  EXPECT_EQ(pending.Take().error().message, "still connecting");
  EXPECT_EQ(cancelled, 1);
  EXPECT_EQ(pending.Take().error().kind, ErrorKind::Internal);  // Nothing is left to take.
}

TEST(Transform, ChangesTheResult) {
  auto state = std::make_shared<PendingState<int>>();
  auto text =
      Transform<std::string>(Pending<int>(state), [](Result<int> number) -> Result<std::string> {
        if (!number) return Fail(number.error());
        return std::to_string(*number);
      });
  EXPECT_FALSE(text.Done());
  state->Resolve(42);
  ASSERT_TRUE(text.Done());
  EXPECT_EQ(text.Take().value(), "42");
}

TEST(Transform, OfSomethingDoneIsDone) {
  auto text = Transform<int>(Pending<int>::Of(Fail(Error::NotFound("no"))),
                             [](Result<int> number) { return number; });
  ASSERT_TRUE(text.Done());
  EXPECT_EQ(text.Take().error().message, "no");
}

TEST(Transform, DroppingItCancelsTheSource) {
  auto state = std::make_shared<PendingState<int>>();
  int cancelled = 0;
  state->SetCancel([&] { ++cancelled; });
  state->SetWhenLate([] { return Error::TimedOut("late source"); });
  {
    auto text = Transform<int>(Pending<int>(state), [](Result<int> number) { return number; });
    EXPECT_EQ(text.state()->LateError().message, "late source");
  }
  EXPECT_EQ(cancelled, 1);
  EXPECT_EQ(state.use_count(), 1);  // No cycle keeps the source alive.
}

}  // namespace
}  // namespace datafly

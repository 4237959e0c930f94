#include "common/core/journal/lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::journal {
namespace {

using testing::Contains;
using testing::HasSubstr;

const Time kNow{Millis(1'790'000'000'000)};

/// Of a helm by hand, that was last seen to write long ago.
LockEvidence Old() {
  LockEvidence evidence;
  evidence.revision = 4;
  evidence.status = "pending-upgrade";
  evidence.locked_at = kNow - kQuiet * 3;
  evidence.last_write = kNow - kQuiet * 2;
  evidence.last_written = "Deployment/gateway";
  evidence.now = kNow;
  return evidence;
}

LockEvidence OfOurs(Child child) {
  LockEvidence evidence = Old();
  evidence.locked_at = evidence.last_write = kNow - Millis(5'000);
  evidence.operation = Operation{};
  evidence.operation->who = "kim on laptop";
  evidence.operation->helm = ProcessId{"laptop/boot", 4711, "1"};
  evidence.child = child;
  return evidence;
}

TEST(JudgeLock, ALockThatNobodyTouchedForLongIsDead) {
  const LockJudgement judgement = JudgeLock(Old());
  EXPECT_TRUE(judgement.dead);
  EXPECT_THAT(judgement.found, Contains(HasSubstr("revision 4 is pending-upgrade for 18m")));
  EXPECT_THAT(judgement.found, Contains(HasSubstr("wrote Deployment/gateway last, 12m ago")));
  EXPECT_THAT(judgement.unproven, Contains(HasSubstr("no unfinished entry")));
}

TEST(JudgeLock, AWriteAMomentAgoIsNot) {
  LockEvidence evidence = Old();
  evidence.last_write = kNow - Millis(10'000);
  EXPECT_FALSE(JudgeLock(evidence).dead);
  evidence = Old();
  evidence.locked_at = kNow - Millis(10'000);
  evidence.last_write.reset();
  EXPECT_FALSE(JudgeLock(evidence).dead);
}

TEST(JudgeLock, ARunningHookIsNotHoweverOld) {
  LockEvidence evidence = Old();
  evidence.running_hooks = {"Job/migrate"};
  EXPECT_FALSE(JudgeLock(evidence).dead);
  EXPECT_THAT(JudgeLock(evidence).found, Contains(HasSubstr("hook Job/migrate still runs")));
}

TEST(JudgeLock, OfOursItIsKnownWhetherHelmLives) {
  EXPECT_TRUE(JudgeLock(OfOurs(Child::Gone)).dead);
  EXPECT_FALSE(JudgeLock(OfOurs(Child::Alive)).dead);
  EXPECT_THAT(JudgeLock(OfOurs(Child::Alive)).found, Contains(HasSubstr("process 4711")));
  EXPECT_FALSE(JudgeLock(OfOurs(Child::Elsewhere)).dead);
}

TEST(JudgeLock, OneElsewhereMayBeSilentForItsOwnTimeout) {
  LockEvidence evidence = OfOurs(Child::Elsewhere);
  evidence.locked_at = evidence.last_write = kNow - Millis(20 * 60'000);
  EXPECT_TRUE(JudgeLock(evidence).dead);
  evidence.operation->helm_timeout = std::chrono::minutes(30);
  EXPECT_FALSE(JudgeLock(evidence).dead);
}

TEST(JudgeLock, WhatCouldNotBeAskedIsSaid) {
  LockEvidence evidence = Old();
  evidence.unread = {"forbidden: needs get on jobs"};
  EXPECT_THAT(JudgeLock(evidence).unproven, Contains(HasSubstr("needs get on jobs")));
}

}  // namespace
}  // namespace datafly::journal

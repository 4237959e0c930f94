#include <gtest/gtest.h>

#include "common/operations/rollout_follow.h"

/// What the end of a followed rollout proves. No server is needed.
namespace datafly::testing {
namespace {

using operations::RolloutFollow;
using Outcome = RolloutFollow::Outcome;
using rollout::RolloutState;

RolloutFollow::End EndIn(RolloutState state) {
  RolloutFollow::End end;
  end.progress.state = state;
  return end;
}

RolloutFollow::End Silent(RolloutFollow::End end) {
  end.silence = gather::RolloutWatch::Silence{{}, "the server does not answer"};
  return end;
}

RolloutFollow::End Blinded(RolloutFollow::End end) {
  end.outcome.blind.push_back({AbsenceKind::Forbidden, "forbidden", {}});
  return end;
}

TEST(RolloutOutcome, IsWhatTheWorkloadsAre) {
  EXPECT_EQ(RolloutFollow::OutcomeOf(EndIn(RolloutState::Complete)), Outcome::Complete);
  EXPECT_EQ(RolloutFollow::OutcomeOf(EndIn(RolloutState::Failed)), Outcome::Failed);
  EXPECT_EQ(RolloutFollow::OutcomeOf(EndIn(RolloutState::Progressing)), Outcome::NotComplete);
}

TEST(RolloutOutcome, WhatWasWholeBeforeTheClusterFellSilentProvesNothing) {
  EXPECT_EQ(RolloutFollow::OutcomeOf(Silent(EndIn(RolloutState::Complete))), Outcome::Unheard);
  EXPECT_EQ(RolloutFollow::OutcomeOf(Silent(EndIn(RolloutState::Progressing))), Outcome::Unheard);
}

TEST(RolloutOutcome, ACertainCauseStaysCertain) {
  EXPECT_EQ(RolloutFollow::OutcomeOf(Silent(EndIn(RolloutState::Failed))), Outcome::Failed);
}

TEST(RolloutOutcome, WhatMayNotBeReadIsNotComplete) {
  EXPECT_EQ(RolloutFollow::OutcomeOf(Blinded(EndIn(RolloutState::Complete))), Outcome::Blind);
  EXPECT_EQ(RolloutFollow::OutcomeOf(Blinded(EndIn(RolloutState::Progressing))), Outcome::Blind);
}

}  // namespace
}  // namespace datafly::testing

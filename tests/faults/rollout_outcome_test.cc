#include <gmock/gmock.h>

#include "common/operations/applied_sections.h"
#include "common/operations/apply.h"
#include "common/operations/rollout_follow.h"

/// What the end of a followed rollout and of helm proves. No server is needed.
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

TEST(ObjectsThatDiffer, AreNamedWhereverTheyStand) {
  using operations::ObjectsThatDiffer;
  const auto object = [](const std::string& name, const std::string& value) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {a: " + value +
           "}\n---\n";
  };
  const std::string shown = object("a", "one") + object("b", "one");
  EXPECT_THAT(ObjectsThatDiffer(shown, object("b", "one") + object("a", "one")),
              ::testing::IsEmpty());
  EXPECT_THAT(ObjectsThatDiffer(shown, object("a", "two") + object("b", "one") + object("c", "x")),
              ::testing::ElementsAre("ConfigMap/a", "ConfigMap/c"));
  EXPECT_THAT(ObjectsThatDiffer(shown, "a: ["), ::testing::ElementsAre("the manifest"));
}

TEST(HookTimeout, IsHelmsOwnAsItWasGiven) {
  using operations::HookTimeout;
  EXPECT_EQ(HookTimeout({}), std::chrono::minutes(5));
  EXPECT_EQ(HookTimeout({"--timeout", "30m"}), std::chrono::minutes(30));
  EXPECT_EQ(HookTimeout({"--force", "--timeout=90s"}), std::chrono::seconds(90));
  EXPECT_EQ(HookTimeout({"--timeout=1s", "--timeout=2s"}), std::chrono::seconds(2));
  EXPECT_EQ(HookTimeout({"--timeout"}), std::chrono::minutes(5));
  EXPECT_EQ(HookTimeout({"--timeout=soon"}), std::chrono::minutes(5));
  EXPECT_EQ(HookTimeout({"--timeout=90000h"}), std::chrono::hours(24));
}

TEST(VerdictOf, WhatWasNotSeenIsNotCalledFailed) {
  using operations::Applied;
  EXPECT_EQ(operations::VerdictOf(Applied::End::Complete), journal::Verdict::Verified);
  EXPECT_EQ(operations::VerdictOf(Applied::End::RolloutFailed), journal::Verdict::Failed);
  EXPECT_EQ(operations::VerdictOf(Applied::End::HelmFailed), journal::Verdict::Failed);
  EXPECT_EQ(operations::VerdictOf(Applied::End::Blind), journal::Verdict::Stopped);
  EXPECT_EQ(operations::VerdictOf(Applied::End::NotComplete), journal::Verdict::Stopped);
  EXPECT_EQ(operations::VerdictOf(Applied::End::NotBegun), journal::Verdict::Abandoned);
  EXPECT_EQ(operations::VerdictOf(Applied::End::Refused), journal::Verdict::Abandoned);
}

}  // namespace
}  // namespace datafly::testing

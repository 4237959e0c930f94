#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/operations/journal.h"
#include "common/operations/rollback.h"

/// What the journal says of a revision, and where a rollback goes by it. No server is needed.
namespace datafly::testing {
namespace {

using journal::Kind;
using journal::Operation;
using journal::Verdict;
using operations::Journal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Operation Made(std::int64_t revision, Verdict verdict, std::int64_t epoch = 1) {
  Operation operation;
  operation.phase = journal::Phase::Done;
  operation.verdict = verdict;
  operation.to_revision = revision;
  operation.epoch = epoch;
  operation.started_at = Time(Millis(1'790'000'000'000));
  return operation;
}

release::History Revisions(std::int64_t count) {
  release::History history;
  for (std::int64_t at = 1; at <= count; ++at) {
    release::RevisionLabel label;
    label.revision = at;
    label.status = at == count ? release::Status::Deployed : release::Status::Superseded;
    history.push_back(label);
  }
  return history;
}

TEST(JournalOfRevision, OfTwoInOneSecondTheLaterOwnerOfTheLeaseCounts) {
  const Journal journal({Made(4, Verdict::Verified, 3), Made(4, Verdict::Failed, 2)});
  EXPECT_TRUE(journal.IsVerified(4));
}

TEST(JournalOfRevision, WhoAbandonedItBeforeItWasMadeDoesNotCount) {
  const Journal journal({Made(4, Verdict::Verified, 1), Made(4, Verdict::Abandoned, 2)});
  EXPECT_TRUE(journal.IsVerified(4));
  const Journal alone({Made(4, Verdict::Abandoned)});
  ASSERT_NE(alone.OfRevision(4), nullptr);
  EXPECT_FALSE(alone.IsVerified(4));
  EXPECT_EQ(alone.OfRevision(5), nullptr);
}

TEST(JournalOfRevision, AnUnlockTellsThatARevisionWasFreedNotThatItWasMade) {
  Operation unlock = Made(4, Verdict::Verified);
  unlock.kind = Kind::Unlock;
  EXPECT_TRUE(Journal({unlock}).WasFreed(4));
  EXPECT_FALSE(Journal({unlock}).WasFreed(3));
  EXPECT_FALSE(Journal({unlock}).IsVerified(4));
  unlock.verdict = Verdict::Abandoned;
  EXPECT_FALSE(Journal({unlock}).WasFreed(4));
}

TEST(ChooseRollback, TakesTheNewestVerifiedBeforeTheLastAndTellsWhatItSkipped) {
  const Journal journal(
      {Made(2, Verdict::Verified), Made(3, Verdict::Failed), Made(4, Verdict::Verified)});
  const auto target = operations::ChooseRollback(Revisions(4), journal, 0);
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->revision, 2);
  EXPECT_TRUE(target->verified);
  EXPECT_THAT(target->skipped, ElementsAre(HasSubstr("revision 3: failed")));
}

TEST(ChooseRollback, WithoutAVerifiedOneItIsToBeNamed) {
  const auto none = operations::ChooseRollback(Revisions(3), Journal(), 0);
  ASSERT_FALSE(none.has_value());
  EXPECT_THAT(none.error().message, HasSubstr("revision 2: not made by helm signal"));
  EXPECT_THAT(none.error().remedy, HasSubstr("rollback RELEASE REVISION"));
  const auto named = operations::ChooseRollback(Revisions(3), Journal(), 1);
  ASSERT_TRUE(named.has_value());
  EXPECT_FALSE(named->verified);
  EXPECT_FALSE(operations::ChooseRollback(Revisions(3), Journal(), 9).has_value());
}

TEST(ChooseWayBack, IsTheDeployedRevisionUnlessItHadFailed) {
  EXPECT_EQ(operations::ChooseWayBack(Revisions(4), Journal(), 3)->revision, 3);
  const Journal good({Made(3, Verdict::Verified)});
  EXPECT_EQ(operations::ChooseWayBack(Revisions(4), good, 3)->revision, 3);
  const Journal bad({Made(2, Verdict::Verified), Made(3, Verdict::Failed)});
  EXPECT_EQ(operations::ChooseWayBack(Revisions(4), bad, 3)->revision, 2);
  EXPECT_FALSE(
      operations::ChooseWayBack(Revisions(4), Journal({Made(3, Verdict::Failed)}), 3).has_value());
  // Interrupted in its soak, or somebody else's after a run of ours that had not begun.
  for (const Verdict verdict : {Verdict::Stopped, Verdict::Abandoned, Verdict::Overtaken}) {
    const Journal unknown({Made(2, Verdict::Verified), Made(3, verdict)});
    EXPECT_EQ(operations::ChooseWayBack(Revisions(4), unknown, 3)->revision, 3);
  }
}

}  // namespace
}  // namespace datafly::testing

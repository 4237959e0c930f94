#include "common/core/journal/recovery.h"

#include <gtest/gtest.h>

namespace datafly::journal {
namespace {

using release::Status;

const Time kNow{Millis(1'790'000'000'000)};

struct Case {
  const char* name;
  Kind kind;
  Phase phase;
  std::vector<std::pair<std::int64_t, Status>> history;
  Child child;
  Next next;
  const char* told = "";
  Millis quiet = kQuiet * 2;  ///< nothing was written for so long
  Maker maker = Maker::Ours;
};

/// The operation began on revision 3 and makes revision 4.
Recovery Of(const Case& c) {
  Operation operation;
  operation.kind = c.kind;
  operation.phase = c.phase;
  operation.from_revision = c.kind == Kind::Unlock ? 4 : 3;
  operation.to_revision = 4;
  operation.changed_at = kNow - c.quiet;
  operation.helm = ProcessId{"elsewhere/boot", 4711, "1"};
  Evidence evidence;
  for (const auto& [revision, status] : c.history) {
    release::RevisionLabel label;
    label.revision = revision;
    label.status = status;
    evidence.history.push_back(label);
  }
  evidence.child = c.child;
  evidence.maker = c.maker;
  evidence.now = kNow;
  return Recover(operation, evidence);
}

TEST(Recover, Cases) {
  using enum Next;
  const std::vector<std::pair<std::int64_t, Status>> before = {{3, Status::Deployed}};
  const std::vector<std::pair<std::int64_t, Status>> pending = {{3, Status::Deployed},
                                                                {4, Status::PendingUpgrade}};
  const std::vector<std::pair<std::int64_t, Status>> failed = {{3, Status::Deployed},
                                                               {4, Status::Failed}};
  const std::vector<std::pair<std::int64_t, Status>> deployed = {{3, Status::Superseded},
                                                                 {4, Status::Deployed}};
  const std::vector<std::pair<std::int64_t, Status>> later = {
      {3, Status::Superseded}, {4, Status::Superseded}, {5, Status::Deployed}};
  const Case cases[] = {
      {"done", Kind::Upgrade, Phase::Done, pending, Child::Alive, Nothing},
      {"killed before it began", Kind::Upgrade, Phase::Planned, before, Child::Gone, Abandon,
       "had not been begun"},
      {"killed before helm wrote anything", Kind::Upgrade, Phase::Applying, before, Child::Gone,
       Abandon},
      {"helm lives", Kind::Upgrade, Phase::Applying, before, Child::Alive, Wait, "process 4711"},
      {"helm lives, in its middle", Kind::Upgrade, Phase::Applying, pending, Child::Alive, Wait},
      {"helm lives, at its end", Kind::Upgrade, Phase::Applying, deployed, Child::Alive, Wait},
      {"helm died in its middle", Kind::Upgrade, Phase::Applying, pending, Child::Gone, Repair,
       "revision 4 is pending-upgrade"},
      {"helm died in the middle of a rollback",
       Kind::Rollback,
       Phase::Applying,
       {{3, Status::Deployed}, {4, Status::PendingRollback}},
       Child::Gone,
       Repair},
      {"another machine, a moment ago", Kind::Upgrade, Phase::Applying, pending, Child::Elsewhere,
       Wait, "may still run", Millis(30'000)},
      {"another machine, quiet for long", Kind::Upgrade, Phase::Applying, pending, Child::Elsewhere,
       Repair},
      {"another machine, not begun, a moment ago", Kind::Upgrade, Phase::Planned, before,
       Child::Elsewhere, Abandon, "", Millis(30'000)},
      {"helm failed", Kind::Upgrade, Phase::Applying, failed, Child::Gone, Failed},
      {"helm ended well", Kind::Upgrade, Phase::Applying, deployed, Child::Gone, Follow},
      {"the rollout was followed", Kind::Upgrade, Phase::Following, deployed, Child::Gone, Follow},
      {"somebody went on", Kind::Upgrade, Phase::Following, later, Child::Gone, Overtake,
       "revision 5 has followed"},
      {"the revision was taken back by hand", Kind::Upgrade, Phase::Following, before, Child::Gone,
       Abandon},
      {"uninstalled", Kind::Upgrade, Phase::Following, {}, Child::Gone, Abandon},
      {"being uninstalled",
       Kind::Upgrade,
       Phase::Following,
       {{4, Status::Uninstalling}},
       Child::Gone,
       Overtake},
      {"planned, and somebody holds the lock", Kind::Upgrade, Phase::Planned, pending, Child::Gone,
       Overtake, "somebody else's"},
      {"planned, and somebody has failed", Kind::Rollback, Phase::Planned, failed, Child::Gone,
       Overtake},
      {"planned, and somebody was sooner", Kind::Rollback, Phase::Planned, deployed, Child::Gone,
       Overtake},
      {"somebody holds the lock", Kind::Upgrade, Phase::Applying, pending, Child::Gone, Overtake,
       "somebody else's", kQuiet, Maker::Foreign},
      {"whose lock it is cannot be told", Kind::Upgrade, Phase::Applying, pending, Child::Gone,
       Overtake, "cannot be told", kQuiet, Maker::Unclear},
      {"somebody was sooner", Kind::Rollback, Phase::Applying, deployed, Child::Gone, Overtake,
       "somebody else's", kQuiet, Maker::Foreign},
      {"ours may live beside somebody's", Kind::Upgrade, Phase::Applying, pending, Child::Alive,
       Wait, "still runs here", kQuiet, Maker::Foreign},
      {"unlock before its write", Kind::Unlock, Phase::Applying, pending, Child::Gone, Abandon},
      {"unlock after its write", Kind::Unlock, Phase::Applying, failed, Child::Gone, Overtake},
  };
  for (const Case& c : cases) {
    const Recovery recovery = Of(c);
    EXPECT_EQ(ToString(recovery.next), ToString(c.next)) << c.name;
    EXPECT_NE(recovery.told.find(c.told), std::string::npos) << c.name << ": " << recovery.told;
  }
}

/// In the middle of an upgrade from 3 to 4, quiet for so long.
Operation Applying(Millis quiet) {
  Operation operation;
  operation.phase = Phase::Applying;
  operation.from_revision = 3;
  operation.to_revision = 4;
  operation.changed_at = kNow - quiet;
  return operation;
}

Evidence Left(Child child, Status status) {
  Evidence evidence;
  release::RevisionLabel newest;
  newest.revision = 4;
  newest.status = status;
  evidence.history = {newest};
  evidence.child = child;
  evidence.now = kNow;
  return evidence;
}

TEST(Recover, AHookThatRunsOnIsWaitedForWhateverBecameOfItsHelm) {
  for (const Status status : {Status::PendingUpgrade, Status::Failed, Status::Deployed}) {
    Evidence evidence = Left(Child::Gone, status);
    evidence.running_hooks = {"Job/migrate"};
    const Recovery recovery = Recover(Applying(kQuiet * 2), evidence);
    EXPECT_EQ(recovery.next, Next::Wait);
    EXPECT_NE(recovery.told.find("Job/migrate"), std::string::npos) << recovery.told;
  }
}

TEST(Recover, AHelmElsewhereMayBeSilentForItsOwnTimeout) {
  Operation operation = Applying(kQuiet + std::chrono::minutes(1));
  const Evidence evidence = Left(Child::Elsewhere, Status::PendingUpgrade);
  EXPECT_EQ(Recover(operation, evidence).next, Next::Repair);
  operation.helm_timeout = std::chrono::minutes(30);
  EXPECT_EQ(Recover(operation, evidence).next, Next::Wait);
  operation.changed_at = kNow - std::chrono::minutes(32);
  EXPECT_EQ(Recover(operation, evidence).next, Next::Repair);
}

TEST(Recover, AWriteOfHelmCountsLikeTheJournals) {
  Case c{
      "",          Kind::Upgrade, Phase::Applying, {{4, Status::PendingUpgrade}}, Child::Elsewhere,
      Next::Repair};
  EXPECT_EQ(Of(c).next, Next::Repair);
  Operation operation;
  operation.phase = Phase::Applying;
  operation.from_revision = 3;
  operation.to_revision = 4;
  operation.changed_at = kNow - kQuiet * 2;
  Evidence evidence;
  evidence.child = Child::Elsewhere;
  evidence.last_write = kNow - Millis(60'000);
  evidence.now = kNow;
  EXPECT_EQ(Recover(operation, evidence).next, Next::Wait);
}

}  // namespace
}  // namespace datafly::journal

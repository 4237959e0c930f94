#include "common/core/journal/maker.h"

#include <gtest/gtest.h>

namespace datafly::journal {
namespace {

using release::Status;

const Time kBegan{Millis(1'790'000'000'000)};

Operation Of(Kind kind) {
  Operation operation;
  operation.id = "3fa9c1";
  operation.kind = kind;
  operation.phase = Phase::Applying;
  operation.release = "datafly";
  operation.from_revision = 3;
  operation.to_revision = 4;
  operation.back_to = 2;
  operation.to_version = "1.2.0";
  operation.started_at = kBegan;
  operation.changed_at = kBegan + std::chrono::seconds(5);
  return operation;
}

release::RevisionLabel Label(Status status, Millis after_begin = Millis(2000)) {
  release::RevisionLabel label;
  label.revision = 4;
  label.status = status;
  label.modified_at = kBegan + after_begin;
  label.made_by = "";
  return label;
}

release::ReleaseRecord Record(std::string description, std::string version = "1.2.0") {
  release::ReleaseRecord record;
  record.revision = 4;
  record.description = std::move(description);
  record.chart.version = std::move(version);
  return record;
}

TEST(Maker, AnUpgradeIsToldByItsMark) {
  const Operation operation = Of(Kind::Upgrade);
  release::RevisionLabel label = Label(Status::Deployed);
  EXPECT_EQ(MakerOf(operation, label, Record("")), Maker::Foreign);
  label.made_by = MarkOf(operation);
  EXPECT_EQ(*label.made_by, "3fa9c1.r4");
  EXPECT_EQ(MakerOf(operation, label, Record("")), Maker::Ours);
  // Carried on from a revision before.
  label.made_by = "3fa9c1.r3";
  EXPECT_EQ(MakerOf(operation, label, Record("")), Maker::Foreign);
  // A history that helm told has no labels.
  label.made_by.reset();
  EXPECT_EQ(MakerOf(operation, label, Record("")), Maker::Unclear);
}

TEST(Maker, WhoHasNotBegunHasMadeNothing) {
  Operation operation = Of(Kind::Upgrade);
  operation.phase = Phase::Planned;
  release::RevisionLabel label = Label(Status::PendingUpgrade);
  label.made_by = MarkOf(operation);
  EXPECT_EQ(MakerOf(operation, label, Record("")), Maker::Foreign);
}

TEST(Maker, AnotherRevisionIsSomebodyElses) {
  const Operation operation = Of(Kind::Rollback);
  release::RevisionLabel label = Label(Status::Deployed);
  label.revision = 5;
  EXPECT_EQ(MakerOf(operation, label, Record("Rollback to 2")), Maker::Foreign);
}

TEST(Maker, ARollbackIsToldByItsWordsItsChartAndItsTime) {
  const Operation operation = Of(Kind::Rollback);
  const auto deployed = Label(Status::Deployed);
  EXPECT_EQ(MakerOf(operation, deployed, Record("Rollback to 2")), Maker::Ours);
  EXPECT_EQ(MakerOf(operation, deployed, Record("Rollback \"datafly\" failed: timed out")),
            Maker::Ours);
  EXPECT_EQ(MakerOf(operation, deployed, Record("Rollback to 1")), Maker::Foreign);
  EXPECT_EQ(MakerOf(operation, deployed, Record("Upgrade complete")), Maker::Foreign);
  EXPECT_EQ(MakerOf(operation, deployed, Record("Rollback to 2", "1.3.0")), Maker::Foreign);
  EXPECT_EQ(MakerOf(operation, Label(Status::Deployed, Millis(-3000)), Record("Rollback to 2")),
            Maker::Foreign);
  EXPECT_EQ(MakerOf(operation, Label(Status::PendingUpgrade), Record("Preparing upgrade")),
            Maker::Foreign);
  // Helm 4 knows --description here.
  EXPECT_EQ(MakerOf(operation, Label(Status::PendingRollback), Record("for ticket 7")),
            Maker::Ours);
  // One that became pending long after is of another run.
  EXPECT_EQ(
      MakerOf(operation, Label(Status::PendingRollback, Millis(120'000)), Record("Rollback to 2")),
      Maker::Foreign);
}

}  // namespace
}  // namespace datafly::journal

#include "tests/unit/core/checks/healthy_platform.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

BackupEvidence Good(Millis age) {
  return {"batch/v1 CronJob datafly/postgres-backup", true, "last success", kNow - age};
}
BackupEvidence Bad(std::optional<Millis> age) {
  return {"velero.io/v1 Backup velero/nightly", false, "phase Failed",
          age ? std::optional(kNow - *age) : std::nullopt};
}

struct EvidenceCase {
  const char* name;
  std::vector<BackupEvidence> evidence;
  const char* claim;
  const char* today;   ///< verdict of SIG-BAK-001 without a target
  const char* target;  ///< and with one
  const char* attempts;
  const char* seen;
};

const EvidenceCase kCases[] = {
    {"fresh", {Good(minutes(20))}, "", "pass", "pass", "pass", "20m old: last success"},
    {"at the limit", {Good(minutes(60))}, "", "pass", "pass", "pass", "old"},
    {"too old", {Good(minutes(61))}, "", "warn", "fail", "pass", "at most 1h"},
    {"the newest counts", {Good(hours(9)), Good(minutes(5))}, "", "pass", "pass", "pass", "5m"},
    {"none", {}, "", "warn", "fail", "skipped", "no sign of a backup"},
    {"only failures", {Bad(minutes(5))}, "", "warn", "fail", "skipped", "no good backup"},
    {"a failure since", {Good(minutes(20)), Bad(minutes(5))}, "", "pass", "pass", "warn", "20m"},
    {"a failure before", {Good(minutes(20)), Bad(minutes(50))}, "", "pass", "pass", "pass", "20m"},
    {"a schedule that is paused",
     {Good(minutes(20)), Bad(std::nullopt)},
     "",
     "pass",
     "pass",
     "warn",
     "20m"},
    {"from the future", {Good(-hours(2))}, "", "warn", "fail", "skipped", "no good backup"},
    {"a clock that runs ahead", {Good(-minutes(2))}, "", "pass", "pass", "pass", "0s old"},
    {"claimed, fresh",
     {},
     "2026-11-26T11:30:00Z",
     "pass",
     "pass",
     "skipped",
     "claimed by the user, not proven: 2026-11-26T11:30:00Z, 30m old"},
    {"claimed, old", {}, "2026-11-26T09:30:00Z", "warn", "fail", "skipped", "150m old"},
    {"claimed, in the future", {}, "2026-11-27T09:30:00Z", "warn", "fail", "skipped", "future"},
    {"claimed in words",
     {},
     "RDS snapshot, ask Kim",
     "pass",
     "pass",
     "skipped",
     "claimed by the user, not proven: RDS snapshot, ask Kim"},
    {"proof counts more than a claim",
     {Good(minutes(20))},
     "words",
     "pass",
     "pass",
     "pass",
     "20m old: last success"},
    {"a claim fills in for an old one",
     {Good(hours(9))},
     "words",
     "pass",
     "pass",
     "pass",
     "claimed by the user"},
};

TEST(BackupsFamily, FreshEnough) {
  for (const EvidenceCase& c : kCases) {
    for (const bool with_target : {false, true}) {
      SCOPED_TRACE(std::string(c.name) + (with_target ? ", with a target" : ""));
      Facts facts = with_target ? HealthyFactsWithTarget() : HealthyFacts();
      facts.backups = c.evidence;
      Profile profile = LabProfile();
      profile.backup_claim = c.claim;
      const std::vector<Finding> findings = Judge(kBackupsFamily, facts, profile);
      ExpectWellFormed(findings, kBackupsFamily);
      const Finding own = Of(findings, "SIG-BAK-001").front();
      EXPECT_EQ(ToString(own.verdict), with_target ? c.target : c.today);
      EXPECT_THAT(own.seen, HasSubstr(c.seen));
      EXPECT_EQ(Verdicts(findings, "SIG-BAK-002"), c.attempts);
    }
  }
}

TEST(BackupsFamily, EvidenceThatFailedIsShown) {
  Facts facts = HealthyFacts();
  facts.backups = std::vector{Bad(minutes(5)), Bad(std::nullopt)};
  const Finding own = Of(Judge(kBackupsFamily, facts), "SIG-BAK-001").front();
  EXPECT_THAT(own.evidence, ElementsAre("velero.io/v1 Backup velero/nightly: phase Failed, 5m ago",
                                        "velero.io/v1 Backup velero/nightly: phase Failed"));
}

TEST(BackupsFamily, ACronJobCanBeRunNow) {
  Facts facts = HealthyFactsWithTarget();
  facts.backups = std::vector{Good(hours(9))};
  EXPECT_EQ(Of(Judge(kBackupsFamily, facts), "SIG-BAK-001").front().remedy,
            "kubectl --context prod -n datafly create job datafly-backup-now "
            "--from=cronjob/postgres-backup");
}

TEST(BackupsFamily, ABackupFromBeforeTheLastUpgradeWarns) {
  Facts facts = HealthyFacts();
  facts.release->last_deployed = kNow - minutes(10);
  const Finding own = Of(Judge(kBackupsFamily, facts), "SIG-BAK-001").front();
  EXPECT_EQ(own.verdict, CheckVerdict::Warn);
  EXPECT_THAT(own.seen, HasSubstr("before the last upgrade"));
  // The first revision upgraded nothing.
  facts.release->revision = 1;
  EXPECT_EQ(Verdicts(Judge(kBackupsFamily, facts), "SIG-BAK-001"), "pass");
}

TEST(BackupsFamily, ForbiddenIsNotNoBackup) {
  Facts facts = HealthyFacts();
  facts.backups = Absence{AbsenceKind::Forbidden, "forbidden", "list backups.velero.io"};
  Finding own = Of(Judge(kBackupsFamily, facts), "SIG-BAK-001").front();
  EXPECT_EQ(own.verdict, CheckVerdict::Unknown);
  EXPECT_EQ(own.needs, "list backups.velero.io");
  EXPECT_EQ(own.requirement, Requirement::Advisory);
  EXPECT_EQ(Verdicts(Judge(kBackupsFamily, facts), "SIG-BAK-002"), "skipped");

  Facts upgrade = HealthyFactsWithTarget();
  upgrade.backups = facts.backups;
  own = Of(Judge(kBackupsFamily, upgrade), "SIG-BAK-001").front();
  EXPECT_EQ(own.requirement, Requirement::Required);

  // A claim answers what the cluster does not show.
  Profile profile = LabProfile();
  profile.backup_claim = "taken by hand";
  EXPECT_EQ(Verdicts(Judge(kBackupsFamily, upgrade, profile), "SIG-BAK-001"), "pass");
}

}  // namespace
}  // namespace datafly::checks::test

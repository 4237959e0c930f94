#include "common/core/backups/backups.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::backups {
namespace {

using testing::HasSubstr;

const Time kNow = *ParseTime("2026-11-26T12:00:00Z");

Source SourceNamed(std::string_view group_version, std::string_view plural) {
  for (const Source& source : Sources()) {
    if (source.group_version == group_version && source.plural == plural) return source;
  }
  ADD_FAILURE() << "no source " << group_version << " " << plural;
  return {};
}

struct Case {
  const char* name;
  const char* group_version;
  const char* plural;
  const char* object;  ///< without metadata, which the test writes
  const char* meta;    ///< name and namespace
  int count;           ///< pieces of evidence
  bool good;
  const char* detail;
  const char* data_time;  ///< "" = none
};

constexpr const char* kPlain = R"("name":"nightly","namespace":"datafly")";
constexpr const char* kVelero = R"("name":"nightly","namespace":"velero")";
constexpr const char* kDump = R"("name":"postgres-backup","namespace":"datafly")";
constexpr const char* kStart = "2026-11-26T11:30:00Z";

const Case kCases[] = {
    // velero
    {"velero, good", "velero.io/v1", "backups",
     R"("spec":{"includedNamespaces":["datafly"]},"status":{"phase":"Completed","expiration":"2026-12-26T00:00:00Z","startTimestamp":"2026-11-26T11:30:00Z","completionTimestamp":"2026-11-26T11:40:00Z","csiVolumeSnapshotsCompleted":1})",
     kVelero, 1, true, "volume snapshots", kStart},
    {"velero, all namespaces", "velero.io/v1", "backups",
     R"("spec":{},"status":{"phase":"Completed","startTimestamp":"2026-11-26T11:30:00Z","volumeSnapshotsCompleted":2})",
     kVelero, 1, true, "volume snapshots", kStart},
    {"velero, no data", "velero.io/v1", "backups",
     R"("spec":{"includedNamespaces":["*"]},"status":{"phase":"Completed","startTimestamp":"2026-11-26T11:30:00Z"})",
     kVelero, 1, false, "holds no data", kStart},
    {"velero, failed in part", "velero.io/v1", "backups",
     R"("spec":{},"status":{"phase":"PartiallyFailed","startTimestamp":"2026-11-26T11:30:00Z","csiVolumeSnapshotsCompleted":1})",
     kVelero, 1, false, "PartiallyFailed", kStart},
    {"velero, errors", "velero.io/v1", "backups",
     R"("spec":{},"status":{"phase":"Completed","errors":3,"startTimestamp":"2026-11-26T11:30:00Z","csiVolumeSnapshotsCompleted":1})",
     kVelero, 1, false, "3 errors", kStart},
    {"velero, expired", "velero.io/v1", "backups",
     R"("spec":{},"status":{"phase":"Completed","expiration":"2026-11-26T11:59:00Z","startTimestamp":"2026-11-26T11:30:00Z","csiVolumeSnapshotsCompleted":1})",
     kVelero, 1, false, "expired", kStart},
    {"velero, not started", "velero.io/v1", "backups", R"("spec":{})", kVelero, 1, false,
     "not started", ""},
    {"velero, of others", "velero.io/v1", "backups",
     R"("spec":{"includedNamespaces":["other"]},"status":{"phase":"Completed"})", kVelero, 0, false,
     "", ""},
    {"velero, excluded", "velero.io/v1", "backups",
     R"("spec":{"excludedNamespaces":["datafly"]},"status":{"phase":"Completed"})", kVelero, 0,
     false, "", ""},
    {"schedule", "velero.io/v1", "schedules",
     R"("spec":{"template":{}},"status":{"phase":"Enabled","lastBackup":"2026-11-26T11:30:00Z"})",
     kVelero, 0, false, "", ""},
    {"schedule paused", "velero.io/v1", "schedules",
     R"("spec":{"paused":true,"template":{}},"status":{"phase":"Enabled"})", kVelero, 1, false,
     "paused", ""},
    {"schedule invalid", "velero.io/v1", "schedules",
     R"("spec":{"template":{}},"status":{"phase":"FailedValidation"})", kVelero, 1, false,
     "FailedValidation", ""},
    {"pod volume", "velero.io/v1", "podvolumebackups",
     R"("spec":{"volume":"pgdata","pod":{"name":"postgres-0","namespace":"datafly"}},"status":{"phase":"Completed","startTimestamp":"2026-11-26T11:30:00Z","progress":{"bytesDone":9,"totalBytes":9}})",
     kVelero, 1, true, "all bytes stored", kStart},
    {"pod volume, half", "velero.io/v1", "podvolumebackups",
     R"("spec":{"volume":"pgdata","pod":{"name":"x","namespace":"datafly"}},"status":{"phase":"Completed","startTimestamp":"2026-11-26T11:30:00Z","progress":{"bytesDone":4,"totalBytes":9}})",
     kVelero, 1, false, "4 of 9 bytes", kStart},
    {"pod volume of Kafka", "velero.io/v1", "podvolumebackups",
     R"("spec":{"volume":"data","pod":{"name":"kafka-0","namespace":"datafly"}},"status":{"phase":"Completed"})",
     kVelero, 0, false, "", ""},
    {"pod volume elsewhere", "velero.io/v1", "podvolumebackups",
     R"("spec":{"volume":"pgdata","pod":{"name":"x","namespace":"other"}},"status":{"phase":"Completed"})",
     kVelero, 0, false, "", ""},
    {"data upload", "velero.io/v2alpha1", "datauploads",
     R"("spec":{"sourceNamespace":"datafly","sourcePVC":"data-postgres-0"},"status":{"phase":"Completed","startTimestamp":"2026-11-26T11:30:00Z","progress":{"bytesDone":9,"totalBytes":9}})",
     kVelero, 1, true, "data-postgres-0", kStart},
    {"data upload failed", "velero.io/v2alpha1", "datauploads",
     R"("spec":{"sourceNamespace":"datafly","sourcePVC":"data-postgres-0"},"status":{"phase":"Failed","startTimestamp":"2026-11-26T11:30:00Z"})",
     kVelero, 1, false, "Failed", kStart},
    // CloudNativePG
    {"cnpg", "postgresql.cnpg.io/v1", "backups",
     R"("spec":{"cluster":{"name":"db"}},"status":{"phase":"completed","startedAt":"2026-11-26T11:00:00Z","stoppedAt":"2026-11-26T11:30:00Z"})",
     kPlain, 1, true, "cluster db", kStart},
    {"cnpg failed", "postgresql.cnpg.io/v1", "backups",
     R"("spec":{"cluster":{"name":"db"}},"status":{"phase":"walArchivingFailing","startedAt":"2026-11-26T11:30:00Z"})",
     kPlain, 1, false, "walArchivingFailing", kStart},
    {"cnpg of another namespace", "postgresql.cnpg.io/v1", "backups",
     R"("spec":{"cluster":{"name":"db"}},"status":{"phase":"completed","stoppedAt":"2026-11-26T11:30:00Z"})",
     R"("name":"x","namespace":"other")", 0, false, "", ""},
    {"cnpg cluster", "postgresql.cnpg.io/v1", "clusters",
     R"("status":{"lastSuccessfulBackup":"2026-11-26T11:30:00Z","conditions":[{"type":"LastBackupSucceeded","status":"True"},{"type":"ContinuousArchiving","status":"True"}]})",
     kPlain, 1, true, "WAL is archived", kStart},
    {"cnpg cluster without archiving", "postgresql.cnpg.io/v1", "clusters",
     R"("status":{"lastSuccessfulBackup":"2026-11-26T11:30:00Z","conditions":[{"type":"LastBackupSucceeded","status":"True"},{"type":"ContinuousArchiving","status":"False"}]})",
     kPlain, 1, false, "WAL is not archived", kStart},
    {"cnpg cluster, last one failed", "postgresql.cnpg.io/v1", "clusters",
     R"("status":{"lastSuccessfulBackup":"2026-11-25T11:30:00Z","conditions":[{"type":"LastBackupSucceeded","status":"False","lastTransitionTime":"2026-11-26T11:30:00Z"}]})",
     kPlain, 1, false, "the last backup failed", kStart},
    {"cnpg cluster without backups", "postgresql.cnpg.io/v1", "clusters", R"("status":{})", kPlain,
     0, false, "", ""},
    {"cnpg schedule", "postgresql.cnpg.io/v1", "scheduledbackups",
     R"("spec":{"suspend":false},"status":{"lastScheduleTime":"2026-11-26T11:30:00Z"})", kPlain, 0,
     false, "", ""},
    {"cnpg schedule suspended", "postgresql.cnpg.io/v1", "scheduledbackups",
     R"("spec":{"suspend":true})", kPlain, 1, false, "suspended", ""},
    {"cnpg schedule with an error", "postgresql.cnpg.io/v1", "scheduledbackups",
     R"("spec":{},"status":{"error":"no"})", kPlain, 1, false, "error", ""},
    {"barman", "barmancloud.cnpg.io/v1", "objectstores",
     R"("status":{"serverRecoveryWindow":{"db":{"lastSuccessfulBackupTime":"2026-11-26T11:30:00Z"}}})",
     kPlain, 1, true, "last successful", kStart},
    {"barman failed since", "barmancloud.cnpg.io/v1", "objectstores",
     R"("status":{"serverRecoveryWindow":{"db":{"lastFailedBackupTime":"2026-11-26T11:30:00Z"}}})",
     kPlain, 1, false, "failed", kStart},
    // snapshots
    {"volume snapshot", "snapshot.storage.k8s.io/v1", "volumesnapshots",
     R"("spec":{"source":{"persistentVolumeClaimName":"data-postgres-0"}},"status":{"readyToUse":true,"boundVolumeSnapshotContentName":"c","creationTime":"2026-11-26T11:30:00Z"})",
     kPlain, 1, true, "ready to use", kStart},
    {"volume snapshot of cnpg", "snapshot.storage.k8s.io/v1", "volumesnapshots",
     R"("spec":{},"status":{"readyToUse":true,"boundVolumeSnapshotContentName":"c","creationTime":"2026-11-26T11:30:00Z"})",
     R"("name":"x","namespace":"datafly","labels":{"cnpg.io/backupName":"b"})", 1, true, "ready",
     kStart},
    {"volume snapshot not bound", "snapshot.storage.k8s.io/v1", "volumesnapshots",
     R"("spec":{"source":{"persistentVolumeClaimName":"data-postgres-0"}},"status":{"readyToUse":true,"creationTime":"2026-11-26T11:30:00Z"})",
     kPlain, 1, false, "not ready", kStart},
    {"volume snapshot with an error", "snapshot.storage.k8s.io/v1", "volumesnapshots",
     R"("spec":{"source":{"persistentVolumeClaimName":"data-postgres-0"}},"status":{"readyToUse":true,"boundVolumeSnapshotContentName":"c","error":{"message":"x"},"creationTime":"2026-11-26T11:30:00Z"})",
     kPlain, 1, false, "failed", kStart},
    {"volume snapshot of something else", "snapshot.storage.k8s.io/v1", "volumesnapshots",
     R"("spec":{"source":{"persistentVolumeClaimName":"kafka-0"}},"status":{"readyToUse":true})",
     kPlain, 0, false, "", ""},
    // jobs
    {"cron job", "batch/v1", "cronjobs",
     R"("spec":{},"status":{"lastScheduleTime":"2026-11-26T11:50:00Z","lastSuccessfulTime":"2026-11-26T11:30:00Z"})",
     kDump, 1, true, "last success", kStart},
    {"cron job that never succeeded", "batch/v1", "cronjobs",
     R"("spec":{},"status":{"lastScheduleTime":"2026-11-26T11:30:00Z"})", kDump, 1, false,
     "never succeeded", kStart},
    {"cron job suspended", "batch/v1", "cronjobs", R"("spec":{"suspend":true})", kDump, 1, false,
     "suspended", ""},
    {"cron job of Zalando's operator", "batch/v1", "cronjobs",
     R"("spec":{},"status":{"lastSuccessfulTime":"2026-11-26T11:30:00Z"})",
     R"("name":"nightly","namespace":"datafly","labels":{"application":"spilo-logical-backup"})", 1,
     true, "last success", kStart},
    {"cron job that is none", "batch/v1", "cronjobs",
     R"("spec":{},"status":{"lastSuccessfulTime":"2026-11-26T11:30:00Z"})", kPlain, 0, false, "",
     ""},
    {"cron job for Redis", "batch/v1", "cronjobs",
     R"("spec":{},"status":{"lastSuccessfulTime":"2026-11-26T11:30:00Z"})",
     R"("name":"redis-backup","namespace":"datafly")", 0, false, "", ""},
    {"job", "batch/v1", "jobs",
     R"("status":{"completionTime":"2026-11-26T11:30:00Z","conditions":[{"type":"Complete","status":"True"}]})",
     kDump, 1, true, "complete", kStart},
    {"job failed", "batch/v1", "jobs",
     R"("status":{"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","lastTransitionTime":"2026-11-26T11:30:00Z"}]})",
     kDump, 1, false, "BackoffLimitExceeded", kStart},
    {"job running", "batch/v1", "jobs", R"("status":{"startTime":"2026-11-26T11:30:00Z"})", kDump,
     1, false, "still running", kStart},
    // operators
    {"crunchy scheduled", "postgres-operator.crunchydata.com/v1beta1", "postgresclusters",
     R"("status":{"pgbackrest":{"scheduledBackups":[{"completionTime":"2026-11-26T11:30:00Z","succeeded":1}]}})",
     kPlain, 1, true, "scheduled", kStart},
    {"crunchy scheduled failed", "postgres-operator.crunchydata.com/v1beta1", "postgresclusters",
     R"("status":{"pgbackrest":{"scheduledBackups":[{"startTime":"2026-11-26T11:30:00Z","failed":1}]}})",
     kPlain, 1, false, "failed", kStart},
    {"crunchy manual", "postgres-operator.crunchydata.com/v1beta1", "postgresclusters",
     R"("status":{"pgbackrest":{"manualBackup":{"finished":true,"succeeded":1,"completionTime":"2026-11-26T11:30:00Z"}}})",
     kPlain, 1, true, "manual", kStart},
    {"crunchy manual failed", "postgres-operator.crunchydata.com/v1beta1", "postgresclusters",
     R"("status":{"pgbackrest":{"manualBackup":{"finished":true,"failed":1,"startTime":"2026-11-26T11:30:00Z"}}})",
     kPlain, 1, false, "failed", kStart},
    {"percona", "pgv2.percona.com/v2", "perconapgbackups",
     R"("status":{"state":"Succeeded","completed":"2026-11-26T11:30:00Z"})", kPlain, 1, true,
     "Succeeded", kStart},
    {"percona with WAL", "pgv2.percona.com/v2", "perconapgbackups",
     R"("status":{"state":"Succeeded","completed":"2026-11-26T01:00:00Z","latestRestorableTime":"2026-11-26T11:30:00Z"})",
     kPlain, 1, true, "Succeeded", kStart},
    {"percona failed", "pgv2.percona.com/v2", "perconapgbackups",
     R"("status":{"state":"Failed","completed":"2026-11-26T11:30:00Z"})", kPlain, 1, false,
     "Failed", kStart},
    {"k8up", "k8up.io/v1", "backups",
     R"("status":{"conditions":[{"type":"Completed","status":"True","reason":"Succeeded","lastTransitionTime":"2026-11-26T11:30:00Z"}]})",
     kPlain, 1, true, "Succeeded", kStart},
    {"k8up failed", "k8up.io/v1", "backups",
     R"("status":{"conditions":[{"type":"Completed","status":"True","reason":"Failed","lastTransitionTime":"2026-11-26T11:30:00Z"}]})",
     kPlain, 1, false, "Failed", kStart},
};

TEST(ReadEvidence, ByTheRulesOfEachTool) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const std::string json =
        fmt::format(R"({{"kind":"List","items":[{{"metadata":{{{}}},{}}}]}})", c.meta, c.object);
    const auto evidence =
        ReadEvidence(SourceNamed(c.group_version, c.plural), json, "datafly", kNow);
    ASSERT_TRUE(evidence.has_value()) << evidence.error().message;
    ASSERT_EQ(evidence->size(), static_cast<std::size_t>(c.count));
    if (c.count == 0) continue;
    const BackupEvidence& one = evidence->front();
    EXPECT_EQ(one.good, c.good) << one.detail;
    EXPECT_THAT(one.detail, HasSubstr(c.detail));
    EXPECT_THAT(one.source, HasSubstr(c.group_version));
    EXPECT_EQ(one.data_time ? FormatTime(*one.data_time) : "", c.data_time);
    // Whatever is good must say how old it is.
    EXPECT_TRUE(!one.good || one.data_time.has_value());
  }
}

TEST(ReadEvidence, NamesTheObject) {
  const auto evidence = ReadEvidence(
      SourceNamed("velero.io/v1", "backups"),
      R"({"items":[{"metadata":{"name":"nightly","namespace":"velero"}}]})", "datafly", kNow);
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(evidence->front().source, "velero.io/v1 Backup velero/nightly");
}

/// A good one that lost its time proves nothing.
TEST(ReadEvidence, GoodNeedsATime) {
  for (const Case& c : kCases) {
    if (!c.good) continue;
    std::string object = c.object;
    for (std::size_t at; (at = object.find("2026-11-26T1")) != std::string::npos;) {
      object.replace(at, 10, "yesterday!");
    }
    const std::string json =
        fmt::format(R"({{"items":[{{"metadata":{{{}}},{}}}]}})", c.meta, object);
    const auto evidence =
        ReadEvidence(SourceNamed(c.group_version, c.plural), json, "datafly", kNow);
    ASSERT_TRUE(evidence.has_value());
    for (const BackupEvidence& one : *evidence) {
      EXPECT_FALSE(one.good && !one.data_time) << c.name;
    }
  }
}

TEST(ReadEvidence, WhatIsNoListIsAnErrorAndNeverNoEvidence) {
  const Source source = SourceNamed("velero.io/v1", "backups");
  for (const char* json : {"", "{", "[]", "null", "{}", R"({"items":7})", R"({"items":null})",
                           R"({"kind":"Status","code":403})", "\xff\xfe"}) {
    const auto evidence = ReadEvidence(source, json, "datafly", kNow);
    ASSERT_FALSE(evidence.has_value()) << json;
    EXPECT_EQ(evidence.error().kind, ErrorKind::Protocol);
    EXPECT_THAT(evidence.error().message, HasSubstr("velero.io/v1 backups"));
  }
  EXPECT_FALSE(ReadEvidence(Source{"x/v1", "y", false}, R"({"items":[]})", "d", kNow).has_value());
}

TEST(ReadEvidence, ObjectsOfAnotherShapeProveNothing) {
  for (const Source& source : Sources()) {
    for (
        const char* item :
        {"7", "null", "[]", "{}", R"({"metadata":7,"spec":[],"status":"x"})",
         R"({"metadata":{"name":"pg-backup","namespace":"datafly"},"status":{"conditions":[7,{}],"phase":3}})"}) {
      const std::string json = fmt::format(R"({{"items":[{}]}})", item);
      const auto evidence = ReadEvidence(source, json, "datafly", kNow);
      ASSERT_TRUE(evidence.has_value());
      for (const BackupEvidence& one : *evidence) EXPECT_FALSE(one.good) << one.source << item;
    }
  }
}

TEST(ReadEvidence, KeepsTheNewestAndAlwaysAGoodOne) {
  std::string items;
  for (int i = 0; i < 60; ++i) {
    items += fmt::format(
        R"({{"metadata":{{"name":"pg-backup-{0}","namespace":"datafly"}},"status":{{"completionTime":"2026-11-26T10:{0:02}:00Z","conditions":[{{"type":"{1}","status":"True","lastTransitionTime":"2026-11-26T10:{0:02}:00Z"}}]}}}},)",
        i, i == 3 ? "Complete" : "Failed");
  }
  items.pop_back();
  const auto evidence = ReadEvidence(SourceNamed("batch/v1", "jobs"),
                                     R"({"items":[)" + items + "]}", "datafly", kNow);
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(evidence->size(), 25U);
  EXPECT_THAT(evidence->front().source, HasSubstr("pg-backup-59"));
  EXPECT_TRUE(std::any_of(evidence->begin(), evidence->end(),
                          [](const BackupEvidence& one) { return one.good; }));
}

TEST(Sources, AreDistinct) {
  std::set<std::string> seen;
  for (const Source& source : Sources()) {
    EXPECT_TRUE(seen.insert(fmt::format("{} {}", source.group_version, source.plural)).second);
  }
  EXPECT_GE(seen.size(), 12U);
}

}  // namespace
}  // namespace datafly::backups

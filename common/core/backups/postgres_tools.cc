// Operators of PostgreSQL: CloudNativePG, Crunchy Data, Percona.
#include "common/core/backups/object.h"

namespace datafly::backups {

void ReadCnpgBackup(const Object& object, const Context& context, Evidence& out) {
  const std::string phase = object.Text("/status/phase");
  const bool good = phase == "completed" && !object.Text("/spec/cluster/name").empty();
  auto time = object.TimeAt("/status/stoppedAt");
  if (!time) time = object.TimeAt("/status/startedAt");
  std::string detail = fmt::format("phase {} of cluster {}", phase.empty() ? "unknown" : phase,
                                   object.Text("/spec/cluster/name"));
  out.push_back(Tell(context, "Backup", object, good && time, std::move(detail), time));
}

/// status.lastSuccessfulBackup is not set for plugins; a cluster without any word on backups tells
/// nothing.
void ReadCnpgCluster(const Object& object, const Context& context, Evidence& out) {
  const auto last = object.Condition("LastBackupSucceeded");
  const auto archiving = object.Condition("ContinuousArchiving");
  const auto time = object.TimeAt("/status/lastSuccessfulBackup");
  if (!time && last.status.empty()) return;
  if (last.status == "False") {
    out.push_back(Tell(context, "Cluster", object, false, "the last backup failed", last.time));
    return;
  }
  const bool good = time && last.status == "True" && archiving.status == "True";
  std::string detail = archiving.status == "True" ? "last successful backup; WAL is archived"
                                                  : "WAL is not archived";
  out.push_back(Tell(context, "Cluster", object, good, std::move(detail), time));
}

/// lastScheduleTime is not a success: only what is wrong with the schedule counts.
void ReadCnpgScheduledBackup(const Object& object, const Context& context, Evidence& out) {
  const bool suspended = object.IsTrue("/spec/suspend");
  const bool failed = !object.Text("/status/error").empty();
  if (!suspended && !failed) return;
  out.push_back(Tell(context, "ScheduledBackup", object, false,
                     suspended ? "suspended" : "its status holds an error", {}));
}

void ReadBarmanObjectStore(const Object& object, const Context& context, Evidence& out) {
  for (const Object& window : object.Members("/status/serverRecoveryWindow")) {
    const auto good = window.TimeAt("/lastSuccessfulBackupTime");
    const auto failed = window.TimeAt("/lastFailedBackupTime");
    if (good) {
      out.push_back(Tell(context, "ObjectStore", object, true, "last successful backup", good));
    }
    if (failed && (!good || *failed > *good)) {
      out.push_back(Tell(context, "ObjectStore", object, false, "the last backup failed", failed));
    }
  }
}

void ReadPostgresCluster(const Object& object, const Context& context, Evidence& out) {
  for (const Object& run : object.Items("/status/pgbackrest/scheduledBackups")) {
    const auto completed = run.TimeAt("/completionTime");
    if (!completed && run.Number("/failed") == 0) continue;  // still running
    out.push_back(
        Tell(context, "PostgresCluster", object, completed.has_value(),
             completed ? "scheduled pgBackRest backup" : "a scheduled pgBackRest backup failed",
             completed ? completed : run.TimeAt("/startTime")));
  }
  const std::string manual = "/status/pgbackrest/manualBackup";
  if (!object.IsTrue(manual + "/finished")) return;
  const bool succeeded = object.Number(manual + "/succeeded") > 0;
  const auto time = object.TimeAt(manual + "/completionTime");
  out.push_back(Tell(context, "PostgresCluster", object, succeeded && time,
                     succeeded ? "manual pgBackRest backup" : "the manual pgBackRest backup failed",
                     time ? time : object.TimeAt(manual + "/startTime")));
}

void ReadPerconaBackup(const Object& object, const Context& context, Evidence& out) {
  const std::string state = object.Text("/status/state");
  auto time = object.TimeAt("/status/latestRestorableTime");
  if (!time) time = object.TimeAt("/status/completed");
  const bool good = state == "Succeeded" && time;
  out.push_back(Tell(context, "PerconaPGBackup", object, good,
                     "state " + (state.empty() ? "unknown" : state),
                     time ? time : object.TimeAt("/metadata/creationTimestamp")));
}

}  // namespace datafly::backups

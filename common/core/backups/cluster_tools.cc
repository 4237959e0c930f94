// Velero, k8up, volume snapshots, and Jobs: tools that know nothing of PostgreSQL.
#include "common/core/backups/object.h"

namespace datafly::backups {

namespace {

bool Lists(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& one) { return one == "*" || one == name; });
}

/// Whether a velero BackupSpec (at `spec`) takes the database's namespace in; no list means all.
bool Covers(const Object& object, const std::string& spec, std::string_view name_space) {
  const auto included = object.Texts(spec + "/includedNamespaces");
  if (Lists(object.Texts(spec + "/excludedNamespaces"), name_space)) return false;
  return included.empty() || Lists(included, name_space);
}

/// Why a velero Backup is no good, or empty. Completed alone may hold no data (velero#7496).
std::string VeleroFault(const Object& backup, Time now) {
  const std::string phase = backup.Text("/status/phase");
  if (phase != "Completed") return phase.empty() ? "not started" : "phase " + phase;
  if (backup.Number("/status/errors") > 0) {
    return fmt::format("completed with {} errors", backup.Number("/status/errors"));
  }
  const auto expires = backup.TimeAt("/status/expiration");
  if (expires && *expires <= now) return "expired";
  const bool has_volumes = backup.Number("/status/csiVolumeSnapshotsCompleted") > 0 ||
                           backup.Number("/status/volumeSnapshotsCompleted") > 0;
  return has_volumes ? "" : "completed, but without a volume snapshot: holds no data";
}

/// "done" when all bytes are over; the same shape in PodVolumeBackup and DataUpload.
std::string TransferFault(const Object& transfer) {
  const std::string phase = transfer.Text("/status/phase");
  if (phase != "Completed") return phase.empty() ? "not started" : "phase " + phase;
  const std::int64_t done = transfer.Number("/status/progress/bytesDone");
  const std::int64_t total = transfer.Number("/status/progress/totalBytes");
  if (total <= 0 || done != total) return fmt::format("{} of {} bytes", done, total);
  return {};
}

void TellTransfer(const Object& object, const Context& context, std::string_view kind,
                  std::string_view volume, Evidence& out) {
  const std::string fault = TransferFault(object);
  out.push_back(Tell(context, kind, object, fault.empty(),
                     fmt::format("{}: {}", volume, fault.empty() ? "all bytes stored" : fault),
                     object.TimeAt("/status/startTimestamp")));
}

bool IsOfCnpg(const Object& snapshot) {
  const auto labels = snapshot.Labels();
  return std::any_of(labels.begin(), labels.end(),
                     [](const std::string& label) { return label.starts_with("cnpg.io/"); });
}

}  // namespace

void ReadVeleroBackup(const Object& object, const Context& context, Evidence& out) {
  if (!Covers(object, "/spec", context.database_namespace)) return;
  const std::string fault = VeleroFault(object, context.now);
  out.push_back(Tell(context, "Backup", object, fault.empty(),
                     fault.empty() ? "completed with volume snapshots" : fault,
                     object.TimeAt("/status/startTimestamp")));
}

/// lastBackup says that a backup was started, not that it succeeded: a schedule is only ever a sign
/// that none will come.
void ReadVeleroSchedule(const Object& object, const Context& context, Evidence& out) {
  if (!Covers(object, "/spec/template", context.database_namespace)) return;
  const std::string phase = object.Text("/status/phase");
  const bool paused = object.IsTrue("/spec/paused");
  if (!paused && (phase.empty() || phase == "Enabled" || phase == "New")) return;
  out.push_back(Tell(context, "Schedule", object, false, paused ? "paused" : "phase " + phase, {}));
}

void ReadPodVolumeBackup(const Object& object, const Context& context, Evidence& out) {
  const std::string volume = object.Text("/spec/volume");
  const std::string pod = object.Text("/spec/pod/name");
  if (object.Text("/spec/pod/namespace") != context.database_namespace) return;
  if (!LooksLikeDatabase(volume) && !LooksLikeDatabase(pod)) return;
  TellTransfer(object, context, "PodVolumeBackup", fmt::format("volume {} of pod {}", volume, pod),
               out);
}

void ReadDataUpload(const Object& object, const Context& context, Evidence& out) {
  const std::string claim = object.Text("/spec/sourcePVC");
  if (object.Text("/spec/sourceNamespace") != context.database_namespace) return;
  if (LooksLikeDatabase(claim)) TellTransfer(object, context, "DataUpload", "claim " + claim, out);
}

/// The condition Completed is True for failures too: its reason tells.
void ReadK8upBackup(const Object& object, const Context& context, Evidence& out) {
  const auto completed = object.Condition("Completed");
  const bool good = completed.status == "True" && completed.reason == "Succeeded";
  const std::string reason = completed.reason.empty() ? "not completed" : completed.reason;
  out.push_back(Tell(context, "Backup", object, good, reason, completed.time));
}

void ReadVolumeSnapshot(const Object& object, const Context& context, Evidence& out) {
  const std::string claim = object.Text("/spec/source/persistentVolumeClaimName");
  if (!IsOfCnpg(object) && !LooksLikeDatabase(claim) && !LooksLikeDatabase(object.Name())) return;
  const bool bound = !object.Text("/status/boundVolumeSnapshotContentName").empty();
  const bool good = object.IsTrue("/status/readyToUse") && bound && !object.Has("/status/error");
  std::string detail = object.Has("/status/error") ? "failed"
                       : good                      ? "ready to use; consistent as after a crash"
                                                   : "not ready to use";
  out.push_back(Tell(context, "VolumeSnapshot", object, good, std::move(detail),
                     object.TimeAt("/status/creationTime")));
}

/// lastScheduleTime only says that a run was tried.
void ReadCronJob(const Object& object, const Context& context, Evidence& out) {
  if (!LooksLikeBackup(object)) return;
  const auto success = object.TimeAt("/status/lastSuccessfulTime");
  const bool suspended = object.IsTrue("/spec/suspend");
  if (success) {
    out.push_back(Tell(context, "CronJob", object, true,
                       suspended ? "last success; suspended since" : "last success", success));
  } else {
    out.push_back(Tell(context, "CronJob", object, false,
                       suspended ? "suspended, and never succeeded" : "has never succeeded",
                       object.TimeAt("/status/lastScheduleTime")));
  }
}

void ReadJob(const Object& object, const Context& context, Evidence& out) {
  if (!LooksLikeBackup(object)) return;
  const auto failed = object.Condition("Failed");
  if (failed.status == "True") {
    out.push_back(Tell(context, "Job", object, false, "failed: " + failed.reason, failed.time));
  } else if (object.Condition("Complete").status == "True") {
    const auto finished = object.TimeAt("/status/completionTime");
    out.push_back(Tell(context, "Job", object, finished.has_value(), "complete", finished));
  } else {
    out.push_back(
        Tell(context, "Job", object, false, "still running", object.TimeAt("/status/startTime")));
  }
}

}  // namespace datafly::backups

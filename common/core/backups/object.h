#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/core/backups/backups.h"

/// Reading single fields of loosely known objects, private to this folder: kinds of many tools, of
/// many versions. A field that is absent or of another type reads as empty: it then proves nothing,
/// and no rule takes "empty" for good.
namespace datafly::backups {

class Object {
 public:
  explicit Object(simdjson::dom::element element) : element_(element) {}

  /// By JSON pointer: "/status/phase".
  [[nodiscard]] std::string Text(const std::string& pointer) const;
  [[nodiscard]] std::optional<Time> TimeAt(const std::string& pointer) const;
  [[nodiscard]] bool IsTrue(const std::string& pointer) const;
  [[nodiscard]] std::int64_t Number(const std::string& pointer) const;
  [[nodiscard]] bool Has(const std::string& pointer) const;
  [[nodiscard]] std::vector<std::string> Texts(const std::string& pointer) const;
  [[nodiscard]] std::vector<Object> Items(const std::string& pointer) const;
  /// The values of an object.
  [[nodiscard]] std::vector<Object> Members(const std::string& pointer) const;
  /// "key=value" of each label.
  [[nodiscard]] std::vector<std::string> Labels() const;

  [[nodiscard]] std::string Name() const { return Text("/metadata/name"); }
  [[nodiscard]] std::string Namespace() const { return Text("/metadata/namespace"); }
  /// The status condition of that type: its status, reason and time.
  struct ConditionValue {
    std::string status, reason;
    std::optional<Time> time;
  };
  [[nodiscard]] ConditionValue Condition(std::string_view type) const;

 private:
  simdjson::dom::element element_;
};

/// What a rule sees.
struct Context {
  const Source& source;
  std::string_view database_namespace;
  Time now;
};

using Evidence = std::vector<BackupEvidence>;
/// Appends what one object tells; nothing when it is no backup of the database's namespace.
using Rule = void (*)(const Object& object, const Context& context, Evidence& out);

void ReadVeleroBackup(const Object&, const Context&, Evidence&);
void ReadVeleroSchedule(const Object&, const Context&, Evidence&);
void ReadPodVolumeBackup(const Object&, const Context&, Evidence&);
void ReadDataUpload(const Object&, const Context&, Evidence&);
void ReadK8upBackup(const Object&, const Context&, Evidence&);
void ReadVolumeSnapshot(const Object&, const Context&, Evidence&);
void ReadCronJob(const Object&, const Context&, Evidence&);
void ReadJob(const Object&, const Context&, Evidence&);
void ReadCnpgBackup(const Object&, const Context&, Evidence&);
void ReadCnpgCluster(const Object&, const Context&, Evidence&);
void ReadCnpgScheduledBackup(const Object&, const Context&, Evidence&);
void ReadBarmanObjectStore(const Object&, const Context&, Evidence&);
void ReadPostgresCluster(const Object&, const Context&, Evidence&);
void ReadPerconaBackup(const Object&, const Context&, Evidence&);

/// Evidence of `object` under its kind's name: "velero.io/v1 Backup velero/nightly". What has no
/// time is not good: nobody can say how old its data is.
BackupEvidence Tell(const Context& context, std::string_view kind, const Object& object, bool good,
                    std::string detail, std::optional<Time> data_time);

/// Whether the name of a volume, claim or pod is that of a PostgreSQL database.
bool LooksLikeDatabase(std::string_view name);
/// Whether a Job's or CronJob's name or labels say that it backs up (and not Kafka or Redis).
bool LooksLikeBackup(const Object& object);

}  // namespace datafly::backups

#include "common/core/backups/backups.h"

#include "common/core/backups/object.h"

namespace datafly::backups {

namespace {

struct Entry {
  Source source;
  Rule rule;
};

constexpr std::array kEntries = {
    Entry{{"velero.io/v1", "backups", true}, ReadVeleroBackup},
    Entry{{"velero.io/v1", "schedules", true}, ReadVeleroSchedule},
    Entry{{"velero.io/v1", "podvolumebackups", true}, ReadPodVolumeBackup},
    Entry{{"velero.io/v2alpha1", "datauploads", true}, ReadDataUpload},
    Entry{{"postgresql.cnpg.io/v1", "backups", false}, ReadCnpgBackup},
    Entry{{"postgresql.cnpg.io/v1", "clusters", false}, ReadCnpgCluster},
    Entry{{"postgresql.cnpg.io/v1", "scheduledbackups", false}, ReadCnpgScheduledBackup},
    Entry{{"barmancloud.cnpg.io/v1", "objectstores", false}, ReadBarmanObjectStore},
    Entry{{"snapshot.storage.k8s.io/v1", "volumesnapshots", false}, ReadVolumeSnapshot},
    Entry{{"batch/v1", "cronjobs", false}, ReadCronJob},
    Entry{{"batch/v1", "jobs", false}, ReadJob},
    Entry{{"postgres-operator.crunchydata.com/v1beta1", "postgresclusters", false},
          ReadPostgresCluster},
    Entry{{"pgv2.percona.com/v2", "perconapgbackups", false}, ReadPerconaBackup},
    Entry{{"k8up.io/v1", "backups", false}, ReadK8upBackup},
};

constexpr auto MakeSources() {
  std::array<Source, kEntries.size()> sources{};
  for (std::size_t i = 0; i < kEntries.size(); ++i) sources[i] = kEntries[i].source;
  return sources;
}
constexpr auto kSources = MakeSources();

Rule RuleOf(const Source& source) {
  for (const Entry& entry : kEntries) {
    if (entry.source.group_version == source.group_version &&
        entry.source.plural == source.plural) {
      return entry.rule;
    }
  }
  return nullptr;
}

/// Whether the object may be looked at: a list over all namespaces holds other teams' too, which
/// the rules of velero tell apart by what a backup covers.
bool IsNear(const Object& object, const Context& context) {
  return context.source.all_namespaces || object.Namespace().empty() ||
         object.Namespace() == context.database_namespace;
}

/// The newest ones tell all that is asked; thousands of old ones would only fill the snapshot.
void KeepNewest(Evidence& evidence) {
  constexpr std::size_t kKept = 25;
  const auto newer = [](const BackupEvidence& a, const BackupEvidence& b) {
    return a.data_time > b.data_time;
  };
  std::stable_sort(evidence.begin(), evidence.end(), newer);
  // A good one must not be pushed out by failures that came after it.
  const auto first_good = std::find_if(evidence.begin(), evidence.end(),
                                       [](const BackupEvidence& one) { return one.good; });
  if (evidence.size() <= kKept) return;
  if (first_good != evidence.end() && first_good - evidence.begin() >= std::ptrdiff_t{kKept}) {
    std::iter_swap(evidence.begin() + (kKept - 1), first_good);
  }
  evidence.resize(kKept);
}

Error NotAList(const Source& source, std::string_view what) {
  return Error::Protocol(
      fmt::format("the list of {} {}: {}", source.group_version, source.plural, what));
}

}  // namespace

std::span<const Source> Sources() { return kSources; }

Result<std::vector<BackupEvidence>> ReadEvidence(const Source& source, std::string_view list_json,
                                                 std::string_view database_namespace, Time now) {
  const Rule rule = RuleOf(source);
  if (rule == nullptr) return Fail(NotAList(source, "no rule for this kind"));
  if (list_json.empty()) return Fail(NotAList(source, "the reply is empty"));
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (const auto error = parser.parse(list_json.data(), list_json.size()).get(root)) {
    return Fail(NotAList(source, simdjson::error_message(error)));
  }
  simdjson::dom::array items;
  if (root.at_pointer("/items").get(items) != simdjson::SUCCESS) {
    return Fail(NotAList(source, "holds no items"));
  }
  const Context context{source, database_namespace, now};
  Evidence evidence;
  for (const simdjson::dom::element item : items) {
    const Object object(item);
    if (IsNear(object, context)) rule(object, context, evidence);
  }
  KeepNewest(evidence);
  return evidence;
}

}  // namespace datafly::backups

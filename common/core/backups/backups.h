#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/facts/facts.h"

/// What counts as a good backup, tool by tool, from inside Kubernetes (knowledge:
/// lag-migrations-backups, section 4). Pure rules.
namespace datafly::backups {

/// A kind of object that tells of backups, and where to list it.
struct Source {
  std::string_view group_version;  ///< "velero.io/v1"
  std::string_view plural;         ///< "backups"
  bool all_namespaces = false;     ///< velero lives in a namespace of its own
};
std::span<const Source> Sources();

/// The evidence in one list (the JSON of the List as the API server gives it). Objects that have
/// nothing to do with `database_namespace` are left out. A list that cannot be read gives an error,
/// never "no evidence".
Result<std::vector<BackupEvidence>> ReadEvidence(const Source& source, std::string_view list_json,
                                                 std::string_view database_namespace, Time now);

}  // namespace datafly::backups

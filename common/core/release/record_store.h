#pragma once

#include <string_view>

#include "common/core/base/result.h"

namespace datafly::release {

/// Where Helm keeps its release records, by the environment variable HELM_DRIVER (helm pkg/action,
/// Configuration.Init).
enum class RecordStore { Secrets, ConfigMaps, Memory, Sql };

/// "" and "secret(s)" -> Secrets, "configmap(s)" -> ConfigMaps, "memory", "sql". Anything else is
/// Error::InvalidInput, as helm refuses it.
Result<RecordStore> ParseRecordStore(std::string_view driver);

/// The resource that holds the records ("secrets", "configmaps"); "" when no object of the cluster
/// does.
std::string_view ResourceOf(RecordStore store);

/// "sql", for a snapshot.
constexpr std::string_view NameOf(RecordStore store) {
  switch (store) {
    case RecordStore::Secrets:
      return "secrets";
    case RecordStore::ConfigMaps:
      return "configmaps";
    case RecordStore::Memory:
      return "memory";
    case RecordStore::Sql:
      return "sql";
  }
  return {};
}

}  // namespace datafly::release

#include "common/core/release/record_store.h"

#include "common/core/base/text.h"

namespace datafly::release {

Result<RecordStore> ParseRecordStore(std::string_view driver) {
  if (driver.empty() || driver == "secret" || driver == "secrets") return RecordStore::Secrets;
  if (driver == "configmap" || driver == "configmaps") return RecordStore::ConfigMaps;
  if (driver == "memory") return RecordStore::Memory;
  if (driver == "sql") return RecordStore::Sql;
  return Fail(Error::InvalidInput(
      fmt::format("HELM_DRIVER is \"{}\", which helm does not know",
                  Truncate(EscapeForTerminal(driver), 40)),
      "unset it, or set it to secret or configmap, as when the release was installed"));
}

std::string_view ResourceOf(RecordStore store) {
  const bool in_cluster = store == RecordStore::Secrets || store == RecordStore::ConfigMaps;
  return in_cluster ? NameOf(store) : std::string_view();
}

}  // namespace datafly::release

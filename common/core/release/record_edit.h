#pragma once

#include <string>
#include <string_view>

#include "common/core/release/record.h"
#include "common/core/release/record_store.h"

namespace datafly::release {

/// The release's JSON with another info.status and info.description; every other byte stays as Helm
/// wrote it, numbers and order included. Errors: no such JSON.
Result<std::string> WithStatus(std::string_view release_json, Status status,
                               std::string_view description);

/// A stored record ("data.release" of a Secret or ConfigMap, as the API gives it) whose payload
/// says `status`: what Helm's lock reads (helm pkg/action/upgrade.go). The object's labels are the
/// caller's to change. Errors: a record that cannot be read or written.
Result<std::string> StoredWithStatus(std::string_view data_release, RecordStore store,
                                     Status status, std::string_view description);

}  // namespace datafly::release

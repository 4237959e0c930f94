#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/facts/facts.h"

/// The file of `kubectl signal snapshot`: everything that judges may look at, redacted by
/// construction (facts.h). One JSON document, plain or gzip-compressed:
/// {"kind":"SignalSnapshot","schemaVersion":1,"takenAt":…,"toolVersion":…, facts…, "targets":{…}};
/// docs/schemas/snapshot.schema.json is its JSON Schema.
namespace datafly {

struct Snapshot {
  Facts facts;
  std::map<std::string, TargetFacts> targets;  ///< `--to` as given -> what it takes to judge it
};

/// Raised when an older tool could not read a newer file, or would read it wrongly: a field changes
/// its meaning, an enum gains a value. A new field does not: the older tool ignores it.
inline constexpr int kSnapshotSchemaVersion = 1;

enum class SnapshotForm { Gzip, Plain };

/// The same bytes for the same facts. Plain is indented, for people and for repositories.
Result<std::string> SaveSnapshot(const Snapshot& snapshot, SnapshotForm form = SnapshotForm::Gzip);

/// Either form, known by its first bytes. Unknown fields are ignored; a fact that the file does not
/// know is absent (Snapshot). Errors: InvalidInput or TooLarge (more than 128 MiB of JSON), with
/// the remedy, for what is cut, damaged, of another kind, of a newer schema, wrongly typed, or says
/// a thing twice.
Result<Snapshot> LoadSnapshot(std::string_view bytes);

/// The JSON Schema of the plain form (draft 2020-12).
std::string SnapshotSchema();

}  // namespace datafly

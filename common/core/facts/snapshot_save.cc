#include "common/core/base/gzip.h"
#include "common/core/facts/describe_facts.h"
#include "common/core/facts/save_described.h"
#include "common/core/facts/snapshot.h"

namespace datafly {

Result<std::string> SaveSnapshot(const Snapshot& snapshot, SnapshotForm form) {
  JsonWriter out(form == SnapshotForm::Plain);
  out.BeginObject();
  out.Key("kind");
  out.String("SignalSnapshot");
  out.Key("schemaVersion");
  out.Number(std::int64_t{kSnapshotSchemaVersion});
  described::WriteFields(out, snapshot.facts);
  if (!snapshot.targets.empty()) {
    out.Key("targets");
    described::Write(out, snapshot.targets);
  }
  out.EndObject();
  std::string text = out.Take();
  if (form == SnapshotForm::Plain) return text;
  return Gzip(text);
}

}  // namespace datafly

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/kinds/meta.h"
#include "common/core/release/record.h"

/// What the labels of release records tell, without reading one: pure rules on the history of a
/// release.
namespace datafly::release {

/// The label by which an upgrade of ours marks its record (journal::MarkOf).
inline constexpr const char* kMadeBy = "signal.dataflysignal.com/made-by";

/// One record by its labels. `status` is the label's, which Helm's lock does not read (the
/// payload's can differ).
struct RevisionLabel {
  std::string object_name;  ///< "sh.helm.release.v1.datafly.v3"
  std::string release;
  std::string name_space;
  std::int64_t revision = 0;
  Status status = Status::Unknown;
  std::optional<Time> modified_at;  ///< when Helm wrote it last, as far as is known
  std::string uid = {};  ///< of the object, which no other cluster has; "" when helm was asked
  std::optional<std::string> made_by = {};  ///< label kMadeBy or ""; nothing when helm was asked
};

/// Nothing when the object is not a record of Helm's (labels owner=helm, name, version).
std::optional<RevisionLabel> ReadRevisionLabel(const kinds::ObjectMeta& meta);

/// Those of one release, ascending by revision.
using History = std::vector<RevisionLabel>;

/// The histories of all releases among the objects, each ascending, by namespace and name.
std::vector<History> GroupByRelease(const std::vector<kinds::ObjectMeta>& records);

/// The last record, or nullptr.
const RevisionLabel* Newest(const History& history);
/// The last one with status deployed, or nullptr: what an upgrade patches from.
const RevisionLabel* NewestDeployed(const History& history);
/// The last record when its status is pending: by the label, Helm refuses to work.
const RevisionLabel* PendingLock(const History& history);
/// Where a rollback of ours would go: of the revisions before the newest, the last that is labelled
/// deployed; without one, the last superseded (Helm may mark a failed revision so, when one that
/// works follows it). Helm's own `rollback` without a revision takes the one before the last, even
/// a failed one.
const RevisionLabel* RollbackTarget(const History& history);

/// The revisions that are left after Helm created one more with `max_history` (0: no limit): it
/// deletes the oldest, never the last deployed one.
History AfterPruning(const History& history, std::int64_t max_history);

}  // namespace datafly::release

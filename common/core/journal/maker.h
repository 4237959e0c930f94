#pragma once

#include <string>

#include "common/core/journal/operation.h"
#include "common/core/release/history.h"
#include "common/core/release/record.h"

namespace datafly::journal {

/// Who made the revision under the number that an operation meant to make.
enum class Maker {
  Ours,     ///< the operation's helm
  Foreign,  ///< somebody else's: it was sooner, or the operation never came so far
  Unclear   ///< it cannot be told: it is not to be freed, called verified or taken back
};

/// What an upgrade of ours has helm write on its record, as the label release::kMadeBy:
/// "3fa9c1.r4". With the revision, since Helm carries labels on to the revisions that follow (helm
/// pkg/action/upgrade.go, mergeCustomLabels).
std::string MarkOf(const Operation& operation);

/// An upgrade's revision is told by its mark. `helm rollback` takes no labels: of a rollback tell
/// the record's description ("Rollback to 3"), its chart and its time; somebody else's rollback to
/// the very same revision within that time cannot be told from ours. `record` is the revision's.
Maker MakerOf(const Operation& operation, const release::RevisionLabel& label,
              const release::ReleaseRecord& record);

}  // namespace datafly::journal

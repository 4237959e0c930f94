#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/rollout/tracker.h"

/// A rollout as the tracker saw it, to be replayed in virtual time: a line of JSON per change, as
/// redacted as a snapshot (decoded structs, no environment value, no Secret).
namespace datafly {

struct RecordedChange {
  Time at;  ///< when it arrived, by the cluster's clock
  rollout::Change change;
};

/// One line, without its newline.
std::string RecordLine(const RecordedChange& recorded);

/// All lines of a recording. Errors name the line. A file of any size is read; a line of more than
/// 16 MiB is refused.
Result<std::vector<RecordedChange>> LoadRecording(std::string_view text);

}  // namespace datafly

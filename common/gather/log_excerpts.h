#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/gather/gather.h"

namespace datafly::gather {

/// One container's log to read the end of.
struct LogRequest {
  std::string pod;
  std::string container;
  bool previous = false;  ///< of the run before the present one
};

/// Whether the run before the present one tells more: the container runs again after an end.
bool WantsPreviousLog(const kinds::Pod& pod, std::string_view container);

/// The last lines of each log by "Pod/NAME", credentials and control characters taken out. One that
/// cannot be read (no right to get pods/log, a node that does not answer) says so in its one line.
/// Fails only on interruption.
Result<std::map<std::string, std::vector<std::string>>> ReadLogExcerpts(
    Io& io, const std::string& name_space, const std::vector<LogRequest>& requests);

}  // namespace datafly::gather

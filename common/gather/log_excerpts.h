#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/core/rollout/cause.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// One container's log to read the end of.
struct LogRequest {
  std::string pod;
  std::string container;
  bool previous = false;  ///< of the run before the present one
};

/// The log that tells about a cause of this pod; nothing when logs tell nothing of its class. Of a
/// container that ended and runs again it is the log of the run before; of one that is not ready,
/// the present one's.
std::optional<LogRequest> LogThatTells(const rollout::Cause& cause, const kinds::Pod& pod);
/// So many logs are evidence; more is reading for a person.
inline constexpr std::size_t kMostLogs = 6;

/// Takes known secrets out of words, before they are cut: half a secret is not found. May be empty.
using Mask = std::function<std::string(std::string_view words)>;

/// The last lines of each log by "Pod/NAME", credentials and control characters taken out. One that
/// cannot be read (no right to get pods/log, a node that does not answer) says so in its one line.
/// Fails only on interruption.
Result<std::map<std::string, std::vector<std::string>>> ReadLogExcerpts(
    Io& io, const std::string& name_space, const std::vector<LogRequest>& requests,
    const Mask& mask = {});

}  // namespace datafly::gather

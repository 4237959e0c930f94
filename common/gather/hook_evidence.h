#pragma once

#include <string>
#include <vector>

#include "common/core/release/record.h"
#include "common/gather/log_excerpts.h"

namespace datafly::gather {

/// What a hook that did not succeed left in the cluster.
struct HookEvidence {
  std::string object;  ///< "Job/migrate", "Pod/check"
  std::string pod;     ///< "migrate-x7k2p"
  std::string seen;    ///< "container main exited with code 1"
  std::vector<std::string> log;
};

/// Of the hooks that are Jobs or Pods: their pods made from `since` on that failed, or that still
/// do not come up, with the last lines of the container that tells. Empty when there is none (a
/// hook's delete policy may have removed them) or they may not be read. Errors: interrupted.
Result<std::vector<HookEvidence>> ReadHookEvidence(Io& io, const std::string& name_space,
                                                   const std::vector<release::Hook>& hooks,
                                                   Time since, const Mask& mask);

}  // namespace datafly::gather

#pragma once

#include <string>
#include <vector>

#include "common/core/rollout/cause.h"

/// Causes that have one root are told once: one wrong tag on six pods is one thing to mend.
namespace datafly::rollout {

/// Never empty; all of one class.
struct CauseGroup {
  std::string root;  ///< what they share, as shown: the image, the registry, the Secret, the quota,
                     ///< the scheduler's words; empty when only the class and workload are one
  std::vector<Cause> members;
  [[nodiscard]] const CauseSpec& spec() const { return SpecOf(members.front().id); }
  /// Names of the workloads, each once, in order: "Deployment/gateway".
  [[nodiscard]] std::vector<std::string> Workloads() const;
};

/// Grouped, most telling first: failing migrations (others wait for them), then what stops most
/// workloads, then most objects. What is only a consequence (the progress deadline of a workload
/// that has another cause) is left out.
std::vector<CauseGroup> GroupCauses(const std::vector<Cause>& causes);

}  // namespace datafly::rollout

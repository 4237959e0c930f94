#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/kinds/meta.h"
#include "common/core/rollout/cause.h"

/// Why a controller cannot create pods: its condition ReplicaFailure and its events FailedCreate
/// carry the API server's words.
namespace datafly::rollout {

struct Refusal {
  CauseClass id = CauseClass::CreateRefused;
  std::string_view words;  ///< what it means; the name follows; empty when not known
  std::string name;  ///< of the quota, webhook, service account or level, when the words hold one
};
Refusal ClassifyRefusal(std::string_view message);

/// The condition ReplicaFailure when it is True, or null.
const kinds::Condition* FindReplicaFailure(const std::vector<kinds::Condition>& conditions);

/// The cause that the API server's words tell.
Cause RefusalCause(std::string_view message, std::optional<Time> since);

}  // namespace datafly::rollout

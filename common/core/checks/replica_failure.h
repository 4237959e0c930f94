#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/core/checks/check.h"

/// Why a controller cannot create pods: its condition ReplicaFailure carries the API server's
/// words.
namespace datafly::checks {

inline constexpr std::string_view kReplicaFailureCode = "SIG-WRK-005";

enum class RefusalClass {
  Quota,         ///< exceeded quota
  QuotaDemands,  ///< the quota wants a request or limit that the pod does not name
  PodSecurity,
  WebhookDenied,
  WebhookFailing,  ///< the webhook itself does not answer
  ServiceAccount,
  LimitRange,
  PriorityClass,
  Other,
};

struct Refusal {
  RefusalClass kind = RefusalClass::Other;
  std::string name;  ///< of the quota, webhook, service account or level, when the words hold one
};
Refusal ClassifyRefusal(std::string_view message);

/// The message of the condition ReplicaFailure when it is True, or nothing.
std::optional<std::string_view> ReplicaFailureMessage(const kinds::Workload& workload);
/// The failing finding, or nothing.
std::optional<Finding> FindReplicaFailure(const kinds::Workload& workload, const Scope& scope);

}  // namespace datafly::checks

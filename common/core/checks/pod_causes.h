#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/core/checks/check.h"

/// What keeps one pod from being Running and Ready, under the code that reports it
/// (rollout/pod_causes tells causes apart). The pods family reports them; the workloads family
/// looks here so that one cause fails one code.
namespace datafly::checks {

inline constexpr std::string_view kPodNotReadyOtherwise = "SIG-POD-001";
inline constexpr std::string_view kPodCrashLoop = "SIG-POD-002";
inline constexpr std::string_view kPodInitFails = "SIG-POD-003";
inline constexpr std::string_view kPodMigrationFails = "SIG-POD-004";
inline constexpr std::string_view kPodImageNotFound = "SIG-POD-005";
inline constexpr std::string_view kPodImageUnauthorized = "SIG-POD-006";
inline constexpr std::string_view kPodImageUnreachable = "SIG-POD-007";
inline constexpr std::string_view kPodImageRateLimited = "SIG-POD-008";
inline constexpr std::string_view kPodImagePlatform = "SIG-POD-009";
inline constexpr std::string_view kPodImageOther = "SIG-POD-010";
inline constexpr std::string_view kPodConfigError = "SIG-POD-011";
inline constexpr std::string_view kPodOomKilled = "SIG-POD-012";
inline constexpr std::string_view kPodUnschedulable = "SIG-POD-013";
inline constexpr std::string_view kPodFailed = "SIG-POD-014";
inline constexpr std::string_view kPodProbe = "SIG-POD-015";
inline constexpr std::string_view kPodStuckTerminating = "SIG-POD-016";
inline constexpr std::string_view kPodRestarts = "SIG-POD-017";

struct PodCause {
  std::string_view code;  ///< one of the above
  std::string container;  ///< "" when it is about the whole pod
  std::string
      summary;  ///< without the pod's name: "container processor ends with exit code 1 (Error)"
  std::string detail;  ///< the cluster's own words, one line; may be empty
};

/// The one cause of a pod; nothing for a healthy one, for one that ends within its grace, and for a
/// finished (Succeeded) one.
std::optional<PodCause> FindPodCause(const kinds::Pod& pod, const Input& input);

}  // namespace datafly::checks

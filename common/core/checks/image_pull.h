#pragma once

#include <string_view>

/// Why a node could not pull an image, read from the words that the kubelet keeps in the pod's
/// status
/// (`Back-off pulling image "X": ErrImagePull: <the runtime's error>`); events are not needed.
namespace datafly::checks {

enum class PullClass {
  NotFound,      ///< the tag or repository is not in the registry
  Unauthorized,  ///< 401, 403, refused or missing pull secret
  Unreachable,   ///< DNS, network, TLS, proxy, or a registry that fails
  RateLimited,   ///< 429
  Platform,      ///< the image has no variant for the node's platform
  Other,         ///< disk full, a bad name, a policy; or the words are not known
};

struct PullFailure {
  PullClass kind = PullClass::Other;
  std::string_view words;  ///< what it means, for people
  std::string_view hint;   ///< where to look
};

/// Whether a waiting reason is about the image.
bool IsPullReason(std::string_view waiting_reason);

/// By the order platform, rate, authorization, TLS, DNS, network, registry failing, disk, not
/// found: the words of an earlier class may contain those of a later one ("repository does not
/// exist or may require authorization").
PullFailure ClassifyPull(std::string_view waiting_reason, std::string_view message);

}  // namespace datafly::checks

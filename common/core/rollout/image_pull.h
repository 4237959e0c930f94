#pragma once

#include <string_view>

#include "common/core/rollout/cause.h"

/// Why a node could not pull an image, read from the words that the kubelet keeps in the pod's
/// status
/// (`Back-off pulling image "X": ErrImagePull: <the runtime's error>`); events are not needed.
namespace datafly::rollout {

struct PullFailure {
  CauseClass id = CauseClass::ImageOther;
  std::string_view words;  ///< what it means, for people
};

/// Whether a waiting reason is about the image.
bool IsPullReason(std::string_view waiting_reason);

/// By the order platform, rate, authorization, TLS, DNS, network, registry failing, disk, not
/// found: the words of an earlier class may contain those of a later one ("repository does not
/// exist or may require authorization").
PullFailure ClassifyPull(std::string_view waiting_reason, std::string_view message);

}  // namespace datafly::rollout

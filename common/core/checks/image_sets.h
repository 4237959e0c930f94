#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/checks/check.h"

/// What the judges of images have in common: images.cc (are they there), image_platforms.cc (are
/// they built for the nodes).
namespace datafly::checks {

inline constexpr std::string_view kImageExists = "SIG-IMG-001";
inline constexpr std::string_view kImageSecretRefused = "SIG-IMG-002";
inline constexpr std::string_view kImageSecretOfOther = "SIG-IMG-003";
inline constexpr std::string_view kImageNoSecret = "SIG-IMG-004";
inline constexpr std::string_view kImagePlatforms = "SIG-IMG-005";

/// One list of images: today's, or the target's.
struct ImageSet {
  const std::vector<ImageFacts>* images;
  bool is_target;
};

/// "image ghcr.io/datafly/x:v1"
std::string ImageObject(const ImageFacts& image);
/// "used by Deployment/x and Deployment/y", or "".
std::string UsedBy(const ImageFacts& image);
/// How many images there are; one that stands in both lists counts once.
std::string CountImages(const std::vector<ImageSet>& sets);

/// The code under which a pod already fails to pull this image, when that tells the same story as
/// `code`; or empty. One cause has one failing code.
std::string_view CodeInPods(const ImageFacts& image, const Input& input, std::string_view code);

/// The finding of SIG-IMG-005 about an image that is not built for every node; nothing when it is,
/// or when the image or the platforms are not known. Needs facts.nodes.
std::optional<Finding> JudgeImagePlatforms(const ImageFacts& image, const Input& input);

/// SIG-IMG-005 when no image has a finding of its own.
Finding NoPlatformFinding(const std::vector<ImageSet>& sets, const Input& input);

/// SIG-IMG-005 without a word of a registry: what runs on every platform of the nodes is built for
/// them.
Finding PlatformsByPods(const Input& input);

}  // namespace datafly::checks

#include "common/core/checks/image_sets.h"

#include "common/core/checks/pod_causes.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Pod;

/// Codes of pods that tell the same story about an image: one cause, one failing code.
bool TellsTheSame(std::string_view pod_code, std::string_view code) {
  if (code == kImageExists) return pod_code == kPodImageNotFound;
  if (code == kImagePlatforms)
    return pod_code == kPodImagePlatform || pod_code == kPodImageNotFound;
  return pod_code == kPodImageUnauthorized;
}

}  // namespace

std::string ImageObject(const ImageFacts& image) { return "image " + image.reference; }

std::string UsedBy(const ImageFacts& image) {
  return image.used_by.empty() ? "" : "used by " + JoinNames(image.used_by);
}

std::string CountImages(const std::vector<ImageSet>& sets) {
  std::set<std::string_view> references;
  for (const ImageSet& set : sets) {
    for (const ImageFacts& image : *set.images) references.insert(image.reference);
  }
  return Count(static_cast<std::int64_t>(references.size()), "image");
}

std::string_view CodeInPods(const ImageFacts& image, const Input& input, std::string_view code) {
  if (!input.facts.pods) return {};
  for (const Pod& pod : *input.facts.pods) {
    const bool uses = std::any_of(
        pod.containers.begin(), pod.containers.end(),
        [&](const kinds::ContainerStatus& one) { return one.image == image.reference; });
    if (!uses) continue;
    const auto cause = FindPodCause(pod, input);
    if (cause && TellsTheSame(cause->code, code)) return cause->code;
  }
  return {};
}

}  // namespace datafly::checks

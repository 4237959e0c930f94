#include "common/core/checks/absent.h"
#include "common/core/checks/image_sets.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Pod;
using State = ImageFacts::State;

/// "linux/arm64" is served by "linux/arm64" and "linux/arm64/v8".
bool Serves(const std::vector<std::string>& platforms, const std::string& wanted) {
  return std::any_of(platforms.begin(), platforms.end(), [&](const std::string& platform) {
    return platform == wanted || platform.starts_with(wanted + "/");
  });
}

std::string PlatformOf(const kinds::Node& node) {
  return (node.os.empty() ? "linux" : node.os) + "/" + node.architecture;
}

std::set<std::string> NodePlatforms(const std::vector<kinds::Node>& nodes) {
  std::set<std::string> platforms;
  for (const kinds::Node& node : nodes) {
    if (!node.architecture.empty()) platforms.insert(PlatformOf(node));
  }
  return platforms;
}

using PlatformByNode = std::map<std::string_view, std::string>;

PlatformByNode PlatformsByName(const std::vector<kinds::Node>& nodes) {
  PlatformByNode platforms;
  for (const kinds::Node& node : nodes) platforms[node.meta.name] = PlatformOf(node);
  return platforms;
}

/// Platforms of the nodes on which Ready pods run the workload: its images are built for those.
std::set<std::string> ProvenPlatforms(const kinds::Workload& workload, const Facts& facts,
                                      const PlatformByNode& by_node) {
  std::set<std::string> platforms;
  for (const Pod* pod : PodsOf(facts, workload)) {
    const auto node = by_node.find(pod->node);
    if (IsReady(*pod) && node != by_node.end()) platforms.insert(node->second);
  }
  return platforms;
}

bool ProvenByPods(const Input& input) {
  const Facts& facts = input.facts;
  const auto workloads = WorkloadsOfRelease(facts, input.profile.part_of_label);
  if (!facts.nodes || !facts.pods || workloads.empty()) return false;
  const auto wanted = NodePlatforms(*facts.nodes);
  const auto by_node = PlatformsByName(*facts.nodes);
  return std::all_of(workloads.begin(), workloads.end(), [&](const kinds::Workload* workload) {
    const auto have = ProvenPlatforms(*workload, facts, by_node);
    return !have.empty() && std::includes(have.begin(), have.end(), wanted.begin(), wanted.end());
  });
}

bool SaysNothingOfPlatforms(const std::vector<ImageSet>& sets) {
  return std::all_of(sets.begin(), sets.end(), [](const ImageSet& set) {
    return std::all_of(set.images->begin(), set.images->end(),
                       [](const ImageFacts& image) { return image.platforms.empty(); });
  });
}

bool NoneIsKnownToExist(const std::vector<ImageSet>& sets) {
  return std::all_of(sets.begin(), sets.end(), [](const ImageSet& set) {
    return std::all_of(set.images->begin(), set.images->end(),
                       [](const ImageFacts& image) { return image.state != State::Exists; });
  });
}

}  // namespace

/// Where a pod of these workloads may land cannot be told from the image: all nodes count.
std::optional<Finding> JudgeImagePlatforms(const ImageFacts& image, const Input& input) {
  if (image.state != State::Exists || image.platforms.empty()) return std::nullopt;
  std::vector<std::string> missing;
  const auto wanted = NodePlatforms(*input.facts.nodes);
  for (const std::string& platform : wanted) {
    if (!Serves(image.platforms, platform)) missing.push_back(platform);
  }
  if (missing.empty()) return std::nullopt;
  const std::string seen = fmt::format("built for {}, not for the nodes' {}",
                                       JoinNames(image.platforms), JoinNames(missing));
  const std::string_view in_pods = CodeInPods(image, input, kImagePlatforms);
  if (!in_pods.empty()) {
    return MakeSkipped(kImagePlatforms, fmt::format("{}; see {}", seen, in_pods),
                       ImageObject(image));
  }
  // With nodes of several platforms the pods may be kept to the right ones by selectors.
  const bool runs_nowhere = missing.size() == wanted.size();
  Finding finding = Make(kImagePlatforms, runs_nowhere ? CheckVerdict::Fail : CheckVerdict::Warn,
                         ImageObject(image), seen);
  if (!image.used_by.empty()) finding.evidence.push_back(UsedBy(image));
  return finding;
}

Finding NoPlatformFinding(const std::vector<ImageSet>& sets, const Input& input) {
  if (!input.facts.nodes) {
    return MakeUnknown(kImagePlatforms, "nodes", input.facts.nodes.absence(), input.facts.scope);
  }
  if (NoneIsKnownToExist(sets)) {
    return MakeSkipped(kImagePlatforms, "no image was seen in its registry (SIG-IMG-001)");
  }
  if (SaysNothingOfPlatforms(sets)) {
    return MakeUnknown(kImagePlatforms, "images",
                       {AbsenceKind::NotFound, "the registries do not say the platforms", {}},
                       input.facts.scope);
  }
  return Make(kImagePlatforms, CheckVerdict::Pass, {}, CountImages(sets));
}

Finding PlatformsByPods(const Input& input) {
  if (!ProvenByPods(input)) {
    return MakeSkipped(kImagePlatforms, "the images were not looked at (SIG-IMG-001)");
  }
  return Make(
      kImagePlatforms, CheckVerdict::Pass, {},
      fmt::format("Ready pods run them on {}", fmt::join(NodePlatforms(*input.facts.nodes), ", ")));
}

}  // namespace datafly::checks

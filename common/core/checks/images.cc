#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/pod_causes.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Pod;
using State = ImageFacts::State;

constexpr std::string_view kExists = "SIG-IMG-001";
constexpr std::string_view kRefused = "SIG-IMG-002";
constexpr std::string_view kNoSecretForIt = "SIG-IMG-003";
constexpr std::string_view kNoSecret = "SIG-IMG-004";
constexpr std::string_view kPlatforms = "SIG-IMG-005";

constexpr std::array kSpecs = {
    CheckSpec{kExists, "The images are in their registries", Requirement::Advisory, true,
              "A tag that does not exist stops the rollout at its first pod, and stops pods of "
              "today from being started anew.",
              "Push the image, or correct the tag in the values.",
              "OCI distribution: HEAD manifest, a definite 404. This machine's view of a registry "
              "is not the node's: only certain answers count"},
    CheckSpec{kRefused, "The release's pull secrets are accepted", Requirement::Advisory, true,
              "The registry refuses the account in the release's imagePullSecrets; the nodes use "
              "the same one.",
              "Renew the account in the Secret that imagePullSecrets names.",
              "OCI distribution: 401 or 403 with the release's credentials"},
    CheckSpec{kNoSecretForIt, "The pull secrets cover every private registry",
              Requirement::Advisory, true,
              "The registry wants a login and none of the release's pull secrets is for it. The "
              "nodes may have one of their own.",
              "Add an account for this registry to the release's pull secrets.",
              "OCI distribution: 401 or 403 without credentials; imagePullSecrets"},
    CheckSpec{kNoSecret, "A private registry has a pull secret", Requirement::Advisory, true,
              "The registry wants a login and the release has no imagePullSecrets at all. The "
              "nodes may have credentials of their own.",
              "Create a pull secret and name it in the values' imagePullSecrets.",
              "OCI distribution: 401 or 403 without credentials; imagePullSecrets"},
    CheckSpec{kPlatforms, "The images are built for the nodes", Requirement::Advisory, true,
              "A pod that lands on a node of another architecture can never start.",
              "Use an image with a manifest for each platform of the nodes.",
              "OCI image index: manifests[].platform; node.status.nodeInfo"},
};

/// One list of images: today's, or the target's.
struct ImageSet {
  const std::vector<ImageFacts>* images;
  bool is_target;
};

std::string ObjectOf(const ImageFacts& image) { return "image " + image.reference; }

std::string UsedBy(const ImageFacts& image) {
  return image.used_by.empty() ? "" : "used by " + JoinNames(image.used_by);
}

/// Codes of pods that tell the same story about an image: one cause, one failing code.
bool TellsTheSame(std::string_view pod_code, std::string_view code) {
  if (code == kExists) return pod_code == kPodImageNotFound;
  if (code == kPlatforms) return pod_code == kPodImagePlatform || pod_code == kPodImageNotFound;
  return pod_code == kPodImageUnauthorized;
}

/// The code under which a pod already fails to pull this image, or empty.
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

/// A Ready pod runs the image: the nodes can pull it, whatever the registry says to this machine.
bool RunsSomewhere(const ImageFacts& image, const Facts& facts) {
  if (!facts.pods) return false;
  return std::any_of(facts.pods->begin(), facts.pods->end(), [&](const Pod& pod) {
    return IsReady(pod) && std::any_of(pod.containers.begin(), pod.containers.end(),
                                       [&](const kinds::ContainerStatus& one) {
                                         return one.image == image.reference;
                                       });
  });
}

std::string_view CodeOf(const ImageFacts& image, bool release_has_secrets) {
  switch (image.state) {
    case State::PullSecretRefused:
      return kRefused;
    case State::Unauthorized:
      return release_has_secrets ? kNoSecretForIt : kNoSecret;
    default:
      return kExists;
  }
}

std::string_view SeenOf(State state) {
  switch (state) {
    case State::NoSuchTag:
      return "the registry says that it does not exist";
    case State::PullSecretRefused:
      return "the registry refuses the release's pull secret";
    case State::Unauthorized:
      return "the registry wants a login; this machine has none, the nodes may";
    case State::NoAnswer:
      return "the registry cannot be asked from here; the nodes may reach it";
    case State::Exists:
      break;
  }
  return "exists";
}

CheckVerdict VerdictOf(State state) {
  switch (state) {
    case State::NoSuchTag:
    case State::PullSecretRefused:
      return CheckVerdict::Fail;
    case State::Unauthorized:
    case State::NoAnswer:
      return CheckVerdict::Unknown;
    case State::Exists:
      break;
  }
  return CheckVerdict::Pass;
}

/// "registry.example" of "registry.example/datafly/x:v1"; what has no host is of Docker Hub.
std::string RegistryOf(std::string_view reference) {
  const std::string_view host = reference.substr(0, reference.find('/'));
  const bool is_host = host.size() < reference.size() &&
                       (host.find_first_of(".:") != std::string_view::npos || host == "localhost");
  return is_host ? std::string(host) : "docker.io";
}

std::string CreateSecret(const ImageFacts& image, const Scope& scope) {
  return fmt::format(
      "{} create secret docker-registry datafly-registry --docker-server={} "
      "--docker-username=USER --docker-password=PASSWORD, and name it in the values' "
      "imagePullSecrets",
      Kubectl(scope), ShellQuote(RegistryOf(image.reference)));
}

std::string RemedyOf(const ImageFacts& image, const Scope& scope) {
  switch (image.state) {
    case State::Unauthorized:
      return CreateSecret(image, scope);
    case State::NoAnswer:
      return fmt::format("Check the way to {} from here and from the nodes.",
                         RegistryOf(image.reference));
    default:
      return {};
  }
}

/// What is known is a fact about the release, so it warns; whether the nodes get in is not known.
Finding NoSecretFor(const ImageFacts& image, const Scope& scope) {
  const std::string registry = RegistryOf(image.reference);
  Finding finding =
      Make(kNoSecret, CheckVerdict::Warn, "registry " + registry,
           "wants a login, and the release names no pull secret; the nodes may have one",
           CreateSecret(image, scope));
  finding.needs = registry;
  return finding;
}

/// Nothing for an image that exists.
std::optional<Finding> JudgeState(const ImageFacts& image, const Input& input, bool has_secrets) {
  if (image.state == State::Exists) return std::nullopt;
  const std::string_view code = CodeOf(image, has_secrets);
  const std::string_view in_pods = CodeInPods(image, input, code);
  if (!in_pods.empty()) {
    return MakeSkipped(code, fmt::format("{}; see {}", SeenOf(image.state), in_pods),
                       ObjectOf(image));
  }
  const bool proven = image.state != State::NoSuchTag && RunsSomewhere(image, input.facts);
  if (proven) {
    return Make(code, CheckVerdict::Pass, ObjectOf(image),
                "not to be judged from here, but Ready pods run it");
  }
  Finding finding = code == kNoSecret ? NoSecretFor(image, input.facts.scope)
                                      : Make(code, VerdictOf(image.state), ObjectOf(image),
                                             std::string(SeenOf(image.state)),
                                             RemedyOf(image, input.facts.scope));
  if (finding.verdict == CheckVerdict::Unknown) finding.needs = RegistryOf(image.reference);
  if (!image.detail.empty()) finding.evidence.push_back(OneLine(image.detail));
  if (!image.used_by.empty()) finding.evidence.push_back(UsedBy(image));
  return finding;
}

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

/// Where a pod of these workloads may land cannot be told from the image: all nodes count.
std::optional<Finding> JudgePlatforms(const ImageFacts& image, const Input& input) {
  if (image.state != State::Exists || image.platforms.empty()) return std::nullopt;
  std::vector<std::string> missing;
  const auto wanted = NodePlatforms(*input.facts.nodes);
  for (const std::string& platform : wanted) {
    if (!Serves(image.platforms, platform)) missing.push_back(platform);
  }
  if (missing.empty()) return std::nullopt;
  const std::string seen = fmt::format("built for {}, not for the nodes' {}",
                                       JoinNames(image.platforms), JoinNames(missing));
  const std::string_view in_pods = CodeInPods(image, input, kPlatforms);
  if (!in_pods.empty()) {
    return MakeSkipped(kPlatforms, fmt::format("{}; see {}", seen, in_pods), ObjectOf(image));
  }
  // With nodes of several platforms the pods may be kept to the right ones by selectors.
  const bool runs_nowhere = missing.size() == wanted.size();
  Finding finding = Make(kPlatforms, runs_nowhere ? CheckVerdict::Fail : CheckVerdict::Warn,
                         ObjectOf(image), seen);
  if (!image.used_by.empty()) finding.evidence.push_back(UsedBy(image));
  return finding;
}

bool ReleaseHasSecrets(const Facts& facts, const ImageSet& set) {
  const auto has = [](const kinds::Workload& workload) {
    return !workload.pod.image_pull_secrets.empty();
  };
  if (set.is_target) {
    const auto& workloads = facts.target->rendered.workloads;
    return std::any_of(workloads.begin(), workloads.end(), has);
  }
  if (!facts.release) return false;
  const auto& workloads = facts.release->rendered.workloads;
  return std::any_of(workloads.begin(), workloads.end(), has);
}

std::vector<ImageSet> KnownSets(const Facts& facts) {
  std::vector<ImageSet> sets;
  if (facts.images) sets.push_back({&*facts.images, false});
  if (facts.target && facts.target->images) sets.push_back({&*facts.target->images, true});
  return sets;
}

/// One finding for a registry, however many images come from it.
void Add(std::vector<Finding>& out, Finding finding) {
  for (Finding& other : out) {
    if (finding.code != kNoSecret || other.code != kNoSecret || other.object != finding.object) {
      continue;
    }
    for (std::string& line : finding.evidence) {
      if (std::find(other.evidence.begin(), other.evidence.end(), line) == other.evidence.end()) {
        other.evidence.push_back(std::move(line));
      }
    }
    BoundEvidence(other.evidence);
    return;
  }
  out.push_back(std::move(finding));
}

/// Both lists may name the same image; it is judged once.
std::vector<Finding> JudgeSets(const std::vector<ImageSet>& sets, const Input& input) {
  std::vector<Finding> out;
  std::set<std::string_view> seen;
  for (const ImageSet& set : sets) {
    const bool has_secrets = ReleaseHasSecrets(input.facts, set);
    for (const ImageFacts& image : *set.images) {
      if (!seen.insert(image.reference).second) continue;
      if (auto finding = JudgeState(image, input, has_secrets)) Add(out, std::move(*finding));
      if (!input.facts.nodes) continue;
      if (auto finding = JudgePlatforms(image, input)) out.push_back(std::move(*finding));
    }
  }
  return out;
}

std::size_t CountImages(const std::vector<ImageSet>& sets) {
  std::set<std::string_view> references;
  for (const ImageSet& set : sets) {
    for (const ImageFacts& image : *set.images) references.insert(image.reference);
  }
  return references.size();
}

/// The absence that says why no image was looked at: the target's, when there is one to be upgraded
/// to.
const Absence& WhyNone(const Facts& facts) {
  return facts.target ? facts.target->images.absence() : facts.images.absence();
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

/// Without a word of a registry: what runs on every platform of the nodes is built for them.
Finding PlatformsByPods(const Input& input) {
  if (!ProvenByPods(input)) {
    return MakeSkipped(kPlatforms, "the images were not looked at (SIG-IMG-001)");
  }
  return Make(
      kPlatforms, CheckVerdict::Pass, {},
      fmt::format("Ready pods run them on {}", fmt::join(NodePlatforms(*input.facts.nodes), ", ")));
}

std::vector<Finding> WithoutImages(const Input& input) {
  const Facts& facts = input.facts;
  const Absence& absence = WhyNone(facts);
  const bool not_asked = absence.kind == AbsenceKind::NotAsked;
  std::vector<Finding> out{
      not_asked ? MakeSkipped(kExists, "judged with --to; today's pods show their own pulls")
                : MakeUnknown(kExists, "images", absence, facts.scope)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    const bool by_pods = not_asked && spec.code == kPlatforms;
    out.push_back(by_pods ? PlatformsByPods(input)
                          : MakeSkipped(spec.code, "the images were not looked at (SIG-IMG-001)"));
  }
  return out;
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

Finding NothingFound(const CheckSpec& spec, const std::vector<ImageSet>& sets, const Input& input) {
  const std::string count = Count(static_cast<std::int64_t>(CountImages(sets)), "image");
  if (spec.code == kPlatforms && !input.facts.nodes) {
    return MakeUnknown(spec.code, "nodes", input.facts.nodes.absence(), input.facts.scope);
  }
  if (spec.code == kPlatforms && NoneIsKnownToExist(sets)) {
    return MakeSkipped(spec.code, "no image was seen in its registry (SIG-IMG-001)");
  }
  if (spec.code == kPlatforms && SaysNothingOfPlatforms(sets)) {
    return MakeUnknown(spec.code, "images",
                       {AbsenceKind::NotFound, "the registries do not say the platforms", {}},
                       input.facts.scope);
  }
  return Make(spec.code, CheckVerdict::Pass, {}, count);
}

std::vector<Finding> JudgeImages(const Input& input) {
  const auto sets = KnownSets(input.facts);
  if (sets.empty()) return WithoutImages(input);
  const std::vector<Finding> judged = JudgeSets(sets, input);
  std::vector<Finding> out;
  for (const CheckSpec& spec : kSpecs) {
    const std::size_t before = out.size();
    for (const Finding& finding : judged) {
      if (finding.code == spec.code) out.push_back(finding);
    }
    if (out.size() == before) out.push_back(NothingFound(spec, sets, input));
  }
  const bool target_unknown = input.facts.target && !input.facts.target->images &&
                              input.facts.target->images.absence().kind != AbsenceKind::NotAsked;
  if (target_unknown) {
    out.insert(out.begin(), MakeUnknown(kExists, "the target's images",
                                        input.facts.target->images.absence(), input.facts.scope));
  }
  return out;
}

}  // namespace

const Family kImagesFamily{"images", "Images", kSpecs, JudgeImages};

}  // namespace datafly::checks

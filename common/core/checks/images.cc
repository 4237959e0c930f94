#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/image_sets.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Pod;
using State = ImageFacts::State;

constexpr std::array kSpecs = {
    CheckSpec{kImageExists, "The images are in their registries", Requirement::Advisory, true,
              "A tag that does not exist stops the rollout at its first pod, and stops pods of "
              "today from being started anew.",
              "Push the image, or correct the tag in the values.",
              "OCI distribution: HEAD manifest, a definite 404. This machine's view of a registry "
              "is not the node's: only certain answers count"},
    CheckSpec{kImageSecretRefused, "The release's pull secrets are accepted", Requirement::Advisory,
              true,
              "The registry refuses the account in the release's imagePullSecrets; the nodes use "
              "the same one.",
              "Renew the account in the Secret that imagePullSecrets names.",
              "OCI distribution: 401 or 403 with the release's credentials"},
    CheckSpec{kImageSecretOfOther, "The pull secrets cover every private registry",
              Requirement::Advisory, true,
              "The registry wants a login and none of the release's pull secrets is for it. The "
              "nodes may have one of their own.",
              "Add an account for this registry to the release's pull secrets.",
              "OCI distribution: 401 or 403 without credentials; imagePullSecrets"},
    CheckSpec{kImageNoSecret, "A private registry has a pull secret", Requirement::Advisory, true,
              "The registry wants a login and the release has no imagePullSecrets at all. The "
              "nodes may have credentials of their own.",
              "Create a pull secret and name it in the values' imagePullSecrets.",
              "OCI distribution: 401 or 403 without credentials; imagePullSecrets"},
    CheckSpec{kImagePlatforms, "The images are built for the nodes", Requirement::Advisory, true,
              "A pod that lands on a node of another architecture can never start.",
              "Use an image with a manifest for each platform of the nodes.",
              "OCI image index: manifests[].platform; node.status.nodeInfo"},
};

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
      return kImageSecretRefused;
    case State::Unauthorized:
      return release_has_secrets ? kImageSecretOfOther : kImageNoSecret;
    default:
      return kImageExists;
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
      Make(kImageNoSecret, CheckVerdict::Warn, "registry " + registry,
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
                       ImageObject(image));
  }
  const bool proven = image.state != State::NoSuchTag && RunsSomewhere(image, input.facts);
  if (proven) {
    return Make(code, CheckVerdict::Pass, ImageObject(image),
                "not to be judged from here, but Ready pods run it");
  }
  Finding finding = code == kImageNoSecret ? NoSecretFor(image, input.facts.scope)
                                           : Make(code, VerdictOf(image.state), ImageObject(image),
                                                  std::string(SeenOf(image.state)),
                                                  RemedyOf(image, input.facts.scope));
  if (finding.verdict == CheckVerdict::Unknown) finding.needs = RegistryOf(image.reference);
  if (!image.detail.empty()) finding.evidence.push_back(OneLine(image.detail));
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
    if (finding.code != kImageNoSecret || other.code != kImageNoSecret ||
        other.object != finding.object) {
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
      if (auto finding = JudgeImagePlatforms(image, input)) out.push_back(std::move(*finding));
    }
  }
  return out;
}

/// The absence that says why no image was looked at: the target's, when there is one to be upgraded
/// to.
const Absence& WhyNone(const Facts& facts) {
  return facts.target ? facts.target->images.absence() : facts.images.absence();
}

std::vector<Finding> WithoutImages(const Input& input) {
  const Facts& facts = input.facts;
  const Absence& absence = WhyNone(facts);
  const bool not_asked = absence.kind == AbsenceKind::NotAsked;
  std::vector<Finding> out{
      not_asked ? MakeSkipped(kImageExists, "judged with --to; today's pods show their own pulls")
                : MakeUnknown(kImageExists, "images", absence, facts.scope)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    const bool by_pods = not_asked && spec.code == kImagePlatforms;
    out.push_back(by_pods ? PlatformsByPods(input)
                          : MakeSkipped(spec.code, "the images were not looked at (SIG-IMG-001)"));
  }
  return out;
}

Finding NothingFound(const CheckSpec& spec, const std::vector<ImageSet>& sets, const Input& input) {
  if (spec.code == kImagePlatforms) return NoPlatformFinding(sets, input);
  return Make(spec.code, CheckVerdict::Pass, {}, CountImages(sets));
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
    out.insert(out.begin(), MakeUnknown(kImageExists, "the target's images",
                                        input.facts.target->images.absence(), input.facts.scope));
  }
  return out;
}

}  // namespace

const Family kImagesFamily{"images", "Images", kSpecs, JudgeImages};

}  // namespace datafly::checks

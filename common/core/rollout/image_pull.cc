#include "common/core/rollout/image_pull.h"

#include "common/core/base/text.h"

namespace datafly::rollout {

namespace {

using enum CauseClass;

constexpr PullFailure kPlatform{ImagePlatform, "the image has no variant for the node's platform"};
constexpr PullFailure kRate{ImageRateLimited, "the registry limits the rate of pulls"};
constexpr PullFailure kAuth{ImageUnauthorized, "the registry does not let the node in"};
constexpr PullFailure kTls{ImageTls, "TLS to the registry fails on the node"};
constexpr PullFailure kDns{ImageDns, "the node cannot resolve the registry's name"};
constexpr PullFailure kNetwork{ImageNetwork, "the node cannot reach the registry"};
constexpr PullFailure kRegistry{ImageRegistryFails, "the registry fails"};
constexpr PullFailure kDisk{ImageDiskFull, "the node's disk is full"};
constexpr PullFailure kNotFound{ImageNotFound, "the registry has no such tag or repository"};
constexpr PullFailure kName{ImageNameInvalid, "the image's name is not valid"};
constexpr PullFailure kNever{ImageNeverPull,
                             "the image is not on the node and imagePullPolicy is Never"};
constexpr PullFailure kSignature{ImageSignature, "the image's signature is not accepted"};
constexpr PullFailure kUnknown{ImageOther, "the status does not say why"};

struct Pattern {
  std::string_view needle;  // lower case
  const PullFailure* failure;
};

/// In the order of the header; substrings of containerd's and Docker's messages.
constexpr Pattern kPatterns[] = {
    {"no match for platform in manifest", &kPlatform},
    {"no matching manifest for", &kPlatform},
    {"does not match the specified platform", &kPlatform},
    {"429 too many requests", &kRate},
    {"toomanyrequests", &kRate},
    {"pull rate limit", &kRate},
    {"pull access denied", &kAuth},
    {"may require authorization", &kAuth},
    {"authorization failed", &kAuth},
    {"401 unauthorized", &kAuth},
    {"unauthorized: authentication required", &kAuth},
    {"denied: requested access", &kAuth},
    {"no basic auth credentials", &kAuth},
    {"403 forbidden", &kAuth},
    {"x509:", &kTls},
    {"server gave http response to https client", &kTls},
    {"tls: ", &kTls},
    {"no such host", &kDns},
    {"server misbehaving", &kDns},
    {"dial tcp: lookup ", &kDns},
    {"i/o timeout", &kNetwork},
    {"connection refused", &kNetwork},
    {"no route to host", &kNetwork},
    {"network is unreachable", &kNetwork},
    {"connection reset by peer", &kNetwork},
    {"context deadline exceeded", &kNetwork},
    {"proxyconnect", &kNetwork},
    {": eof", &kNetwork},
    {"no space left on device", &kDisk},
    {"manifest unknown", &kNotFound},
    {"name unknown", &kNotFound},
    {"404 not found", &kNotFound},
    {": not found", &kNotFound},
};

/// "unexpected status from HEAD request to https://…: 503 Service Unavailable"; containerd 1.6:
/// "pulling from host H failed with status code [manifests v1]: 503 Service Unavailable".
bool SaysServerError(std::string_view lower) {
  for (const std::string_view words : {"unexpected status from ", "failed with status code ["}) {
    const std::size_t status = lower.find(words);
    if (status != std::string_view::npos && lower.find(": 5", status) != std::string_view::npos)
      return true;
  }
  return false;
}

const PullFailure* ByReason(std::string_view reason) {
  if (reason == "ErrImageNeverPull") return &kNever;
  if (reason == "InvalidImageName") return &kName;
  if (reason == "SignatureValidationFailed") return &kSignature;
  return nullptr;
}

/// "failed to fetch oauth token: unexpected status from GET request to …: 401" without its words.
bool SaysRefusedToken(std::string_view lower) {
  const std::size_t token = lower.find("failed to fetch ");
  if (token == std::string_view::npos) return false;
  return lower.find(": 401", token) != std::string_view::npos ||
         lower.find(": 403", token) != std::string_view::npos;
}

}  // namespace

bool IsPullReason(std::string_view reason) {
  constexpr std::string_view kReasons[] = {"ErrImagePull",
                                           "ImagePullBackOff",
                                           "ErrImageNeverPull",
                                           "InvalidImageName",
                                           "ImageInspectError",
                                           "RegistryUnavailable",
                                           "SignatureValidationFailed",
                                           "RROUnsupported",
                                           "ImageVolumeMountFailed"};
  return std::find(std::begin(kReasons), std::end(kReasons), reason) != std::end(kReasons);
}

PullFailure ClassifyPull(std::string_view waiting_reason, std::string_view message) {
  if (const PullFailure* known = ByReason(waiting_reason)) return *known;
  const std::string lower = ToLower(message);
  if (SaysRefusedToken(lower)) return kAuth;
  for (const Pattern& pattern : kPatterns) {
    if (pattern.failure == &kDisk && SaysServerError(lower)) return kRegistry;
    if (lower.find(pattern.needle) != std::string::npos) return *pattern.failure;
  }
  return waiting_reason == "RegistryUnavailable" ? kNetwork : kUnknown;
}

}  // namespace datafly::rollout

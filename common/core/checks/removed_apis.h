#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace datafly::checks {

/// One API version that Kubernetes itself has removed, or has said when it will. Source: the
/// Kubernetes deprecation guide (kubernetes.io/docs/reference/using-api/deprecation-guide) and the
/// release notes of each version.
struct RemovedApi {
  std::string_view group_version;  ///< "policy/v1beta1"
  std::string_view kind;           ///< "PodDisruptionBudget"
  int minor;                       ///< no longer served from 1.<minor> on
  std::string_view replacement;    ///< "policy/v1", or empty when there is none
};

std::span<const RemovedApi> RemovedApis();

/// The entry of that version and kind, or nullptr.
const RemovedApi* FindRemovedApi(std::string_view group_version, std::string_view kind);

/// 36 of "v1.36.3-eks-1" and of "v1.36+"; nothing when it is not a version of Kubernetes 1.
std::optional<int> KubernetesMinor(std::string_view git_version);

/// A kind that the server did not have when helm wanted to build its objects.
struct MissingKind {
  std::string api_version;
  std::string kind;
};
/// Those that helm's error names: no matches for kind "K" in version "V" (apimachinery's
/// NoKindMatchError).
std::vector<MissingKind> MissingKindsIn(std::string_view helm_error);
/// Whether that error is about the deployed revision's manifest instead of the target's.
bool IsAboutTodaysManifest(std::string_view helm_error);

}  // namespace datafly::checks

#pragma once

#include <string>
#include <string_view>

namespace datafly::checks {

/// The resource that serves a kind: what RBAC names. Known for the kinds of Kubernetes and of
/// common operators; else guessed as Kubernetes' own default does it (lower case, plural by
/// ending), and namespaced.
struct ResourceName {
  std::string group;
  std::string resource;  ///< "deployments"
  bool namespaced = true;
  bool guessed = false;
};
ResourceName ResourceOf(std::string_view api_version, std::string_view kind);

}  // namespace datafly::checks

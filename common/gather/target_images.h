#pragma once

#include "common/gather/gather.h"
#include "common/io/registry/client.h"

namespace datafly::gather {

/// The pull secrets that the pods of some workloads would use: those of the pod specs and of their
/// service accounts. A secret that cannot be read is named in `unreadable`; one that does not exist
/// in `missing`.
struct PullSecretsOfRelease {
  registry::PullSecrets secrets;
  std::vector<std::string> names, unreadable, missing;
};
Result<PullSecretsOfRelease> ReadPullSecrets(Io& io, const std::string& name_space,
                                             const std::vector<kinds::Workload>& workloads);

/// Every image of the workloads, looked up in its registry with the pull secret that matches.
/// Registries that cannot be reached from here are listed in `unreachable` (a laptop's view is not
/// the node's: that is no verdict about the image).
Result<Fact<std::vector<ImageFacts>>> LookUpImages(Io& io, const Profile& profile,
                                                   const std::string& name_space,
                                                   const std::vector<kinds::Workload>& workloads);

/// How this machine reaches registries: the system's trust, or SSL_CERT_FILE, and the environment's
/// proxies.
registry::Trust RegistryTrust(const System& system, const Profile& profile);

}  // namespace datafly::gather

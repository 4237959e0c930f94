#pragma once

#include "common/gather/gather.h"
#include "common/io/registry/client.h"

namespace datafly::gather {

/// Every image of some workloads, looked up in its registry with the pull secret that the pods
/// would use: those of the pod specs and of their service accounts. A registry that cannot be
/// reached from here gives NoAnswer (a laptop's view is not the node's: that is no verdict about
/// the image).
class ImageLookUps {
 public:
  /// Asks for the service accounts and the secrets that the pod specs name. `workloads` must
  /// outlive it.
  ImageLookUps(Io& io, const Profile& profile, const std::string& name_space,
               const std::vector<kinds::Workload>& workloads);
  ~ImageLookUps();

  /// Waits for the pull secrets (whatever else is under way goes on meanwhile) and asks the
  /// registries. Fails on interruption only.
  Result<void> Start();
  [[nodiscard]] bool Done() const;  ///< of the registries
  Fact<std::vector<ImageFacts>> Take();

 private:
  struct LookUp;
  struct NamedReply {
    std::string name;
    Pending<std::string> reply;
  };
  void StartSecret(const std::string& name);
  Result<void> WaitFor(const std::vector<NamedReply>& reads);

  Io& io_;
  const std::string& name_space_;
  const std::vector<kinds::Workload>& workloads_;
  registry::Client client_;
  registry::PullSecrets pull_secrets_;
  std::vector<NamedReply> accounts_, secrets_;
  std::vector<LookUp> look_ups_;
};

/// How this machine reaches registries: the system's trust, or SSL_CERT_FILE, and the environment's
/// proxies.
registry::Trust RegistryTrust(const System& system, const Profile& profile);

}  // namespace datafly::gather

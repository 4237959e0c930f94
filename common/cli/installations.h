#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/cli/cluster.h"
#include "common/core/kinds/meta.h"
#include "common/core/profile/profile.h"

namespace datafly::cli {

/// Which installations a reading command looks at, beside -n, --release and --context.
struct InstallationFlags {
  bool all_namespaces = false;
  std::string selector;
};

/// Declares -A and -l; the command must also have the connection flags and be Command::many.
void DeclareInstallationFlags(CommandLine& command, InstallationFlags& flags);

/// The same, checked. As with kubectl, -A beats -n.
struct InstallationChoice {
  bool all_namespaces = false;
  std::optional<kinds::LabelSelector> selector;
  std::vector<std::string> contexts;  ///< as given, each once
  /// One row each, even if only one is found; otherwise the one installation in full.
  [[nodiscard]] bool Many() const {
    return all_namespaces || selector.has_value() || contexts.size() > 1;
  }
};
Result<InstallationChoice> ResolveInstallations(const SharedFlags& shared,
                                                const InstallationFlags& flags);

/// One installation to look at, or the reason why that cannot be.
struct Installation {
  const Cluster* cluster = nullptr;  ///< null only with trouble
  std::string context;
  std::string name_space;  ///< "" with trouble, when it is not even known
  std::string release;     ///< "" = the one release of the platform's chart
  std::optional<Error> trouble;
};

/// The clusters that a command was given, connected to once: all installations of a context share
/// one connection, over all looks of a --watch.
class Clusters {
 public:
  /// A context that the kubeconfig does not have, or the like, is an Error when it is the only one;
  /// of several it is one installation with trouble.
  static Result<Clusters> Open(Session& session, const SharedFlags& flags,
                               const InstallationChoice& choice);

  /// What there is to look at now: with -A or -l what the clusters' Helm records say, else the one
  /// of each context. An Error: interrupted, or the only context cannot be searched. `deadline` is
  /// shared by the contexts, so that a mute one does not use it up.
  Result<std::vector<Installation>> Find(Session& session, const SharedFlags& flags,
                                         const InstallationChoice& choice, const Profile& profile,
                                         Instant deadline);

 private:
  struct Entry {
    std::string context;
    Result<Cluster> cluster;
    std::optional<Error> failure;  ///< of this look: it cannot be reached
  };
  Result<void> Knock(Session& session, Instant deadline);
  Result<void> FindIn(Session& session, Entry& entry, const SharedFlags& flags,
                      const InstallationChoice& choice, const Profile& profile, Instant deadline,
                      std::vector<Installation>& found);

  std::vector<std::unique_ptr<Entry>> entries_;
};

/// A fair part of the time until `deadline` for each of `left` pieces of work that follow.
Instant Share(Instant now, Instant deadline, std::size_t left);

}  // namespace datafly::cli

#pragma once

#include <string>
#include <vector>

#include "common/cli/installations.h"
#include "common/core/checks/needs.h"
#include "common/core/facts/facts.h"
#include "common/core/facts/snapshot.h"
#include "common/core/profile/profile.h"

namespace datafly::commands {

/// Where a reading command takes its facts from: a live cluster, or a snapshot.
struct FactsSource {
  std::string snapshot_file;              ///< --from; "" = live
  std::string to;                         ///< --to; "" = today's state only
  std::vector<std::string> values_files;  ///< -f
  std::vector<std::string> sets;          ///< --set
  bool causes = false;                    ///< also what only health and diagnose read
  /// As gather::ClusterRequest::questions.
  std::function<std::vector<checks::Need>(const Facts&)> questions = {};
};

/// Gathers from the one installation that the flags name, or loads the snapshot (and there the
/// target recorded under `to`). An Error is told to the user as it is.
Result<Facts> GatherFacts(cli::Session& session, const cli::SharedFlags& flags,
                          const FactsSource& source, const Profile& profile, Millis deadline);

/// -f and --set are values of a target: without --to nobody would read them. Errors: wrong usage.
Result<void> CheckTargetFlags(const FactsSource& source, bool names_target);

/// The snapshot's facts, and there the target recorded under `to`. Fails where the flags name
/// another release, namespace or context than the snapshot's.
Result<Facts> FactsOfSnapshot(const cli::Session& session, const cli::SharedFlags& flags,
                              const FactsSource& source);

/// The facts of one of many installations (one without trouble), and of the target, if one is
/// named.
Result<Facts> FactsOfInstallation(cli::Session& session, const cli::Installation& installation,
                                  const FactsSource& source, const Profile& profile,
                                  Instant deadline);

/// A live cluster's facts with every target of `targets` recorded beside them, for `snapshot -o`.
Result<Snapshot> GatherSnapshot(cli::Session& session, const cli::SharedFlags& flags,
                                const FactsSource& source, const std::vector<std::string>& targets,
                                const Profile& profile, Millis deadline);

/// The warnings of the API server that this cluster's client has seen, on stderr.
void ShowWarnings(cli::Session& session, const cli::Cluster& cluster);

}  // namespace datafly::commands

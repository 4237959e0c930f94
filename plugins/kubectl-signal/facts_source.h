#pragma once

#include <string>
#include <vector>

#include "common/cli/session.h"
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
};

/// Gathers from the cluster or loads the snapshot (and there the target recorded under `to`). An
/// Error is told to the user as it is.
Result<Facts> GatherFacts(cli::Session& session, cli::SharedFlags& flags, const FactsSource& source,
                          const Profile& profile, Millis deadline);

/// A live cluster's facts with every target of `targets` recorded beside them, for `snapshot -o`.
Result<Snapshot> GatherSnapshot(cli::Session& session, cli::SharedFlags& flags,
                                const FactsSource& source, const std::vector<std::string>& targets,
                                const Profile& profile, Millis deadline);

}  // namespace datafly::commands

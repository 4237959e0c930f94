#pragma once

#include <string>

#include "common/cli/cluster.h"
#include "common/core/facts/facts.h"
#include "common/io/helm/helm_records.h"

namespace datafly::commands {

/// helm with the connection that the flags name.
Result<helm::HelmCalls> CallsOf(const cli::HelmFlags& flags, const cli::Session& session,
                                const cli::Cluster& cluster);

/// The same where records are not in the cluster; else helm is not run, and a connection that it
/// could not take is no hindrance.
Result<helm::HelmCalls> CallsForRecords(const cli::HelmFlags& flags, const cli::Session& session,
                                        const cli::Cluster& cluster);

/// Where a command on one named release is at work.
Scope ScopeOf(const cli::Cluster& cluster, const std::string& release);

}  // namespace datafly::commands

#pragma once

#include <functional>
#include <string>

#include "common/cli/cluster.h"
#include "common/operations/look_back.h"

namespace datafly::commands {

/// What every command has that changes a release.
struct ChangingFlags {
  cli::SharedFlags shared;
  cli::HelmFlags helm;
  std::string release;
  bool yes = false;
  std::string dry_run;  ///< as Helm's: "", "none", "client", "server", "true", "false"
  std::string rollout_deadline = "10m";
  std::string soak = "0s";
};

struct ChangingPlan {
  cli::OutputPlan output;
  Millis rollout_deadline{600'000};
  Millis soak{0};
  bool dry_run = false;
};

void DeclareChangingFlags(cli::CommandLine& line, ChangingFlags& flags);
/// Of a command that only plans a change: without what is about doing it.
void DeclarePlanningFlags(cli::CommandLine& line, ChangingFlags& flags);
/// Errors: wrong usage.
Result<ChangingPlan> ResolveChanging(const ChangingFlags& flags);

/// Connects, proves that helm means the same release, takes the lease, does the work, frees the
/// lease and shows the document; its exit code is the command's.
cli::ExitStatus RunChanging(
    cli::Session& session, const ChangingFlags& flags, const ChangingPlan& plan,
    const std::function<Result<report::Document>(const operations::Work&, const cli::Cluster&)>&
        work);

}  // namespace datafly::commands

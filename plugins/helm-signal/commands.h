#pragma once

#include "common/cli/session.h"

/// One file per command; each returns the command's description with its options closed over.
namespace datafly::commands {

cli::Command DiffCommand();
cli::Command HistoryCommand();
cli::Command PlanCommand();
cli::Command RollbackCommand();
cli::Command UnlockCommand();
cli::Command UpgradeCommand();
cli::Command VersionsCommand();

}  // namespace datafly::commands

#pragma once

#include "common/cli/session.h"

/// One file per command; each returns the command's description with its options closed over.
namespace datafly::commands {

cli::Command PreflightCommand();
cli::Command SnapshotCommand();
cli::Command PermissionsCommand();
cli::Command ConfigCommand();
cli::Command ExplainCommand();
cli::Command RolloutCommand();
cli::Command DiagnoseCommand();
cli::Command HealthCommand();

}  // namespace datafly::commands

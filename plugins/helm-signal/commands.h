#pragma once

#include "common/cli/session.h"

/// One file per command; each returns the command's description with its options closed over.
namespace datafly::commands {

cli::Command DiffCommand();
cli::Command HistoryCommand();
cli::Command UnlockCommand();
cli::Command VersionsCommand();

}  // namespace datafly::commands

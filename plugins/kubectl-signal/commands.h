#pragma once

#include "common/cli/session.h"

/// One file per command; each returns the command's description with its options closed over.
namespace datafly::commands {

cli::Command Preflight();
cli::Command Snapshot();
cli::Command Permissions();
cli::Command Config();
cli::Command Explain();

}  // namespace datafly::commands

#pragma once

#include "common/cli/session.h"

/// One file per command, each with one factory; main.cc puts them together.
namespace datafly::commands {

cli::Command DiffCommand();

}  // namespace datafly::commands

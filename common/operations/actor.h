#pragma once

#include <string>

#include "common/core/journal/operation.h"
#include "common/io/system/system.h"

namespace datafly::operations {

/// Who acts, for the journal and the lease: "kim on laptop".
std::string WhoActs(const System& system);

/// This process, as the journal names it.
journal::ProcessId ThisProcess();

/// Whether a process of this machine still runs, and is the one that is meant.
bool IsRunning(const journal::ProcessId& process);

/// Whether the helm of an operation runs on this machine, or what it has started: a wrapper may
/// have died and left the real one.
bool HelmRuns(const journal::ProcessId& helm);

/// A new operation's id: 6 hexadecimal digits, random.
std::string NewOperationId();

}  // namespace datafly::operations

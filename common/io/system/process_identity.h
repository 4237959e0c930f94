#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace datafly {

/// The machine and its boot: "node7/1c0e5f…". Process ids mean something only within one.
std::string ThisMachine();

/// When a process was started, as the kernel counts it (proc(5): field 22 of /proc/PID/stat, clock
/// ticks since boot), so that a later process of the same id is not taken for it. Nothing when
/// there is no such process, or no /proc.
std::optional<std::string> StartOfProcess(std::int64_t pid);

/// Whether a process of this machine has a child that has not ended. True also where that cannot be
/// seen (no /proc).
bool HasLiveChild(std::int64_t pid);

}  // namespace datafly

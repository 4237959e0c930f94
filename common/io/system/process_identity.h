#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace datafly {

/// The machine, its boot and our namespace of processes: "node7/1c0e5f…/pid:[4026531836]". Process
/// ids mean something only within one: containers on one node have the first two in common.
std::string ThisMachine();

/// When a process was started, as the kernel counts it (proc(5): field 22 of /proc/PID/stat, clock
/// ticks since boot), so that a later process of the same id is not taken for it. Nothing when
/// there is no such process, or no /proc.
std::optional<std::string> StartOfProcess(std::int64_t pid);

/// Whether a process of this machine runs, and is the one that was started then ("": not known).
/// One that exists and may not be looked at (hidepid, proc(5)) is taken to be it.
bool ProcessRuns(std::int64_t pid, const std::string& started);

/// Whether anything of the process group that this process had led runs: the leader itself, or what
/// it has started and left behind (a helm behind a wrapper). The kernel gives a group's number to
/// no new process meanwhile.
bool GroupRuns(std::int64_t pid, const std::string& started);

/// Whether a process of this machine has a child that has not ended. True also where that cannot be
/// seen (no /proc).
bool HasLiveChild(std::int64_t pid);

}  // namespace datafly

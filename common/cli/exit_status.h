#pragma once

#include <vector>

namespace datafly::cli {

/// The exit codes of both plugins, the same whatever -o is (documented in docs/exit-codes.md and by
/// `help`).
enum class ExitStatus {
  Good = 0,
  CouldNotDo = 1,   ///< the work could not be done: no connection, no such context, a file that
                    ///< cannot be read
  Differences = 2,  ///< only with --detailed-exitcode
  CheckFailed = 3,
  Warnings = 4,    ///< only warnings, with --fail-on warn
  NotChecked = 5,  ///< something required could not be checked
  RolledBack = 6,
  NeedsPerson = 7,
  Usage = 64,
  Interrupted = 130,
};

/// The worst of several by the documented precedence 7 > 6 > 3 > 5 > 4 > 2; 130, 64 and 1 before
/// all.
ExitStatus Worst(const std::vector<ExitStatus>& statuses);

}  // namespace datafly::cli

#include "common/cli/exit_status.h"

namespace datafly::cli {

ExitStatus Worst(const std::vector<ExitStatus>& statuses) {
  constexpr std::array kPrecedence = {
      ExitStatus::Interrupted, ExitStatus::Usage,      ExitStatus::CouldNotDo,
      ExitStatus::NeedsPerson, ExitStatus::RolledBack, ExitStatus::CheckFailed,
      ExitStatus::NotChecked,  ExitStatus::Warnings,   ExitStatus::Differences,
  };
  for (ExitStatus candidate : kPrecedence) {
    if (std::find(statuses.begin(), statuses.end(), candidate) != statuses.end()) return candidate;
  }
  return ExitStatus::Good;
}

}  // namespace datafly::cli

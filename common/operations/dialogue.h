#pragma once

#include <string>

#include "common/core/report/document.h"
#include "common/operations/rollout_follow.h"

namespace datafly::operations {

/// Who is in front of a changing command: sees what it does and decides. The command line
/// implements it; operations never print.
class Dialogue {
 public:
  virtual ~Dialogue() = default;
  /// A line about what is done now.
  virtual void Tell(const std::string& line) = 0;
  /// The gates and the changes, before the question.
  virtual void ShowPlan(const report::Document& plan) = 0;
  /// Yes or no. Errors: nobody can be asked (and nothing was said beforehand), interrupted.
  virtual Result<bool> Confirm(const std::string& question) = 0;
  /// The same, of what nobody could have meant beforehand: --yes does not answer it.
  virtual Result<bool> Ask(const std::string& question) = 0;
  /// How the rollout stands; each second, and whenever something may have changed.
  virtual void ShowRollout(const rollout::Progress& progress, bool listed,
                           const RolloutFollow::Silence& silence) = 0;
  /// The live picture of the rollout goes away before anything else is told.
  virtual void EndRollout() = 0;
};

}  // namespace datafly::operations

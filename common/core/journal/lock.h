#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/journal/recovery.h"

namespace datafly::journal {

/// What is known of a release that Helm holds to be under way (status pending-…).
struct LockEvidence {
  std::int64_t revision = 0;
  std::string status;              ///< "pending-upgrade"
  std::optional<Time> locked_at;   ///< when Helm wrote that (the record's modifiedAt)
  std::optional<Time> last_write;  ///< the newest write of a helm to an object of that revision
  std::string last_written;        ///< "Deployment/gateway"
  std::vector<std::string> running_hooks;  ///< Jobs and Pods of its hooks that have not ended
  std::optional<Operation> operation;      ///< of ours, when it made that revision and is not done
  Child child = Child::Elsewhere;          ///< its helm; Elsewhere without an operation of ours
  std::vector<std::string> unread;         ///< what could not be asked, and why
  Time now;
  Millis quiet = kQuiet;  ///< so long nothing must have been written
};

/// Whether anybody is still at work.
struct LockJudgement {
  bool dead = false;                  ///< nobody is, as far as can be seen: it may be freed
  std::vector<std::string> found;     ///< one line each: what was seen
  std::vector<std::string> unproven;  ///< what stays open, and would make it wrong
};

/// Pure. A helm that can be seen to live, a hook that runs, or a write within `quiet`: not dead.
LockJudgement JudgeLock(const LockEvidence& evidence);

}  // namespace datafly::journal

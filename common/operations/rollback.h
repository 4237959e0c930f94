#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/operations/apply.h"
#include "common/operations/look_back.h"

namespace datafly::operations {

/// Where a rollback goes, and what speaks for it.
struct RollbackTarget {
  std::int64_t revision = 0;
  bool verified = false;             ///< by the journal
  std::vector<std::string> skipped;  ///< "revision 4: failed (…)": newer ones, and why not they
};

/// The newest revision before the newest that the journal calls verified. `asked` (0: nobody named
/// one) is taken as it is. Errors: NotFound when none is verified, with what is known of each, so
/// that one can be named; or when the asked one is not there.
Result<RollbackTarget> ChooseRollback(const release::History& history, const Journal& journal,
                                      std::int64_t asked);

/// Where an upgrade that failed goes back to: the revision that was deployed when it began; when
/// our own journal says that that one had failed, too (Helm calls deployed what it has applied),
/// the newest that is verified. Errors: NotFound, nothing is known to be good.
Result<RollbackTarget> ChooseWayBack(const release::History& history, const Journal& journal,
                                     std::int64_t deployed);

struct RollbackStep {
  std::int64_t back_to = 0;
  std::string because;                   ///< the id of the operation that failed, or ""
  std::vector<std::string> apply_flags;  ///< further arguments for helm rollback
  Millis rollout_deadline{600'000};
  Millis soak{0};
  std::vector<std::string> acks;  ///< "SIG-IMG-001: on every node already"
  /// The newest revision as it was judged. Another one is somebody else's work: Conflict, nothing
  /// is begun; so it is where it is pending, unless that lock was judged to be dead.
  std::int64_t newest = 0;
  bool over_dead_lock = false;
};

/// Runs `helm rollback` under the journal and follows it. The verdict stands in the journal. Errors
/// as Apply.
Result<Applied> RollBack(const Work& work, const RollbackStep& step);

}  // namespace datafly::operations

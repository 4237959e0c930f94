#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/journal/maker.h"
#include "common/core/release/history.h"

namespace datafly::journal {

/// What is known of the helm that an operation had started.
enum class Child {
  Gone,      ///< it was on this machine, and that process is no more; or none was started
  Alive,     ///< on this machine, the same process; or a child of the one that may have started it
  Elsewhere  ///< on another machine (or boot): not to be seen from here
};

/// What a run that finds an operation unfinished can see.
struct Evidence {
  release::History history;  ///< as it is now
  Child child = Child::Gone;
  Maker maker = Maker::Ours;  ///< of the newest revision, where it has the operation's number
  /// When helm last wrote something of the release (managedFields, the record's modifiedAt), by the
  /// server's clock; nothing: no write was found.
  std::optional<Time> last_write;
  /// "Job/migrate": hooks of the newest revision, where the operation made it, that have not ended.
  std::vector<std::string> running_hooks = {};
  Time now;
};

/// What is to be done about an operation that nobody is at work on any more.
enum class Next {
  Nothing,  ///< it is done
  Wait,     ///< its helm lives, or may live: nothing may be changed now
  Abandon,  ///< nothing was applied: close the entry and begin anew
  Follow,   ///< helm had ended well: follow the rollout to its end
  Repair,   ///< helm died in its middle: the revision is pending and half applied
  Failed,   ///< helm had ended badly: the revision is marked failed
  Overtake  ///< other revisions have followed: close the entry, it is history
};
std::string_view ToString(Next next);  ///< "nothing", "wait", …

struct Recovery {
  Next next = Next::Nothing;
  std::string told;  ///< one sentence for the user: what was found and what it means
};

/// A helm on another machine that has written nothing for so long is taken to be dead: its own
/// --timeout is five minutes by default, and it writes more often than that. Where the operation
/// tells of a longer one, that and a minute.
inline constexpr Millis kQuiet{6 * 60 * 1000};

/// Pure: the same evidence gives the same decision. The caller holds the lease.
Recovery Recover(const Operation& operation, const Evidence& evidence);

}  // namespace datafly::journal

#pragma once

#include <string>

#include "common/core/journal/recovery.h"
#include "common/core/profile/profile.h"
#include "common/core/release/record_store.h"
#include "common/gather/record_reads.h"
#include "common/operations/dialogue.h"
#include "common/operations/journal.h"

namespace datafly::operations {

/// What an operation needs of its surroundings, from its first write to its last.
struct Work {
  gather::Io& io;
  Lease* lease;  ///< nullptr: a dry run, which writes nothing
  Dialogue& dialogue;
  const Profile& profile;
  const helm::HelmCalls& helm;  ///< the program, and its environment
  release::RecordStore store = release::RecordStore::Secrets;
  std::string name_space, release;
  std::string who;
  StepObserver* observer = nullptr;
};

/// What was made of the operations that killed runs have left.
struct LookedBack {
  bool repaired = false;  ///< a revision was half applied; it is marked failed now
  /// The rollout of an upgrade or rollback that helm had ended well was followed to its end.
  std::optional<journal::Operation> followed;
};

/// Closes every entry of the journal that is not done, by what its release tells (core/journal's
/// Recover); waits for a helm that still lives. Each step can be cut short and done again. Errors:
/// Conflict when that helm does not end in time, or may live on another machine; interrupted.
Result<LookedBack> LookBack(const Work& work);

/// The workloads of a rendered manifest, to be followed: "Deployment/gateway".
Result<std::vector<std::string>> WorkloadsOf(const std::string& manifest, const Profile& profile);

}  // namespace datafly::operations

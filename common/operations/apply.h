#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/core/journal/maker.h"
#include "common/core/profile/profile.h"
#include "common/gather/hook_evidence.h"
#include "common/io/helm/helm_apply.h"
#include "common/operations/dialogue.h"
#include "common/operations/journal.h"

namespace datafly::operations {

/// One helm that changes the release, and what it changes.
struct ApplyStep {
  std::string what;  ///< "helm upgrade"
  helm::ApplyRequest helm;
  std::string name_space;
  std::vector<std::string> workloads;  ///< "Deployment/gateway": to be followed
  std::vector<release::Hook> hooks;    ///< those that helm may run
  Millis helm_timeout{300'000};        ///< helm's --timeout for each hook (HookTimeout)
  gather::Mask mask;                   ///< for what pods tell (MaskForPods)
  /// The same once helm has ended: it may have made secrets (drawn at random, or by a hook).
  std::function<Result<gather::Mask>()> learn_again;
  Millis rollout_deadline{600'000};
  Millis soak{0};  ///< followed on so long after every workload has come up
};

struct Applied {
  enum class End {
    Complete,       ///< helm ended well and every workload is what it should be
    HelmFailed,     ///< helm's words are in `reason`
    NotBegun,       ///< helm failed before it had made a revision: it has changed nothing
    Refused,        ///< helm did not begin: another operation is in progress, which is not ours
    RolloutFailed,  ///< a cause is certain
    NotComplete,    ///< the time is up, nothing certain stands against it
    Blind,          ///< what decides it may not be read
  } end = End::Complete;
  /// Of a helm that failed: whether the revision that it was to make is its own (CheckBegun).
  journal::Maker maker = journal::Maker::Ours;
  std::string reason;  ///< one line, redacted; empty when Complete
  std::optional<RolloutFollow::End> rollout;
  std::vector<gather::HookEvidence> hooks;  ///< of a helm that failed, or was ended: hooks that
                                            ///< did not succeed
};

/// What the journal says of such an end.
journal::Verdict VerdictOf(Applied::End end);

/// Helm's --timeout among these arguments; five minutes, Helm's default, where there is none.
Millis HookTimeout(const std::vector<std::string>& arguments);

/// Runs helm under the journal (`applying` before it starts, its process once it runs, `following`
/// when it has ended well) and follows the workloads until it is certain how they end, and through
/// the soak: one that fails then has failed. Helm has its own time: its --timeout for each hook,
/// and five minutes; the workloads' begins when it has ended. A helm that is still at work when its
/// time is up is ended (it marks its revision failed itself). io.deadline is moved on for all that.
/// Errors: interrupted, the lease is lost, the journal cannot be written; helm is ended then, too.
Result<Applied> Apply(gather::Io& io, JournalWriter& journal, Dialogue& dialogue,
                      const Profile& profile, ApplyStep step);

}  // namespace datafly::operations

#pragma once

#include <string>
#include <vector>

#include "common/core/release/record.h"
#include "common/gather/gather.h"
#include "common/gather/live_secrets.h"
#include "common/gather/log_excerpts.h"

namespace datafly::gather {

/// Takes out of pods' last words what the revisions hold as secret: data of Secrets, variables,
/// values under telling keys; and the data of the namespace's Secrets as they are now, since pods
/// tell of those that the release only refers to as well. Not every value that was given: an
/// image's tag must stay readable in the reason why it cannot be pulled. nullptr among the records
/// is passed over.
struct EvidenceMask {
  Mask mask;
  std::string gap;  ///< one line: why the namespace's Secrets are not masked; "" where they are
};
/// Errors: interrupted.
Result<EvidenceMask> LearnEvidenceMask(Io& io, const std::string& name_space,
                                       const std::vector<const release::ReleaseRecord*>& records);

/// The same for what was gathered: the messages that containers left when they ended, and those of
/// probes. For the second burst: where the first has brought such words, the Secrets are asked for
/// beside the release's records; where there are none, nothing is.
class LastWordsMask {
 public:
  LastWordsMask(Io& io, const Facts& facts);
  [[nodiscard]] bool Done() const { return !secrets_ || secrets_->Done(); }
  /// Masks them in place. Waits for the Secrets, yet not longer than they are worth; a gap is no
  /// error. Errors: interrupted.
  Result<void> Apply(Io& io, Gathered& gathered);

 private:
  Instant secrets_by_;
  std::optional<LiveSecrets> secrets_;
};

}  // namespace datafly::gather

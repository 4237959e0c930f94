#pragma once

#include <string>
#include <vector>

#include "common/core/release/record.h"
#include "common/gather/gather.h"
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
/// probes. Costs nothing where there are none. Errors: interrupted.
Result<void> MaskLastWords(Io& io, Gathered& gathered);

}  // namespace datafly::gather

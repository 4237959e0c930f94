#pragma once

#include <vector>

#include "common/core/release/record.h"
#include "common/gather/gather.h"
#include "common/gather/log_excerpts.h"

namespace datafly::gather {

/// Takes out of pods' last words what the revisions hold as secret: data of Secrets, variables,
/// values under telling keys; and the data of the namespace's Secrets as they are now, since pods
/// tell of those that the release only refers to as well (who may not list them is told what the
/// revisions alone let be masked). Not every value that was given: an image's tag must stay
/// readable in the reason why it cannot be pulled. nullptr among the records is passed over.
/// Errors: interrupted.
Result<Mask> EvidenceMask(Io& io, const std::string& name_space,
                          const std::vector<const release::ReleaseRecord*>& records);

/// The same for what was gathered: the messages that containers left when they ended, and those of
/// probes. Costs nothing where there are none. Errors: interrupted.
Result<void> MaskLastWords(Io& io, Gathered& gathered);

}  // namespace datafly::gather

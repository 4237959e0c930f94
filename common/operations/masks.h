#pragma once

#include <string>
#include <vector>

#include "common/gather/evidence_mask.h"
#include "common/gather/given_values.h"
#include "common/operations/look_back.h"

namespace datafly::operations {

/// Takes out of helm's words what they may quote: the values that it is given, and the values and
/// Secrets of these revisions. Helm's error stands in the journal for long.
gather::Mask MaskForHelm(const FileSystem& files, const helm::RenderRequest& request,
                         const std::vector<const release::ReleaseRecord*>& records);

/// Takes out of what pods tell what is secret in these revisions and in the namespace
/// (gather::LearnEvidenceMask); tells it where the latter may not be read. Errors: interrupted.
Result<gather::Mask> MaskForPods(gather::Io& io, Dialogue& dialogue, const std::string& name_space,
                                 const std::vector<const release::ReleaseRecord*>& records);

/// The same of the revision that helm has just made, and of the namespace as it is now. Where there
/// is no such revision, or it cannot be read, of the namespace alone. Errors: interrupted.
Result<gather::Mask> MaskOfRevision(const Work& work, std::int64_t revision);

}  // namespace datafly::operations

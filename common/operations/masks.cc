#include "common/operations/masks.h"

#include "common/core/diff/secret_shapes.h"

namespace datafly::operations {

gather::Mask MaskForHelm(const FileSystem& files, const helm::RenderRequest& request,
                         const std::vector<const release::ReleaseRecord*>& records) {
  std::vector<diff::KnownSecrets> known;
  for (const release::ReleaseRecord* record : records) {
    if (record != nullptr) known.push_back(gather::GivenValues(files, request, record));
  }
  if (known.empty()) known.push_back(gather::GivenValues(files, request, nullptr));
  return [known = std::move(known)](std::string_view words) {
    std::string masked(words);
    for (const diff::KnownSecrets& secrets : known) masked = secrets.Mask(masked);
    return diff::MaskLikely(masked);
  };
}

Result<gather::Mask> MaskForPods(gather::Io& io, Dialogue& dialogue, const std::string& name_space,
                                 const std::vector<const release::ReleaseRecord*>& records) {
  ASSIGN_OR_RETURN(auto learnt, gather::LearnEvidenceMask(io, name_space, records));
  if (!learnt.gap.empty()) dialogue.Tell(learnt.gap);
  return std::move(learnt.mask);
}

}  // namespace datafly::operations

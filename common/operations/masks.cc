#include "common/operations/masks.h"

#include "common/core/diff/secret_shapes.h"
#include "common/gather/record_reads.h"

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

Result<gather::Mask> MaskOfRevision(const Work& work, std::int64_t revision) {
  const auto read = [&]() -> Result<std::vector<release::ReleaseRecord>> {
    ASSIGN_OR_RETURN(const auto records,
                     gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
    return records.Read({revision});
  };
  const auto made = read();
  if (!made && made.error().kind == ErrorKind::Interrupted) return Fail(made.error());
  return MaskForPods(work.io, work.dialogue, work.name_space, {made ? &made->front() : nullptr});
}

}  // namespace datafly::operations

#include "common/operations/helm_words.h"

#include "common/core/diff/secret_shapes.h"

namespace datafly::operations {

std::function<std::string(std::string_view words)> MaskOf(
    const FileSystem& files, const helm::RenderRequest& request,
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

}  // namespace datafly::operations

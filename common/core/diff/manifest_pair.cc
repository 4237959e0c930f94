#include "common/core/diff/manifest_pair.h"

#include <algorithm>
#include <unordered_map>

namespace datafly::diff {
namespace {

using manifest::Document;
using manifest::DocumentReader;

/// Pairs most documents by walking both manifests side by side: where the new one goes on with the
/// very bytes of an old document, it is taken without looking for its end, and without a hash.
/// Charts change some of their objects and keep the order of the rest.
class SideBySide {
 public:
  SideBySide(const std::vector<Document>& old_documents, std::string_view after)
      : old_documents_(old_documents), reader_(after), paired_(old_documents.size(), false) {}

  void Walk() {
    while (!reader_.AtEnd()) {
      if (TakeSame()) continue;
      const auto document = reader_.Next();
      if (!document) continue;
      new_documents_.push_back({*document, false});
      ++misses_;
    }
  }

  /// Those that stand elsewhere in the other manifest.
  void PairTheRest() {
    std::unordered_map<std::string_view, std::vector<std::size_t>> waiting;
    for (std::size_t i = old_documents_.size(); i-- > 0;)
      if (!paired_[i]) waiting[old_documents_[i].text].push_back(i);
    if (waiting.empty()) return;
    for (auto& [document, same] : new_documents_) {
      if (same) continue;
      const auto found = waiting.find(document.text);
      if (found == waiting.end() || found->second.empty()) continue;
      same = true;
      paired_[found->second.back()] = true;
      found->second.pop_back();
    }
  }

  [[nodiscard]] Documents Take() const {
    Documents out;
    for (const auto& [document, same] : new_documents_)
      (same ? out.common : out.after).push_back(document);
    for (std::size_t i = 0; i < old_documents_.size(); ++i)
      if (!paired_[i]) out.before.push_back(old_documents_[i]);
    return out;
  }

 private:
  /// The next old document, or one behind it: some may have gone, and as many as are new or changed
  /// since the last pair have a counterpart, perhaps.
  bool TakeSame() {
    constexpr std::size_t kSomeGone = 4;
    constexpr std::size_t kMost = 64;
    const std::size_t end =
        std::min(old_documents_.size(), next_ + std::min(misses_ + kSomeGone, kMost));
    for (std::size_t i = next_; i < end; ++i) {
      if (!reader_.TakeIfSame(old_documents_[i].text)) continue;
      new_documents_.push_back({old_documents_[i], true});
      paired_[i] = true;
      next_ = i + 1;
      misses_ = 0;
      return true;
    }
    return false;
  }

  const std::vector<Document>& old_documents_;
  DocumentReader reader_;
  std::vector<bool> paired_;
  std::vector<std::pair<Document, bool>> new_documents_;
  std::size_t next_ = 0, misses_ = 0;
};

}  // namespace

Documents PairDocuments(std::string_view before, std::string_view after) {
  const auto old_documents = manifest::SplitDocuments(before);
  SideBySide pairs(old_documents, after);
  pairs.Walk();
  pairs.PairTheRest();
  return pairs.Take();
}

}  // namespace datafly::diff

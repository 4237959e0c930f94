#include "common/core/diff/manifest_pair.h"

#include <unordered_map>

namespace datafly::diff {

using manifest::Document;

Documents PairDocuments(std::string_view before, std::string_view after) {
  Documents out;
  std::unordered_map<std::string_view, std::size_t> waiting;
  const auto old_documents = manifest::SplitDocuments(before);
  for (const Document& document : old_documents) ++waiting[document.text];
  for (const Document& document : manifest::SplitDocuments(after)) {
    const auto found = waiting.find(document.text);
    const bool same = found != waiting.end() && found->second > 0;
    if (same) --found->second;
    (same ? out.common : out.after).push_back(document);
  }
  for (const Document& document : old_documents) {
    auto& left = waiting[document.text];
    if (left == 0) continue;
    --left;
    out.before.push_back(document);
  }
  return out;
}

}  // namespace datafly::diff

#include "common/core/diff/paired_objects.h"

#include <algorithm>

#include "common/core/diff/manifest_pair.h"

namespace datafly::diff {
namespace {

using manifest::Document;
using manifest::Object;
using manifest::ObjectId;

bool Mentions(const Document& document, std::string_view words) {
  return document.text.find(words) != std::string_view::npos;
}

}  // namespace

manifest::ResourceName PairedObjects::NameOfKind(const std::string& api_version,
                                                 const std::string& kind) const {
  const auto found = names_.find({api_version, kind});
  if (found != names_.end()) return found->second;
  return manifest::ResourceNameOf(manifest::GroupOf(api_version), kind);
}

ObjectId PairedObjects::IdOf(const Object& object) const {
  ObjectId id = manifest::IdOf(object);
  if (!NameOfKind(object.api_version, object.kind).namespaced) {
    id.name_space.clear();
  } else if (id.name_space.empty()) {
    id.name_space = name_space_;
  }
  return id;
}

Result<void> PairedObjects::Take(const Document& document, Side side, const Learn& learn) {
  ASSIGN_OR_RETURN(auto parsed, manifest::ParseDocument(document));
  for (Object& object : parsed) {
    learn(object, side != Side::Before);
    objects_.push_back(std::move(object));
    Entry& entry = entries_[IdOf(objects_.back())];
    if (side != Side::After) entry.before = &objects_.back();
    if (side != Side::Before) entry.after = &objects_.back();
  }
  return {};
}

/// What both sides have: parsed only where it is compared with live objects, or holds what the rest
/// is judged by.
Result<void> PairedObjects::TakeCommon(const std::vector<Document>& documents, const Learn& learn) {
  for (const Document& document : documents) {
    if (three_way_) {
      TRY(Take(document, Side::Both, learn));
      continue;
    }
    ++untouched_;
    if (!Mentions(document, "HorizontalPodAutoscaler") && !Mentions(document, "Secret")) continue;
    ASSIGN_OR_RETURN(const auto parsed, manifest::ParseDocument(document));
    for (const Object& object : parsed) learn(object, true);
  }
  return {};
}

/// An object that only one side's rest holds may stand among what both have as well: a manifest
/// that says it twice.
Result<void> PairedObjects::TakeTwins(const std::vector<Document>& common) {
  if (three_way_) return {};
  std::vector<std::string> lone;
  for (const auto& [id, entry] : entries_)
    if (entry.before == nullptr || entry.after == nullptr) lone.push_back(id.name);
  if (lone.empty()) return {};
  // To look for so many names costs more than to parse.
  constexpr std::size_t kMostNames = 50;
  const auto may_hold_one = [&](const Document& document) {
    return lone.size() > kMostNames ||
           std::any_of(lone.begin(), lone.end(),
                       [&](const std::string& name) { return Mentions(document, name); });
  };
  for (const Document& document : common) {
    if (!may_hold_one(document)) continue;
    ASSIGN_OR_RETURN(auto parsed, manifest::ParseDocument(document));
    for (Object& object : parsed) {
      const auto found = entries_.find(IdOf(object));
      if (found == entries_.end()) continue;
      objects_.push_back(std::move(object));
      if (found->second.before == nullptr) found->second.before = &objects_.back();
      if (found->second.after == nullptr) found->second.after = &objects_.back();
    }
  }
  return {};
}

Result<void> PairedObjects::Read(std::string_view before, std::string_view after,
                                 const Learn& learn) {
  const Documents documents = PairDocuments(before, after);
  TRY(TakeCommon(documents.common, learn));
  for (const Document& document : documents.before) TRY(Take(document, Side::Before, learn));
  for (const Document& document : documents.after) TRY(Take(document, Side::After, learn));
  return TakeTwins(documents.common);
}

void PairedObjects::Resolve(const std::string& api_version, const std::string& kind,
                            const manifest::ResourceName& name) {
  names_.insert_or_assign({api_version, kind}, name);
  Entries moved;
  for (auto& [id, entry] : entries_) {
    ObjectId key = id;
    const Object& object = entry.Any();
    if (object.api_version == api_version && object.kind == kind) key = IdOf(object);
    moved.insert_or_assign(std::move(key), std::move(entry));
  }
  entries_ = std::move(moved);
}

}  // namespace datafly::diff

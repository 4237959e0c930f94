#include "common/core/diff/renames.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

namespace datafly::diff {
namespace {

using Json = nlohmann::json;
using Fields = std::unordered_set<std::string>;

constexpr double kAlike = 0.5;
/// Beyond so many pairs of one kind the search is left out: names of generated objects differ by
/// the hundred.
constexpr std::size_t kMostPairs = 2500;

/// Every leaf as "path=value"; the object's own name is cut out of values, so that labels and
/// selectors that follow it do not count against the pair.
void AddFields(const Json& value, const std::string& path, const std::string& name, Fields& out) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items())
      AddFields(member, fmt::format("{}.{}", path, key), name, out);
  } else if (value.is_array()) {
    for (const auto& item : value) AddFields(item, path + "[]", name, out);
  } else {
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at))
      text.erase(at, name.size());
    out.insert(path + "=" + text);
  }
}

Fields FieldsOf(const std::string& text, const std::string& name) {
  Json object = Json::parse(text, nullptr, false);
  Fields fields;
  if (!object.is_object()) return fields;
  object.erase("apiVersion");
  object.erase("kind");
  AddFields(object, {}, name, fields);
  return fields;
}

/// Of 0 to 1: what both have against what either has.
double Likeness(const Fields& a, const Fields& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t common = 0;
  for (const auto& field : a) common += b.count(field);
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

struct Pair {
  double likeness = 0;
  ResourceChange* removed = nullptr;
  ResourceChange* added = nullptr;
};

struct Candidate {
  ResourceChange* change = nullptr;
  Fields fields;
};

std::vector<Candidate> CandidatesOf(std::vector<ResourceChange>& resources, ResourceOp op,
                                    const ObjectText& text) {
  std::vector<Candidate> out;
  for (ResourceChange& resource : resources)
    if (resource.op == op) out.push_back({&resource, FieldsOf(text(resource), resource.id.name)});
  return out;
}

}  // namespace

void FindRenames(std::vector<ResourceChange>& resources, const ObjectText& text) {
  const auto removed = CandidatesOf(resources, ResourceOp::Removed, text);
  if (removed.empty()) return;
  const auto added = CandidatesOf(resources, ResourceOp::Added, text);
  if (removed.size() * added.size() > kMostPairs) return;
  std::vector<Pair> pairs;
  for (const Candidate& from : removed) {
    for (const Candidate& to : added) {
      if (from.change->id.kind != to.change->id.kind ||
          from.change->id.group != to.change->id.group)
        continue;
      const double likeness = Likeness(from.fields, to.fields);
      if (likeness >= kAlike) pairs.push_back({likeness, from.change, to.change});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.likeness > b.likeness; });
  for (const Pair& pair : pairs) {
    if (!pair.removed->renamed_to.empty() || !pair.added->renamed_from.empty()) continue;
    pair.removed->renamed_to = fmt::format("{}/{}", pair.added->id.kind, pair.added->id.name);
    pair.added->renamed_from = fmt::format("{}/{}", pair.removed->id.kind, pair.removed->id.name);
  }
}

}  // namespace datafly::diff

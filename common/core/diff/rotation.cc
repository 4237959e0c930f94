#include "common/core/diff/rotation.h"

#include <algorithm>
#include <deque>

#include "common/core/diff/manifest_pair.h"
#include "common/core/diff/template_scan.h"

namespace datafly::diff {
namespace {

using manifest::Object;
using manifest::ObjectId;

/// Whether one of the two paths leads to the other or into it.
bool Touches(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '.' || b[a.size()] == '[');
}

void AddRisk(const ObjectId& id, std::string_view why, ResourceChange& change) {
  change.risks.push_back(
      {RiskClass::RotatesAtEveryUpgrade, fmt::format("{}/{} has {}", id.kind, id.name, why)});
}

}  // namespace

bool MayRotate(const release::ChartInfo& chart) {
  if (!chart.dependencies.empty()) return true;
  return std::any_of(chart.templates.begin(), chart.templates.end(),
                     [](const release::ChartFile& file) { return MayRotate(file.data); });
}

Result<void> Rotation::Compare(std::string_view first, std::string_view second,
                               const PairedObjects& objects, const ObjectDiffer& differ) {
  const Documents documents = PairDocuments(first, second);
  std::deque<Object> parsed;
  std::map<ObjectId, ObjectPair> renderings;
  for (const bool is_first : {true, false}) {
    for (const auto& document : is_first ? documents.before : documents.after) {
      ASSIGN_OR_RETURN(auto found, manifest::ParseDocument(document));
      for (Object& object : found) {
        parsed.push_back(std::move(object));
        ObjectPair& pair = renderings[objects.IdOf(parsed.back())];
        (is_first ? pair.before : pair.after) = &parsed.back();
      }
    }
  }
  for (const auto& [id, pair] : renderings) {
    if (pair.before == nullptr || pair.after == nullptr) {
      names_.insert(id);
    } else {
      paths_[id] = differ.PathsThatDiffer(id, pair);
    }
  }
  return {};
}

bool Rotation::MarkFields(const std::set<std::string>& paths, ResourceChange& change) const {
  // A new object has no fields to mark.
  bool rotates = change.op == ResourceOp::Added && !paths.empty();
  for (FieldChange& field : change.fields) {
    field.unstable = std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
      return Touches(path, field.path);
    });
    rotates = rotates || field.unstable;
  }
  return rotates;
}

void Rotation::Mark(const ObjectId& id, ResourceChange& change) const {
  const auto found = paths_.find(id);
  if (found != paths_.end() && MarkFields(found->second, change))
    AddRisk(id, "values that differ at each rendering", change);
  if (names_.count(id) != 0) AddRisk(id, "another name at each rendering", change);
}

}  // namespace datafly::diff

#include "common/core/diff/rotation.h"

#include <algorithm>
#include <deque>

#include "common/core/diff/chart_changes.h"
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

bool MarkFields(const std::set<std::string>& paths, std::vector<FieldChange>& fields) {
  bool any = false;
  for (FieldChange& field : fields) {
    field.unstable = std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
      return Touches(path, field.path);
    });
    any = any || field.unstable;
  }
  return any;
}

bool MarkRotating(const std::set<std::string>& paths, ResourceChange& change) {
  // A new object has no fields to mark.
  const bool is_new = change.op == ResourceOp::Added && !paths.empty();
  return MarkFields(paths, change.fields) || is_new;
}

template <class Predicate>
bool AnyFile(const std::vector<release::ChartFile>& files, Predicate predicate) {
  return std::any_of(files.begin(), files.end(),
                     [&](const release::ChartFile& file) { return predicate(file.data); });
}

/// Chart.yaml need not name a chart that lies in charts/; what it renders tells where it is from
/// ("# Source: app/charts/sub/templates/a.yaml", helm pkg/action renderResources).
bool HasDependencies(const release::ReleaseRecord& rendering) {
  if (!rendering.chart.dependencies.empty()) return true;
  const std::string folder = rendering.chart.name + "/charts/";
  if (rendering.manifest.find("# Source: " + folder) != std::string::npos) return true;
  return std::any_of(rendering.hooks.begin(), rendering.hooks.end(),
                     [&](const release::Hook& hook) { return hook.path.starts_with(folder); });
}

/// What tpl may be given: the chart's files and values.
bool RenderedTextsMayRotate(const release::ReleaseRecord& rendering) {
  return MayRotate(rendering.chart.default_values_json) || MayRotate(rendering.user_values_json) ||
         AnyFile(rendering.chart.files, [](std::string_view text) { return MayRotate(text); });
}

void AddRisk(const ObjectId& id, std::string_view why, ResourceChange& change) {
  change.risks.push_back(
      {RiskClass::RotatesAtEveryUpgrade, fmt::format("{}/{} has {}", id.kind, id.name, why)});
}

}  // namespace

bool MayRotate(const release::ReleaseRecord& rendering) {
  const release::ChartInfo& chart = rendering.chart;
  if (chart.templates.empty() || HasDependencies(rendering)) return true;
  if (AnyFile(chart.templates, [](std::string_view text) { return MayRotate(text); })) return true;
  return AnyFile(chart.templates, CallsTpl) && RenderedTextsMayRotate(rendering);
}

std::size_t FurtherRenderings(const release::ReleaseRecord& rendering) {
  constexpr std::size_t kAgainstChance = 4;  // alike by chance once in 4,000
  if (!MayRotate(rendering)) return 0;
  return AnyFile(rendering.chart.templates, ListsUnordered) ? kAgainstChance : 1;
}

Result<void> Rotation::Compare(const release::ReleaseRecord& first,
                               const release::ReleaseRecord& second, const PairedObjects& objects,
                               const ObjectDiffer& differ) {
  TRY(CompareManifests(first.manifest, second.manifest, objects, differ));
  ASSIGN_OR_RETURN(auto hooks, DiffHooks(first.hooks, second.hooks));
  for (HookChange& hook : hooks) {
    HookChange& known = hooks_.try_emplace(hook.object, HookChange{}).first->second;
    if (known.object.empty())
      known = std::move(hook);
    else
      known.fields.insert(known.fields.end(), hook.fields.begin(), hook.fields.end());
  }
  return {};
}

Result<void> Rotation::CompareManifests(std::string_view first, std::string_view second,
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
      paths_[id].merge(differ.PathsThatDiffer(id, pair));
    }
  }
  return {};
}

void Rotation::Mark(const ObjectId& id, ResourceChange& change) const {
  const auto found = paths_.find(id);
  if (found != paths_.end() && MarkRotating(found->second, change))
    AddRisk(id, "values that differ at each rendering", change);
  if (names_.count(id) != 0) AddRisk(id, "another name at each rendering", change);
}

void Rotation::Mark(HookChange& hook) const {
  const auto found = hooks_.find(hook.object);
  if (found == hooks_.end()) return;
  std::set<std::string> paths;
  for (const FieldChange& field : found->second.fields) paths.insert(field.path);
  const bool other_name = found->second.op != FieldOp::Changed;
  hook.unstable = other_name || (hook.op == FieldOp::Added && !paths.empty());
  hook.unstable = MarkFields(paths, hook.fields) || hook.unstable;
}

}  // namespace datafly::diff

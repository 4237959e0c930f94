#include "common/core/diff/release_differ.h"

#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "common/core/diff/chart_changes.h"
#include "common/core/diff/field_rules.h"
#include "common/core/diff/learn_secrets.h"
#include "common/core/diff/manifest_pair.h"
#include "common/core/diff/renames.h"
#include "common/core/diff/template_scan.h"
#include "common/core/manifest/manifest.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;
using manifest::Document;
using manifest::Object;
using manifest::ObjectId;

std::string NameOf(const ObjectId& id) { return fmt::format("{}/{}", id.kind, id.name); }

bool Mentions(const Document& document, std::string_view words) {
  return document.text.find(words) != std::string_view::npos;
}

/// "Deployment/gateway" that an HPA scales.
std::string TargetOfHpa(const Json& object) {
  const Json::json_pointer kind("/spec/scaleTargetRef/kind");
  const Json::json_pointer name("/spec/scaleTargetRef/name");
  if (!object.contains(kind) || !object.contains(name)) return {};
  if (!object[kind].is_string() || !object[name].is_string()) return {};
  return fmt::format("{}/{}", object[kind].get<std::string>(), object[name].get<std::string>());
}

/// Whether one of the two paths leads to the other or into it.
bool Touches(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '.' || b[a.size()] == '[');
}

Side SideOf(const release::ReleaseRecord& record) {
  return {{}, record.chart.name, record.chart.version, record.chart.app_version, record.revision};
}

}  // namespace

struct ReleaseDiffer::State {
  /// One object of either manifest.
  struct Entry : ObjectPair {
    std::optional<ResourceChange> change;  ///< once its live object came
  };
  using Entries = std::map<ObjectId, Entry>;
  /// Lists are per apiVersion, kind and namespace.
  using ListKey = std::tuple<std::string, std::string, std::string>;

  DiffRequest request;
  const release::ReleaseRecord* old_record = nullptr;
  const release::ReleaseRecord* new_record = nullptr;
  std::deque<Object> objects;
  Entries entries;
  std::size_t untouched = 0;  ///< documents that were never parsed
  std::map<std::pair<std::string, std::string>, manifest::ResourceName> names;
  std::map<ListKey, std::string> unknown;
  std::vector<std::string> notes;
  ObjectDiffer differ{request};
  std::map<ObjectId, std::set<std::string>> unstable;
  std::set<ObjectId> unstable_names;
  KnownSecrets secrets;

  /// What the user's values name a secret; the names that the user chose stay readable.
  void LearnValues() {
    for (const std::string& name : {request.release, request.name_space, new_record->chart.name})
      secrets.Spare(name);
    secrets.AddDocument(new_record->user_values_json);
    if (old_record != nullptr) secrets.AddDocument(old_record->user_values_json);
  }

  // --- reading the manifests

  manifest::ResourceName NameOfKind(const std::string& api_version, const std::string& kind) const {
    const auto found = names.find({api_version, kind});
    if (found != names.end()) return found->second;
    return manifest::ResourceNameOf(manifest::GroupOf(api_version), kind);
  }

  ObjectId IdOf(const Object& object) const {
    ObjectId id = manifest::IdOf(object);
    if (!NameOfKind(object.api_version, object.kind).namespaced) {
      id.name_space.clear();
    } else if (id.name_space.empty()) {
      id.name_space = request.name_space;
    }
    return id;
  }

  enum class SideName { Before, After, Both };

  Result<void> Take(const Document& document, SideName side) {
    ASSIGN_OR_RETURN(auto parsed, manifest::ParseDocument(document));
    for (Object& object : parsed) {
      Learn(object, side != SideName::Before);
      objects.push_back(std::move(object));
      Entry& entry = entries[IdOf(objects.back())];
      if (side != SideName::After) entry.before = &objects.back();
      if (side != SideName::Before) entry.after = &objects.back();
    }
    return {};
  }

  void Learn(const Object& object, bool is_new) {
    if (object.kind != "Secret" && object.kind != "HorizontalPodAutoscaler") return;
    const Json json = Json::parse(object.json, nullptr, false);
    LearnObject(json, secrets);
    if (!is_new || object.kind != "HorizontalPodAutoscaler") return;
    if (std::string target = TargetOfHpa(json); !target.empty())
      differ.AddScaled(std::move(target));
  }

  /// What both sides have: parsed only where it is compared with live objects, or holds what the
  /// rest is judged by.
  Result<void> TakeCommon(const std::vector<Document>& documents) {
    for (const Document& document : documents) {
      if (request.three_way) {
        TRY(Take(document, SideName::Both));
        continue;
      }
      ++untouched;
      if (!Mentions(document, "HorizontalPodAutoscaler") && !Mentions(document, "Secret")) continue;
      ASSIGN_OR_RETURN(const auto parsed, manifest::ParseDocument(document));
      for (const Object& object : parsed) Learn(object, true);
    }
    return {};
  }

  /// An object that only one side's rest holds may stand among what both have as well: a manifest
  /// that says it twice.
  Result<void> TakeTwins(const std::vector<Document>& common) {
    if (request.three_way) return {};
    std::vector<std::string> lone;
    for (const auto& [id, entry] : entries)
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
        const auto found = entries.find(IdOf(object));
        if (found == entries.end()) continue;
        objects.push_back(std::move(object));
        if (found->second.before == nullptr) found->second.before = &objects.back();
        if (found->second.after == nullptr) found->second.after = &objects.back();
      }
    }
    return {};
  }

  Result<void> Read() {
    const Documents documents = PairDocuments(
        old_record == nullptr ? std::string_view() : old_record->manifest, new_record->manifest);
    TRY(TakeCommon(documents.common));
    for (const Document& document : documents.before) TRY(Take(document, SideName::Before));
    for (const Document& document : documents.after) TRY(Take(document, SideName::After));
    return TakeTwins(documents.common);
  }

  ListKey KeyOf(const ObjectId& id, const Entry& entry) const {
    return {entry.Any().api_version, id.kind, id.name_space};
  }

  /// The live object is not known, or is not there.
  ResourceChange WithoutLive(const ObjectId& id, const Entry& entry) const {
    const bool absence_known = request.three_way && unknown.count(KeyOf(id, entry)) == 0;
    return differ.WithoutLive(id, entry, absence_known);
  }

  // --- what rotates

  bool DiffersInText(const Entry& entry) const {
    return entry.before == nullptr || entry.after == nullptr ||
           entry.before->json != entry.after->json;
  }

  void MarkUnstable(const ObjectId& id, ResourceChange& change) const {
    const auto found = unstable.find(id);
    bool rotates = false;
    if (found != unstable.end()) {
      // A new object has no fields to mark.
      rotates = change.op == ResourceOp::Added && !found->second.empty();
      for (FieldChange& field : change.fields) {
        field.unstable =
            std::any_of(found->second.begin(), found->second.end(),
                        [&](const std::string& path) { return Touches(path, field.path); });
        rotates = rotates || field.unstable;
      }
    }
    if (rotates)
      change.risks.push_back(
          {RiskClass::RotatesAtEveryUpgrade,
           fmt::format("{} has values that differ at each rendering", NameOf(id))});
    if (unstable_names.count(id) != 0)
      change.risks.push_back({RiskClass::RotatesAtEveryUpgrade,
                              fmt::format("{} has another name at each rendering", NameOf(id))});
  }

  // --- the result

  void TakeChange(const ObjectId& id, Entry& entry, ReleaseDiff& diff,
                  std::vector<ImageUse>& images) {
    if (!entry.change) entry.change = WithoutLive(id, entry);
    ResourceChange& change = *entry.change;
    const bool silent =
        change.op == ResourceOp::Unchanged && change.fields.empty() && change.risks.empty();
    if (silent && change.old_api_version.empty()) {
      ++diff.unchanged;
      return;
    }
    MarkUnstable(id, change);
    if (DiffersInText(entry)) AddImages(id, entry, images);
    diff.resources.push_back(std::move(change));
  }

  static void AddImages(const ObjectId& id, const Entry& entry, std::vector<ImageUse>& images) {
    for (ImageUse& use : ImagesOf(NameOf(id), entry.before == nullptr ? "" : entry.before->json,
                                  entry.after == nullptr ? "" : entry.after->json))
      images.push_back(std::move(use));
  }

  std::string TextFor(const ResourceChange& change) const {
    const auto found = entries.find(change.id);
    return found == entries.end() ? std::string() : found->second.Any().json;
  }

  Result<void> AddChartChanges(ReleaseDiff& diff) const {
    static const release::ReleaseRecord kNothing;
    const release::ReleaseRecord& old = old_record == nullptr ? kNothing : *old_record;
    diff.values = DiffValues(old.user_values_json, new_record->user_values_json);
    diff.defaults =
        DiffDefaults(old.chart.default_values_json, new_record->chart.default_values_json,
                     new_record->user_values_json);
    if (old_record != nullptr) diff.chart = DiffChart(old.chart, new_record->chart);
    ASSIGN_OR_RETURN(diff.hooks, DiffHooks(old.hooks, new_record->hooks));
    ASSIGN_OR_RETURN(diff.crds, DiffCrds(old.chart.crds, new_record->chart.crds));
    diff.notes_changed = old_record != nullptr && old.notes != new_record->notes;
    return {};
  }
};

ReleaseDiffer::ReleaseDiffer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReleaseDiffer::ReleaseDiffer(ReleaseDiffer&&) noexcept = default;
ReleaseDiffer& ReleaseDiffer::operator=(ReleaseDiffer&&) noexcept = default;
ReleaseDiffer::~ReleaseDiffer() = default;

Result<ReleaseDiffer> ReleaseDiffer::Make(DiffRequest request, const release::ReleaseRecord* before,
                                          const release::ReleaseRecord& after) {
  auto state = std::make_unique<State>();
  state->request = std::move(request);
  state->old_record = before;
  state->new_record = &after;
  state->LearnValues();
  TRY(state->Read());
  return ReleaseDiffer(std::move(state));
}

std::vector<std::string> ReleaseDiffer::CustomGroupVersions() const {
  std::set<std::string> versions;
  for (const auto& [id, entry] : state_->entries) {
    const std::string& version = entry.Any().api_version;
    if (manifest::ResourceNameOf(id.group, id.kind).guessed) versions.insert(version);
  }
  return {versions.begin(), versions.end()};
}

void ReleaseDiffer::Resolve(const std::string& api_version, const std::string& kind,
                            const manifest::ResourceName& name) {
  state_->names.insert_or_assign({api_version, kind}, name);
  State::Entries moved;
  for (auto& [id, entry] : state_->entries) {
    ObjectId key = id;
    const Object& object = entry.Any();
    if (object.api_version == api_version && object.kind == kind) key = state_->IdOf(object);
    moved.insert_or_assign(std::move(key), std::move(entry));
  }
  state_->entries = std::move(moved);
}

std::vector<std::string> ReleaseDiffer::CrdNames() const {
  std::set<std::string> names;
  for (const auto& [id, entry] : state_->entries) {
    if (entry.after == nullptr || IsBuiltInGroup(id.group)) continue;
    names.insert(fmt::format("{}.{}", state_->NameOfKind(entry.after->api_version, id.kind).plural,
                             id.group));
  }
  return {names.begin(), names.end()};
}

void ReleaseDiffer::TakeCrd(const Json& crd) { state_->differ.AddCrd(crd); }

std::vector<KindToList> ReleaseDiffer::ToList() const {
  std::map<State::ListKey, KindToList> lists;
  for (const auto& [id, entry] : state_->entries) {
    if (state_->unknown.count(state_->KeyOf(id, entry)) != 0) continue;
    KindToList& list = lists[state_->KeyOf(id, entry)];
    list.api_version = entry.Any().api_version;
    list.kind = id.kind;
    list.name_space = id.name_space;
    list.names.push_back(id.name);
  }
  std::vector<KindToList> out;
  for (auto& [key, list] : lists) {
    list.plural = state_->NameOfKind(list.api_version, list.kind).plural;
    out.push_back(std::move(list));
  }
  return out;
}

bool ReleaseDiffer::Wants(const KindToList& kind, std::string_view name) const {
  return state_->entries.count({std::string(manifest::GroupOf(kind.api_version)), kind.kind,
                                kind.name_space, std::string(name)}) != 0;
}

void ReleaseDiffer::OnLive(const KindToList& kind, const Json& object) {
  const Json::json_pointer name("/metadata/name");
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return;
  const auto found =
      state_->entries.find({std::string(manifest::GroupOf(kind.api_version)), kind.kind,
                            kind.name_space, object[name].get<std::string>()});
  if (found == state_->entries.end()) return;
  if (kind.kind == "Secret" && kind.api_version == "v1") LearnSecretData(object, state_->secrets);
  found->second.change = state_->differ.WithLive(found->first, found->second, object);
}

void ReleaseDiffer::OnUnresolved(const std::string& api_version, const std::string& why) {
  for (const auto& [id, entry] : state_->entries)
    if (entry.Any().api_version == api_version) state_->unknown[state_->KeyOf(id, entry)] = why;
}

void ReleaseDiffer::OnUnreadCrd(const std::string& name, const std::string& why) {
  state_->notes.push_back(fmt::format(
      "the CRD {} could not be read, so fields that it does not declare are not told: {}", name,
      why));
}

void ReleaseDiffer::OnUnknown(const KindToList& kind, const std::string& why) {
  state_->unknown[{kind.api_version, kind.kind, kind.name_space}] = why;
}

bool ReleaseDiffer::MayRotate() const {
  const bool any =
      std::any_of(state_->entries.begin(), state_->entries.end(),
                  [&](const auto& item) { return state_->DiffersInText(item.second); });
  if (!any) return false;
  const release::ChartInfo& chart = state_->new_record->chart;
  // The templates of dependencies are not in what Helm gives: they may hold anything.
  if (!chart.dependencies.empty()) return true;
  return std::any_of(chart.templates.begin(), chart.templates.end(),
                     [](const release::ChartFile& file) { return diff::MayRotate(file.data); });
}

Result<void> ReleaseDiffer::CompareRenderings(const release::ReleaseRecord& again) {
  const Documents documents = PairDocuments(state_->new_record->manifest, again.manifest);
  std::deque<Object> objects;
  std::map<ObjectId, ObjectPair> renderings;
  for (const bool first : {true, false}) {
    for (const Document& document : first ? documents.before : documents.after) {
      ASSIGN_OR_RETURN(auto parsed, manifest::ParseDocument(document));
      for (Object& object : parsed) {
        objects.push_back(std::move(object));
        ObjectPair& pair = renderings[state_->IdOf(objects.back())];
        (first ? pair.before : pair.after) = &objects.back();
      }
    }
  }
  for (const auto& [id, pair] : renderings) {
    if (pair.before == nullptr || pair.after == nullptr) {
      state_->unstable_names.insert(id);
    } else {
      state_->unstable[id] = state_->differ.PathsThatDiffer(id, pair);
    }
  }
  return {};
}

Result<ReleaseDiff> ReleaseDiffer::Finish() {
  ReleaseDiff diff;
  diff.release = state_->request.release;
  diff.name_space = state_->request.name_space;
  diff.three_way = state_->request.three_way;
  if (state_->old_record != nullptr) diff.old_side = SideOf(*state_->old_record);
  diff.new_side = SideOf(*state_->new_record);
  diff.unchanged = state_->untouched;
  diff.notes = state_->notes;
  if (state_->request.hands_over)
    diff.notes.emplace_back(
        "the release goes over to server-side apply: Helm rewrites managedFields of every object, "
        "which changes none");
  for (const auto& [key, why] : state_->unknown)
    diff.unknown.push_back(fmt::format("live {} objects are not known: {}", std::get<1>(key), why));
  std::vector<ImageUse> images;
  for (auto& [id, entry] : state_->entries) state_->TakeChange(id, entry, diff, images);
  diff.images = GroupImages(images);
  FindRenames(diff.resources,
              [&](const ResourceChange& change) { return state_->TextFor(change); });
  TRY(state_->AddChartChanges(diff));
  std::stable_sort(diff.resources.begin(), diff.resources.end(),
                   [](const ResourceChange& a, const ResourceChange& b) {
                     return std::tie(a.id.kind, a.id.name, a.id.name_space) <
                            std::tie(b.id.kind, b.id.name, b.id.name_space);
                   });
  return diff;
}

const KnownSecrets& ReleaseDiffer::secrets() const { return state_->secrets; }

}  // namespace datafly::diff

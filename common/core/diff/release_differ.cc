#include "common/core/diff/release_differ.h"

#include <nlohmann/json.hpp>
#include <set>

#include "common/core/diff/chart_changes.h"
#include "common/core/diff/field_rules.h"
#include "common/core/diff/learn_secrets.h"
#include "common/core/diff/paired_objects.h"
#include "common/core/diff/renames.h"
#include "common/core/diff/rotation.h"
#include "common/core/manifest/manifest.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;
using manifest::Object;
using manifest::ObjectId;

std::string NameOf(const ObjectId& id) { return fmt::format("{}/{}", id.kind, id.name); }

/// "Deployment/gateway" that an HPA scales.
std::string TargetOfHpa(const Json& object) {
  const Json::json_pointer kind("/spec/scaleTargetRef/kind");
  const Json::json_pointer name("/spec/scaleTargetRef/name");
  if (!object.contains(kind) || !object.contains(name)) return {};
  if (!object[kind].is_string() || !object[name].is_string()) return {};
  return fmt::format("{}/{}", object[kind].get<std::string>(), object[name].get<std::string>());
}

Side SideOf(const release::ReleaseRecord& record) {
  return {{}, record.chart.name, record.chart.version, record.chart.app_version, record.revision};
}

}  // namespace

struct ReleaseDiffer::State {
  using Entry = PairedObjects::Entry;
  using ListKey = PairedObjects::ListKey;

  State(DiffRequest asked, const release::ReleaseRecord* before,
        const release::ReleaseRecord& after)
      : request(std::move(asked)), old_record(before), new_record(&after) {}

  DiffRequest request;
  const release::ReleaseRecord* old_record = nullptr;
  const release::ReleaseRecord* new_record = nullptr;
  PairedObjects objects{request.name_space, request.three_way};
  std::map<ListKey, std::string> unknown;
  std::vector<std::string> notes;
  ObjectDiffer differ{request};
  Rotation rotation;
  KnownSecrets secrets;

  /// What the user's values and the charts' defaults name a secret; the names that the user chose
  /// stay readable.
  void LearnValues() {
    for (const std::string& name : {request.release, request.name_space, new_record->chart.name})
      secrets.Spare(name);
    secrets.AddDocument(new_record->user_values_json);
    diff::LearnNamed(new_record->chart.default_values_json, secrets);
    if (old_record == nullptr) return;
    secrets.AddDocument(old_record->user_values_json);
    diff::LearnNamed(old_record->chart.default_values_json, secrets);
  }

  void Learn(const Object& object, bool is_new) {
    if (object.kind != "Secret" && object.kind != "HorizontalPodAutoscaler") return;
    const Json json = Json::parse(object.json, nullptr, false);
    LearnObject(json, secrets);
    if (!is_new || object.kind != "HorizontalPodAutoscaler") return;
    if (std::string target = TargetOfHpa(json); !target.empty())
      differ.AddScaled(std::move(target));
  }

  Result<void> Read() {
    return objects.Read(old_record == nullptr ? std::string_view() : old_record->manifest,
                        new_record->manifest,
                        [this](const Object& object, bool is_new) { Learn(object, is_new); });
  }

  /// The live object is not known, or is not there.
  ResourceChange WithoutLive(const ObjectId& id, const Entry& entry) const {
    const bool absence_known =
        request.three_way && unknown.count(PairedObjects::KeyOf(id, entry)) == 0;
    return differ.WithoutLive(id, entry, absence_known);
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
    rotation.Mark(id, change);
    if (entry.DiffersInText()) AddImages(id, entry, images);
    diff.resources.push_back(std::move(change));
  }

  static void AddImages(const ObjectId& id, const Entry& entry, std::vector<ImageUse>& images) {
    for (ImageUse& use : ImagesOf(NameOf(id), entry.before == nullptr ? "" : entry.before->json,
                                  entry.after == nullptr ? "" : entry.after->json))
      images.push_back(std::move(use));
  }

  bool HooksDifferInText() const {
    static const std::vector<release::Hook> kNone;
    const auto& old = old_record == nullptr ? kNone : old_record->hooks;
    return !std::equal(old.begin(), old.end(), new_record->hooks.begin(), new_record->hooks.end(),
                       [](const release::Hook& a, const release::Hook& b) {
                         return a.name == b.name && a.manifest == b.manifest;
                       });
  }

  std::string TextFor(const ResourceChange& change) const {
    const auto found = objects.entries().find(change.id);
    return found == objects.entries().end() ? std::string() : found->second.Any().json;
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
    for (HookChange& hook : diff.hooks) rotation.Mark(hook);
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
  auto state = std::make_unique<State>(std::move(request), before, after);
  state->LearnValues();
  TRY(state->Read());
  return ReleaseDiffer(std::move(state));
}

std::vector<std::string> ReleaseDiffer::CustomGroupVersions() const {
  std::set<std::string> versions;
  for (const auto& [id, entry] : state_->objects.entries()) {
    const std::string& version = entry.Any().api_version;
    if (manifest::ResourceNameOf(id.group, id.kind).guessed) versions.insert(version);
  }
  return {versions.begin(), versions.end()};
}

void ReleaseDiffer::Resolve(const std::string& api_version, const std::string& kind,
                            const manifest::ResourceName& name) {
  state_->objects.Resolve(api_version, kind, name);
}

std::vector<std::string> ReleaseDiffer::CrdNames() const {
  std::set<std::string> names;
  for (const auto& [id, entry] : state_->objects.entries()) {
    if (entry.after == nullptr || IsBuiltInGroup(id.group)) continue;
    names.insert(fmt::format(
        "{}.{}", state_->objects.NameOfKind(entry.after->api_version, id.kind).plural, id.group));
  }
  return {names.begin(), names.end()};
}

void ReleaseDiffer::TakeCrd(const Json& crd) { state_->differ.AddCrd(crd); }

std::vector<KindToList> ReleaseDiffer::ToList() const {
  std::map<PairedObjects::ListKey, KindToList> lists;
  for (const auto& [id, entry] : state_->objects.entries()) {
    if (state_->unknown.count(PairedObjects::KeyOf(id, entry)) != 0) continue;
    KindToList& list = lists[PairedObjects::KeyOf(id, entry)];
    list.api_version = entry.Any().api_version;
    list.kind = id.kind;
    list.name_space = id.name_space;
    list.names.push_back(id.name);
  }
  std::vector<KindToList> out;
  for (auto& [key, list] : lists) {
    list.plural = state_->objects.NameOfKind(list.api_version, list.kind).plural;
    out.push_back(std::move(list));
  }
  return out;
}

bool ReleaseDiffer::Wants(const KindToList& kind, std::string_view name) const {
  return state_->objects.entries().count({std::string(manifest::GroupOf(kind.api_version)),
                                          kind.kind, kind.name_space, std::string(name)}) != 0;
}

void ReleaseDiffer::OnLive(const KindToList& kind, const Json& object) {
  const Json::json_pointer name("/metadata/name");
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return;
  const auto found =
      state_->objects.entries().find({std::string(manifest::GroupOf(kind.api_version)), kind.kind,
                                      kind.name_space, object[name].get<std::string>()});
  if (found == state_->objects.entries().end()) return;
  if (kind.kind == "Secret" && kind.api_version == "v1") LearnSecretData(object, state_->secrets);
  found->second.change = state_->differ.WithLive(found->first, found->second, object);
}

void ReleaseDiffer::OnUnresolved(const std::string& api_version, const std::string& why) {
  for (const auto& [id, entry] : state_->objects.entries())
    if (entry.Any().api_version == api_version)
      state_->unknown[PairedObjects::KeyOf(id, entry)] = why;
}

void ReleaseDiffer::OnUnreadCrd(const std::string& name, const std::string& why) {
  state_->notes.push_back(fmt::format(
      "the CRD {} could not be read, so fields that it does not declare are not told: {}", name,
      why));
}

void ReleaseDiffer::OnUnknown(const KindToList& kind, const std::string& why) {
  state_->unknown[{kind.api_version, kind.kind, kind.name_space}] = why;
}

std::size_t ReleaseDiffer::FurtherRenderings() const {
  const auto& entries = state_->objects.entries();
  const bool any = std::any_of(entries.begin(), entries.end(),
                               [](const auto& item) { return item.second.DiffersInText(); });
  if (!any && !state_->HooksDifferInText()) return 0;
  return diff::FurtherRenderings(*state_->new_record);
}

Result<void> ReleaseDiffer::CompareRenderings(const release::ReleaseRecord& again) {
  return state_->rotation.Compare(*state_->new_record, again, state_->objects, state_->differ);
}

Result<ReleaseDiff> ReleaseDiffer::Finish() {
  ReleaseDiff diff;
  diff.release = state_->request.release;
  diff.name_space = state_->request.name_space;
  diff.three_way = state_->request.three_way;
  if (state_->old_record != nullptr) diff.old_side = SideOf(*state_->old_record);
  diff.new_side = SideOf(*state_->new_record);
  diff.unchanged = state_->objects.untouched();
  diff.notes = state_->notes;
  if (state_->request.hands_over)
    diff.notes.emplace_back(
        "the release goes over to server-side apply: Helm rewrites managedFields of every object, "
        "which changes none");
  for (const auto& [key, why] : state_->unknown)
    diff.unknown.push_back(fmt::format("live {} objects are not known: {}", std::get<1>(key), why));
  std::vector<ImageUse> images;
  for (auto& [id, entry] : state_->objects.entries()) state_->TakeChange(id, entry, diff, images);
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

#include "common/core/diff/chart_changes.h"

#include <simdjson.h>
#include <map>

#include <nlohmann/json.hpp>
#include <set>

#include "common/core/diff/comparison.h"
#include "common/core/diff/field_rules.h"
#include "common/core/diff/normalize.h"
#include "common/core/manifest/yaml.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

std::string Dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ObjectOf(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json::object();
}

const Json* MemberOf(const Json* map, const std::string& key) {
  if (map == nullptr || !map->is_object()) return nullptr;
  const auto found = map->find(key);
  return found == map->end() ? nullptr : &*found;
}

/// Walks two maps of values; `user` is the user's value at the same place, or null.
void WalkValues(const Place& place, const Json* before, const Json* after, const Json* user,
                std::vector<ValueChange>& out) {
  const bool maps =
      before != nullptr && after != nullptr && before->is_object() && after->is_object();
  if (maps) {
    std::set<std::string> keys;
    for (const auto& [key, value] : before->items()) keys.insert(key);
    for (const auto& [key, value] : after->items()) keys.insert(key);
    for (const auto& key : keys)
      WalkValues(place.Member(key), MemberOf(before, key), MemberOf(after, key),
                 MemberOf(user, key), out);
    return;
  }
  if (before != nullptr && after != nullptr && *before == *after) return;
  ValueChange change;
  change.path = place.path;
  change.op = before == nullptr  ? FieldOp::Added
              : after == nullptr ? FieldOp::Removed
                                 : FieldOp::Changed;
  if (before != nullptr) change.old_value = Dump(*before);
  if (after != nullptr) change.new_value = Dump(*after);
  change.overridden = user != nullptr;
  out.push_back(std::move(change));
}

void AddField(std::vector<ChartField>& out, const char* field, const std::string& before,
              const std::string& after) {
  if (before != after) out.push_back({field, before, after});
}

Result<Json> ParseHook(const release::Hook& hook) {
  auto parsed =
      yaml::ParseDocument(hook.manifest, yaml::Scalars::Typed, yaml::DuplicateKeys::LastWins);
  if (!parsed) return Fail(parsed.error().Within("hook " + hook.path));
  Normalize(*parsed);
  return parsed;
}

const release::Hook* FindHook(const std::vector<release::Hook>& hooks, const release::Hook& like) {
  const auto found = std::find_if(hooks.begin(), hooks.end(), [&](const release::Hook& hook) {
    return hook.kind == like.kind && hook.name == like.name;
  });
  return found == hooks.end() ? nullptr : &*found;
}

HookChange Describe(const release::Hook& hook, FieldOp op) {
  return {fmt::format("{}/{}", hook.kind, hook.name), hook.events, op, {}};
}

using Crds = std::map<std::string, Json>;

Result<Crds> CrdsOf(const std::vector<release::ChartFile>& files) {
  Crds crds;
  for (const auto& file : files) {
    auto documents =
        yaml::ParseDocuments(file.data, yaml::Scalars::Typed, yaml::DuplicateKeys::LastWins);
    if (!documents) return Fail(documents.error().Within(file.name));
    for (Json& document : *documents) {
      const std::string name =
          document.is_object() ? document.value(Json::json_pointer("/metadata/name"), std::string())
                               : std::string();
      if (!name.empty()) crds.insert_or_assign(name, std::move(document));
    }
  }
  return crds;
}

/// The pod spec of anything that makes pods; an error for other kinds.
simdjson::simdjson_result<simdjson::dom::element> PodSpecOf(simdjson::dom::element object) {
  std::string_view kind;
  if (object["kind"].get(kind) == simdjson::SUCCESS && kind == "Pod") return object["spec"];
  const auto job = object["spec"]["jobTemplate"]["spec"]["template"]["spec"];
  return job.error() == simdjson::SUCCESS ? job : object["spec"]["template"]["spec"];
}

void AddImages(simdjson::dom::array containers, std::map<std::string, std::string>& images) {
  for (const simdjson::dom::element container : containers) {
    std::string_view name;
    std::string_view image;
    const bool has_both = container["name"].get(name) == simdjson::SUCCESS &&
                          container["image"].get(image) == simdjson::SUCCESS;
    if (has_both) images.emplace(name, image);
  }
}

std::map<std::string, std::string> ImagesByContainer(std::string_view text) {
  std::map<std::string, std::string> images;
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  if (text.empty() || parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS)
    return images;
  for (const char* list : {"initContainers", "containers"}) {
    simdjson::dom::array containers;
    if (PodSpecOf(object)[list].get(containers) == simdjson::SUCCESS) AddImages(containers, images);
  }
  return images;
}

/// "registry:5000/x:1.2" -> "registry:5000/x", "1.2"; a digest counts as the tag.
std::pair<std::string, std::string> SplitImage(const std::string& image) {
  if (const auto at = image.find('@'); at != std::string::npos)
    return {SplitImage(image.substr(0, at)).first, image.substr(at + 1)};
  const auto colon = image.rfind(':');
  const auto slash = image.rfind('/');
  if (colon == std::string::npos || (slash != std::string::npos && colon < slash))
    return {image, image.empty() ? "" : "latest"};
  return {image.substr(0, colon), image.substr(colon + 1)};
}

}  // namespace

std::vector<ValueChange> DiffValues(std::string_view before_json, std::string_view after_json) {
  std::vector<ValueChange> out;
  const Json before = ObjectOf(before_json);
  const Json after = ObjectOf(after_json);
  WalkValues({{}, {}, false}, &before, &after, nullptr, out);
  return out;
}

std::vector<ValueChange> DiffDefaults(std::string_view before_json, std::string_view after_json,
                                      std::string_view user_json) {
  std::vector<ValueChange> out;
  const Json before = ObjectOf(before_json);
  const Json after = ObjectOf(after_json);
  const Json user = ObjectOf(user_json);
  WalkValues({{}, {}, false}, &before, &after, &user, out);
  return out;
}

std::vector<ChartField> DiffChart(const release::ChartInfo& before,
                                  const release::ChartInfo& after) {
  std::vector<ChartField> out;
  AddField(out, "name", before.name, after.name);
  AddField(out, "version", before.version, after.version);
  AddField(out, "appVersion", before.app_version, after.app_version);
  AddField(out, "kubeVersion", before.kube_version, after.kube_version);
  AddField(out, "home", before.home, after.home);
  std::map<std::string, std::pair<std::string, std::string>> annotations;
  for (const auto& [key, value] : before.annotations) annotations[key].first = value;
  for (const auto& [key, value] : after.annotations) annotations[key].second = value;
  for (const auto& [key, values] : annotations)
    AddField(out, fmt::format("annotations.{}", key).c_str(), values.first, values.second);
  return out;
}

Result<std::vector<HookChange>> DiffHooks(const std::vector<release::Hook>& before,
                                          const std::vector<release::Hook>& after) {
  std::vector<HookChange> out;
  for (const release::Hook& hook : before)
    if (FindHook(after, hook) == nullptr) out.push_back(Describe(hook, FieldOp::Removed));
  for (const release::Hook& hook : after) {
    const release::Hook* old = FindHook(before, hook);
    if (old == nullptr) {
      out.push_back(Describe(hook, FieldOp::Added));
    } else if (old->manifest != hook.manifest) {
      ASSIGN_OR_RETURN(const Json old_json, ParseHook(*old));
      ASSIGN_OR_RETURN(const Json new_json, ParseHook(hook));
      HookChange change = Describe(hook, FieldOp::Changed);
      change.fields = CompareObjects({&old_json, &new_json, nullptr}, {});
      if (!change.fields.empty()) out.push_back(std::move(change));
    }
  }
  return out;
}

Result<std::vector<CrdChange>> DiffCrds(const std::vector<release::ChartFile>& before,
                                        const std::vector<release::ChartFile>& after) {
  ASSIGN_OR_RETURN(const Crds old_crds, CrdsOf(before));
  ASSIGN_OR_RETURN(const Crds new_crds, CrdsOf(after));
  std::vector<CrdChange> out;
  for (const auto& [name, crd] : old_crds)
    if (new_crds.count(name) == 0)
      out.push_back({name, FieldOp::Removed, "Helm leaves it in the cluster"});
  for (const auto& [name, crd] : new_crds) {
    const auto old = old_crds.find(name);
    if (old != old_crds.end() && old->second == crd) continue;
    out.push_back(
        {name, old == old_crds.end() ? FieldOp::Added : FieldOp::Changed,
         "an upgrade does not apply files of crds/: apply it yourself first, with kubectl "
         "apply --server-side"});
  }
  return out;
}

std::vector<ImageUse> ImagesOf(const std::string& object, std::string_view before_json,
                               std::string_view after_json) {
  const auto before = ImagesByContainer(before_json);
  const auto after = ImagesByContainer(after_json);
  std::vector<ImageUse> uses;
  for (const auto& [container, image] : before) {
    const auto now = after.find(container);
    uses.push_back({fmt::format("{} ({})", object, container), image,
                    now == after.end() ? std::string() : now->second});
  }
  for (const auto& [container, image] : after)
    if (before.count(container) == 0)
      uses.push_back({fmt::format("{} ({})", object, container), {}, image});
  return uses;
}

std::vector<ImageChange> GroupImages(const std::vector<ImageUse>& uses) {
  std::map<std::array<std::string, 3>, std::vector<std::string>> groups;
  const auto add = [&](const std::string& repository, const std::string& old_tag,
                       const std::string& new_tag, const std::string& user) {
    groups[{repository, old_tag, new_tag}].push_back(user);
  };
  for (const ImageUse& use : uses) {
    if (use.before == use.after) continue;
    const auto [old_repository, old_tag] = SplitImage(use.before);
    const auto [new_repository, new_tag] = SplitImage(use.after);
    if (old_repository == new_repository) {
      if (old_tag == new_tag) continue;  // "x" and "x:latest"
      add(new_repository, old_tag, new_tag, use.user);
    } else {
      if (!use.before.empty()) add(old_repository, old_tag, {}, use.user);
      if (!use.after.empty()) add(new_repository, {}, new_tag, use.user);
    }
  }
  std::vector<ImageChange> out;
  for (auto& [key, users] : groups) {
    const auto& [repository, old_tag, new_tag] = key;
    // An object under a new name leaves its image to itself: it is neither new nor out of use.
    const bool moves =
        (old_tag.empty() || new_tag.empty()) && groups.count({repository, new_tag, old_tag}) != 0;
    if (!moves) out.push_back({repository, old_tag, new_tag, std::move(users)});
  }
  return out;
}

}  // namespace datafly::diff

#include "common/gather/target_values.h"

#include <functional>
#include <set>

#include "common/core/release/values.h"

namespace datafly::gather {
namespace {

using Digests =
    std::map<std::pair<std::string, std::string>, std::string>;  // (object, key) -> digest

void AddDigests(const manifest::Object& object,
                const Result<std::vector<manifest::KeyDigest>>& digests, Digests& out) {
  if (!digests) return;
  for (const auto& entry : *digests) out[{manifest::ObjectName(object), entry.key}] = entry.digest;
}

Digests SecretDigests(const std::vector<manifest::Object>& objects) {
  Digests out;
  for (const manifest::Object& object : objects) {
    if (object.kind == "Secret") AddDigests(object, manifest::DataDigests(object), out);
  }
  return out;
}

// Env values and ConfigMap keys of the profile's names only: "container/KAFKA_CONSUMER_GROUP".
Digests WatchedSettings(const std::vector<manifest::Object>& objects, const Profile& profile) {
  Digests all;
  for (const manifest::Object& object : objects) {
    if (object.kind == "ConfigMap") AddDigests(object, manifest::DataDigests(object), all);
    if (manifest::GroupOf(object.api_version) == "apps")
      AddDigests(object, manifest::EnvDigests(object), all);
  }
  Digests watched;
  for (auto& [key, digest] : all) {
    const std::string name = key.second.substr(key.second.rfind('/') + 1);
    const auto& names = profile.continuity_env;
    if (std::find(names.begin(), names.end(), name) != names.end())
      watched.emplace(key, std::move(digest));
  }
  return watched;
}

/// Whether `path` is that of a setting in its object: data of a Secret or ConfigMap, or a
/// container's env value, whose key is "container/NAME".
bool IsPathOf(std::string_view path, std::string_view object, std::string_view key) {
  const bool is_data = object.starts_with("Secret/") || object.starts_with("ConfigMap/");
  if (is_data)
    return path == fmt::format("data.{}", key) || path == fmt::format("data[\"{}\"]", key) ||
           path == "data";
  const auto slash = key.rfind('/');
  const std::string place = fmt::format("[name={}].env[name={}]", key.substr(0, slash),
                                        key.substr(slash == key.npos ? 0 : slash + 1));
  return path.find(place) != path.npos;
}

/// Two renderings with the same input gave it differently.
bool Rotates(const Fact<diff::ReleaseDiff>& changes, const std::string& object,
             const std::string& key) {
  if (!changes) return false;
  return std::any_of(changes->resources.begin(), changes->resources.end(), [&](const auto& change) {
    if (fmt::format("{}/{}", change.id.kind, change.id.name) != object) return false;
    return std::any_of(change.fields.begin(), change.fields.end(), [&](const auto& field) {
      return field.unstable && IsPathOf(field.path, object, key);
    });
  });
}

/// `rotates` is asked only where a value changed.
ContinuityFacts::State ChangeOf(const std::string* before, const std::string* after,
                                const std::function<bool()>& rotates) {
  using State = ContinuityFacts::State;
  if (after == nullptr) return State::Removed;
  if (before != nullptr && *before == *after) return State::Same;
  if (rotates()) return State::Rotates;
  return before == nullptr ? State::Added : State::Changed;
}

void Compare(const Digests& before, const Digests& after, const Fact<diff::ReleaseDiff>& changes,
             std::vector<ContinuityFacts>& out) {
  std::set<std::pair<std::string, std::string>> keys;
  for (const auto& [key, digest] : before) keys.insert(key);
  for (const auto& [key, digest] : after) keys.insert(key);
  for (const auto& key : keys) {
    const auto old_value = before.find(key);
    const auto new_value = after.find(key);
    const auto state = ChangeOf(old_value == before.end() ? nullptr : &old_value->second,
                                new_value == after.end() ? nullptr : &new_value->second,
                                [&] { return Rotates(changes, key.first, key.second); });
    out.push_back({key.first, key.second, state});
  }
}

}  // namespace

ValuesFacts CompareValues(const release::ReleaseRecord* today, const release::ReleaseRecord& target,
                          const std::vector<manifest::Object>& target_objects,
                          const Profile& profile, const Fact<diff::ReleaseDiff>& changes) {
  ValuesFacts facts;
  const std::string& user = target.user_values_json;
  const std::string& defaults = target.chart.default_values_json;
  facts.unknown_keys = release::UnknownKeys(defaults, user);
  if (today == nullptr) return facts;
  facts.changed_defaults =
      release::ChangedDefaults(today->chart.default_values_json, defaults, user);
  facts.new_keys = release::NewKeys(today->chart.default_values_json, defaults);
  const auto today_objects = manifest::ParseManifest(today->manifest);
  if (!today_objects) return facts;
  Compare(SecretDigests(*today_objects), SecretDigests(target_objects), changes, facts.continuity);
  Compare(WatchedSettings(*today_objects, profile), WatchedSettings(target_objects, profile),
          changes, facts.continuity);
  return facts;
}

}  // namespace datafly::gather

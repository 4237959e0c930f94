#include "common/gather/target_values.h"

#include <nlohmann/json.hpp>
#include <set>

#include "common/core/base/digest.h"
#include "common/core/release/values.h"

namespace datafly::gather {
namespace {

using nlohmann::json;
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

void CollectScalars(const json& value, std::set<std::string>& digests) {
  if (value.is_object() || value.is_array()) {
    for (const json& child : value) CollectScalars(child, digests);
  } else if (value.is_string()) {
    digests.insert(Sha256Hex(value.get_ref<const std::string&>()));
  } else if (!value.is_null()) {
    digests.insert(Sha256Hex(value.dump()));
  }
}

// Digests of every scalar that the target's values hold: what a Secret may legitimately be made of.
std::set<std::string> ValueDigests(const release::ReleaseRecord& target) {
  std::set<std::string> digests;
  const auto values =
      release::CoalesceValues(target.chart.default_values_json, target.user_values_json);
  if (values) CollectScalars(json::parse(*values, nullptr, /*allow_exceptions=*/false), digests);
  return digests;
}

ContinuityFacts::State ChangeOf(const std::string* before, const std::string* after,
                                const std::set<std::string>& from_values) {
  using State = ContinuityFacts::State;
  if (before == nullptr) return State::Added;
  if (after == nullptr) return State::Removed;
  if (*before == *after) return State::Same;
  // A new value that stands in no value of the chart's or the user's was made up by the template:
  // it will be another one next time.
  return from_values.count(*after) != 0 ? State::Changed : State::Rotates;
}

void Compare(const Digests& before, const Digests& after, const std::set<std::string>& from_values,
             std::vector<ContinuityFacts>& out) {
  std::set<std::pair<std::string, std::string>> keys;
  for (const auto& [key, digest] : before) keys.insert(key);
  for (const auto& [key, digest] : after) keys.insert(key);
  for (const auto& key : keys) {
    const auto old_value = before.find(key);
    const auto new_value = after.find(key);
    const auto state =
        ChangeOf(old_value == before.end() ? nullptr : &old_value->second,
                 new_value == after.end() ? nullptr : &new_value->second, from_values);
    out.push_back({key.first, key.second, state});
  }
}

}  // namespace

ValuesFacts CompareValues(const release::ReleaseRecord* today, const release::ReleaseRecord& target,
                          const std::vector<manifest::Object>& target_objects,
                          const Profile& profile) {
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
  const auto from_values = ValueDigests(target);
  Compare(SecretDigests(*today_objects), SecretDigests(target_objects), from_values,
          facts.continuity);
  Compare(WatchedSettings(*today_objects, profile), WatchedSettings(target_objects, profile),
          from_values, facts.continuity);
  return facts;
}

}  // namespace datafly::gather

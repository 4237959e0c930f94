#include "common/core/diff/learn_secrets.h"

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"
#include "common/core/diff/harmless.h"
#include "common/core/diff/secret_keys.h"
#include "common/core/diff/secret_place.h"
#include "common/core/manifest/manifest.h"
#include "common/core/manifest/yaml.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;
constexpr int kDeepest = 64;

void LearnLeaves(const Json& value, std::string_view key, int depth, KnownSecrets& secrets) {
  if (depth == 0) return;
  if (value.is_string()) secrets.Add(value.get_ref<const std::string&>(), key);
  if (value.is_number()) secrets.Add(value.dump(), key);
  if (value.is_array())
    for (const Json& item : value) LearnLeaves(item, key, depth - 1, secrets);
  if (value.is_object())
    for (const auto& [name, item] : value.items()) LearnLeaves(item, name, depth - 1, secrets);
}

/// What an item of a list is found by: {"name": "DB_PASSWORD", "value": …}.
std::string NameOfItem(const Json& item) {
  if (!item.is_object()) return {};
  const Json name = item.value("name", Json());
  return name.is_string() ? name.get<std::string>() : std::string();
}

/// Below "secrets" everything is hidden, but "secretName" and "existingSecret" name objects there.
bool IsSecretLeaf(const SecretPlace& place, std::string_view key, std::string_view value) {
  return place.treatment() == Treatment::Hide && KindOfKey(key) != KeyKind::AboutSecret &&
         !IsHarmless(value);
}

void LearnHidden(const Json& value, const SecretPlace& place, std::string_view key, int depth,
                 KnownSecrets& secrets) {
  if (depth == 0) return;
  if (value.is_string() || value.is_number()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    IsSecretLeaf(place, key, text) ? secrets.Add(text, key) : secrets.AddDocument(text);
  }
  if (value.is_array())
    for (const Json& item : value)
      LearnHidden(item, place.AtItem(NameOfItem(item)), key, depth - 1, secrets);
  if (value.is_object())
    for (const auto& [name, item] : value.items())
      LearnHidden(item, place.At(name), name, depth - 1, secrets);
}

/// What is no YAML: what stands behind a key on each line.
void LearnLines(std::string_view text, KnownSecrets& secrets) {
  for (const auto line : Split(text, '\n')) {
    auto value = Trim(line);
    if (const auto colon = value.find(':'); colon != std::string_view::npos)
      value = Trim(value.substr(colon + 1));
    while (!value.empty() && (value.front() == '"' || value.front() == '\''))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == '"' || value.back() == '\'')) value.remove_suffix(1);
    secrets.Add(value);
  }
}

/// Every "env" list of name and value, wherever a pod's template stands in the object.
void LearnEnv(const Json& value, int depth, KnownSecrets& secrets) {
  if (depth == 0) return;
  if (value.is_array())
    for (const Json& item : value) LearnEnv(item, depth - 1, secrets);
  if (!value.is_object()) return;
  for (const auto& [name, item] : value.items()) {
    LearnEnv(item, depth - 1, secrets);
    if (name != "env" || !item.is_array()) continue;
    for (const Json& variable : item) {
      const Json text = variable.is_object() ? variable.value("value", Json()) : Json();
      if (text.is_string() && !IsHarmless(text.get_ref<const std::string&>()))
        secrets.Add(text.get_ref<const std::string&>(), variable.value("name", ""));
    }
  }
}

}  // namespace

void LearnVariables(std::string_view manifest, KnownSecrets& secrets) {
  for (const auto& document : manifest::SplitDocuments(manifest)) {
    if (document.text.find("env") == std::string_view::npos) continue;
    const auto objects = manifest::ParseDocument(document);
    if (!objects) continue;
    for (const auto& object : *objects)
      LearnEnv(Json::parse(object.json, nullptr, false), kDeepest, secrets);
  }
}

void LearnObject(const Json& object, KnownSecrets& secrets) {
  if (object.is_object() && object.value("kind", Json()) == "Secret")
    LearnSecretData(object, secrets);
}

void LearnSecretData(const Json& object, KnownSecrets& secrets) {
  if (!object.is_object()) return;
  for (const char* map : {"data", "stringData"}) {
    const auto found = object.find(map);
    if (found == object.end() || !found->is_object()) continue;
    for (const auto& [key, value] : found->items()) {
      if (!value.is_string()) continue;
      const auto& text = value.get_ref<const std::string&>();
      secrets.Add(std::string_view(map) == "data" ? DecodeBase64(text).value_or(text) : text, key);
    }
  }
}

void LearnManifest(std::string_view manifest, KnownSecrets& secrets) {
  for (const auto& document : manifest::SplitDocuments(manifest)) {
    if (document.text.find("Secret") == std::string_view::npos) continue;
    const auto objects = manifest::ParseDocument(document);
    if (!objects) continue;
    for (const auto& object : *objects)
      LearnObject(Json::parse(object.json, nullptr, false), secrets);
  }
}

void LearnValues(std::string_view values, KnownSecrets& secrets) {
  secrets.AddDocument(values);
  const auto parsed =
      yaml::ParseDocument(values, yaml::Scalars::AsStrings, yaml::DuplicateKeys::LastWins);
  parsed ? LearnLeaves(*parsed, "", kDeepest, secrets) : LearnLines(values, secrets);
}

void LearnNamed(std::string_view values, KnownSecrets& secrets) {
  const auto parsed =
      yaml::ParseDocument(values, yaml::Scalars::AsStrings, yaml::DuplicateKeys::LastWins);
  if (!parsed) return secrets.AddDocument(values);
  LearnHidden(*parsed, SecretPlace::OfDefaults(), "", kDeepest, secrets);
}

void LearnSet(std::string_view argument, KnownSecrets& secrets) {
  secrets.AddDocument(argument);
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos) return secrets.Add(argument);
  secrets.Add(argument.substr(equals + 1));
  for (std::string_view part : Split(argument, ',')) {
    const auto at = part.find('=');
    if (at != std::string_view::npos) part.remove_prefix(at + 1);
    while (!part.empty() && std::string_view("{\"'[").find(part.front()) != std::string_view::npos)
      part.remove_prefix(1);
    while (!part.empty() && std::string_view("}\"']").find(part.back()) != std::string_view::npos)
      part.remove_suffix(1);
    secrets.Add(part);
  }
}

}  // namespace datafly::diff

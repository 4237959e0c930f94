#include "common/core/diff/normalize.h"

#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

std::string TextAt(const Json& object, const char* map, const char* key) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return {};
  const auto texts = metadata->find(map);
  if (texts == metadata->end() || !texts->is_object()) return {};
  const auto found = texts->find(key);
  return found != texts->end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// base64 may be wrapped into lines; the server stores the bytes.
void JoinBase64(Json& secret) {
  const auto data = secret.find("data");
  if (data == secret.end() || !data->is_object()) return;
  for (auto& [key, value] : data->items()) {
    if (!value.is_string()) continue;
    auto& text = value.get_ref<std::string&>();
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
  }
}

void MergeStringData(Json& secret) {
  const auto texts = secret.find("stringData");
  if (texts == secret.end()) return;
  if (texts->is_object()) {
    Json& data = secret["data"];
    if (!data.is_object()) data = Json::object();
    for (const auto& [key, value] : texts->items())
      if (value.is_string()) data[key] = EncodeBase64(value.get_ref<const std::string&>());
  }
  secret.erase("stringData");
}

}  // namespace

void Normalize(Json& object) {
  if (!object.is_object()) return;
  if (object.value("kind", Json()) == Json("Secret")) JoinBase64(object);
  object.erase("status");
  object.erase("apiVersion");
  object.erase("kind");
  if (const auto metadata = object.find("metadata");
      metadata != object.end() && metadata->is_object()) {
    for (const char* key :
         {"uid", "generation", "resourceVersion", "creationTimestamp", "managedFields", "selfLink",
          "namespace", "deletionTimestamp", "deletionGracePeriodSeconds"})
      metadata->erase(key);
    if (const auto annotations = metadata->find("annotations");
        annotations != metadata->end() && annotations->is_object())
      annotations->erase("deployment.kubernetes.io/revision");
  }
  MergeStringData(object);
}

Json NormalizedCopy(const Json& live) {
  if (!live.is_object()) return live;
  Json copy = Json::object();
  for (const auto& [key, value] : live.items()) {
    if (key == "status") continue;
    Json& member = copy[key];
    if (key != "metadata" || !value.is_object()) {
      member = value;
      continue;
    }
    for (const auto& [name, item] : value.items())
      if (name != "managedFields") member[name] = item;
  }
  Normalize(copy);
  return copy;
}

void DropLostStringData(Json& before, const Json& after) {
  const auto texts = before.find("stringData");
  if (texts == before.end() || !texts->is_object()) return;
  const auto has = [&](const char* map, const std::string& key) {
    const auto found = after.find(map);
    return found != after.end() && found->is_object() && found->contains(key);
  };
  std::vector<std::string> lost;
  for (const auto& [key, value] : texts->items())
    if (!has("data", key) && !has("stringData", key)) lost.push_back(key);
  for (const std::string& key : lost) texts->erase(key);
}

void AddOwnership(Json& object, const std::string& release, const std::string& name_space) {
  Json& metadata = object["metadata"];
  Json& labels = metadata["labels"];
  if (!labels.is_object()) labels = Json::object();
  labels["app.kubernetes.io/managed-by"] = "Helm";
  Json& annotations = metadata["annotations"];
  if (!annotations.is_object()) annotations = Json::object();
  annotations["meta.helm.sh/release-name"] = release;
  annotations["meta.helm.sh/release-namespace"] = name_space;
}

bool IsOwnedBy(const Json& live, const std::string& release, const std::string& name_space) {
  return TextAt(live, "labels", "app.kubernetes.io/managed-by") == "Helm" &&
         TextAt(live, "annotations", "meta.helm.sh/release-name") == release &&
         TextAt(live, "annotations", "meta.helm.sh/release-namespace") == name_space;
}

bool IsKept(const Json& object) {
  return ToLower(Trim(TextAt(object, "annotations", "helm.sh/resource-policy"))) == "keep";
}

}  // namespace datafly::diff

#include "common/core/diff/schema_prune.h"

#include <nlohmann/json.hpp>

#include "common/core/diff/field_rules.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

const Json* Find(const Json& map, const char* key) {
  if (!map.is_object()) return nullptr;
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &*found;
}

bool IsTrue(const Json& schema, const char* key) {
  const Json* value = Find(schema, key);
  return value != nullptr && *value == Json(true);
}

class Pruning {
 public:
  void Walk(Json& value, const Json& schema, const Place& place, bool is_resource) {
    if (value.is_array()) {
      const Json* items = Find(schema, "items");
      if (items == nullptr) return;
      for (std::size_t i = 0; i < value.size(); ++i)
        Walk(value[i], *items, place.Item(std::to_string(i)), false);
    } else if (value.is_object()) {
      WalkMap(value, schema, place,
              is_resource || IsTrue(schema, "x-kubernetes-embedded-resource"));
    }
  }

  std::vector<std::string> Take() { return std::move(removed_); }

 private:
  void WalkMap(Json& map, const Json& schema, const Place& place, bool is_resource) {
    const Json* properties = Find(schema, "properties");
    const Json* others = Find(schema, "additionalProperties");
    const bool keeps = IsTrue(schema, "x-kubernetes-preserve-unknown-fields") ||
                       (others != nullptr && *others == Json(true));
    std::vector<std::string> unknown;
    for (auto& [key, value] : map.items()) {
      const bool of_every_object = key == "apiVersion" || key == "kind" || key == "metadata";
      if (is_resource && of_every_object) continue;
      const Json* known = properties == nullptr ? nullptr : Find(*properties, key.c_str());
      if (known == nullptr && others != nullptr && others->is_object()) known = others;
      if (known != nullptr) {
        Walk(value, *known, place.Member(key), false);
      } else if (!keeps) {
        unknown.push_back(key);
      }
    }
    for (const std::string& key : unknown) {
      removed_.push_back(place.Member(key).path);
      map.erase(key);
    }
  }

  std::vector<std::string> removed_;
};

}  // namespace

const Json* SchemaOf(const Json& crd, const std::string& version) {
  const Json* spec = Find(crd, "spec");
  const Json* versions = spec == nullptr ? nullptr : Find(*spec, "versions");
  if (versions == nullptr || !versions->is_array()) return nullptr;
  for (const Json& item : *versions) {
    const Json* name = Find(item, "name");
    const Json* schema = Find(item, "schema");
    if (name != nullptr && *name == Json(version) && schema != nullptr)
      return Find(*schema, "openAPIV3Schema");
  }
  return nullptr;
}

std::vector<std::string> Prune(Json& object, const Json& schema) {
  Pruning pruning;
  pruning.Walk(object, schema, Place{{}, {}, false}, true);
  return pruning.Take();
}

}  // namespace datafly::diff

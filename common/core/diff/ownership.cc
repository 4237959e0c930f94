// fieldsV1 is a tree: "f:NAME" for a member, "k:{…}" for an item by its keys, "v:…" for an item by
// its value, "." for the thing itself; an empty node owns all that is below it
// (sigs.k8s.io/structured-merge-diff, fieldpath/serialize.go).
#include "common/core/diff/ownership.h"

#include <nlohmann/json.hpp>

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

void Merge(Json& into, const Json& from) {
  if (!from.is_object()) return;
  if (!into.is_object()) {
    into = from;
    return;
  }
  for (const auto& [key, value] : from.items()) Merge(into[key], value);
}

const Json* Below(const Json* node, std::string_view key) {
  if (node == nullptr || !node->is_object()) return nullptr;
  if (node->empty()) return node;
  const auto found = node->find(std::string("f:").append(key));
  return found == node->end() ? nullptr : &*found;
}

/// Whether the item has all the keys that "k:{…}" names, with the API's default for a protocol.
bool HasKeys(const Json& item, const Json& keys) {
  if (!item.is_object() || !keys.is_object()) return false;
  for (const auto& [key, value] : keys.items()) {
    const auto found = item.find(key);
    const bool same = found != item.end() ? *found == value : key == "protocol" && value == "TCP";
    if (!same) return false;
  }
  return true;
}

/// Where the items of a list stand after IndexItems; no key of fieldsV1 is without a colon but ".".
constexpr const char* kItems = "items";

/// Turns "k:{…}" and "v:…" below the node into a list of [whether by keys, what is said, node], so
/// that each is parsed once and not for every item that is looked up.
void IndexItems(Json& node) {
  if (!node.is_object()) return;
  Json items = Json::array();
  for (auto& [key, value] : node.items()) {
    IndexItems(value);
    const bool by_keys = key.starts_with("k:");
    if (by_keys || key.starts_with("v:"))
      items.push_back({by_keys, Json::parse(key.substr(2), nullptr, false), std::move(value)});
  }
  if (!items.empty()) node[kItems] = std::move(items);
}

const Json* ItemBelow(const Json* node, const Json& item) {
  if (node == nullptr || !node->is_object()) return nullptr;
  if (node->empty()) return node;
  const auto items = node->find(kItems);
  if (items == node->end()) return nullptr;
  for (const Json& entry : *items) {
    const Json& said = entry[1];
    if (entry[0] == true ? HasKeys(item, said) : item == said) return &entry[2];
  }
  return nullptr;
}

std::string TextAt(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Owners Owners::Member(std::string_view key) const {
  return {Below(helm, key), Below(applied, key), Below(others, key), known};
}

Owners Owners::Item(const Json& item) const {
  return {ItemBelow(helm, item), ItemBelow(applied, item), ItemBelow(others, item), known};
}

Json ReadManagedFields(const Json& live) {
  const Json::json_pointer at("/metadata/managedFields");
  if (!live.contains(at) || !live[at].is_array() || live[at].empty()) return {};
  Json fields = {{"helm", nullptr}, {"applied", nullptr}, {"others", nullptr}};
  for (const Json& entry : live[at]) {
    if (!entry.is_object() || !entry.contains("fieldsV1")) continue;
    const bool helms = TextAt(entry, "manager") == "helm";
    Merge(fields[helms ? "helm" : "others"], entry["fieldsV1"]);
    if (helms && TextAt(entry, "operation") == "Apply") Merge(fields["applied"], entry["fieldsV1"]);
  }
  for (Json& tree : fields) IndexItems(tree);
  return fields;
}

Owners OwnersOf(const Json& fields) {
  if (!fields.is_object()) return {};
  const auto tree = [&](const char* key) {
    const Json& node = fields[key];
    return node.is_object() ? &node : nullptr;
  };
  return {tree("helm"), tree("applied"), tree("others"), true};
}

}  // namespace datafly::diff

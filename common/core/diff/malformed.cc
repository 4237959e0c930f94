#include "common/core/diff/malformed.h"

#include <nlohmann/json.hpp>

#include "common/core/diff/field_rules.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

/// The maps and lists of Kubernetes' own kinds whose values are texts.
bool HoldsTexts(const Place& place) {
  static constexpr std::array<std::string_view, 9> kTails = {
      "metadata.labels", "metadata.annotations", "matchLabels",
      "nodeSelector",    "stringData",           "args",
      "command",         "spec.selector",        "data"};
  return std::any_of(kTails.begin(), kTails.end(),
                     [&](std::string_view tail) { return place.Is(tail); });
}

bool IsBareValue(const Json& value) { return value.is_number() || value.is_boolean(); }

std::string Search(const Json& value, const Place& place);

std::string SearchMember(const Json& value, const Place& place, bool texts) {
  const bool must_be_text = texts || place.Is("env[].value");
  if (must_be_text && IsBareValue(value)) return place.path;
  return Search(value, place);
}

std::string Search(const Json& value, const Place& place) {
  const bool texts = HoldsTexts(place);
  if (value.is_object()) {
    for (const auto& [key, member] : value.items())
      if (auto path = SearchMember(member, place.Member(key), texts); !path.empty()) return path;
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Json& item = value[i];
      const bool named = item.is_object() && item.contains("name") && item["name"].is_string();
      const std::string key = named ? "name=" + item["name"].get<std::string>() : std::to_string(i);
      if (auto path = SearchMember(item, place.Item(key), texts); !path.empty()) return path;
    }
  }
  return {};
}

}  // namespace

std::string FirstUnquoted(const Json& object) { return Search(object, Place{{}, {}, true}); }

}  // namespace datafly::diff

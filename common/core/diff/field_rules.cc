#include "common/core/diff/field_rules.h"

#include <array>
#include <nlohmann/json.hpp>

#include "common/core/base/quantity.h"
#include "common/core/base/text.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsPlainKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
}

struct ListRule {
  std::string_view tail;
  std::vector<std::string_view> keys;
  bool merges = false;
};

/// patchMergeKey where `merges`; else the list is atomic, and the keys only tell items apart.
const std::vector<ListRule>& ListRules() {
  static const std::vector<ListRule> kRules{
      {"containers", {"name"}, true},
      {"initContainers", {"name"}, true},
      {"ephemeralContainers", {"name"}, true},
      {"containers[].ports", {"containerPort", "protocol"}, true},
      {"initContainers[].ports", {"containerPort", "protocol"}, true},
      {"spec.ports", {"port", "protocol"}, true},
      {"env", {"name"}, true},
      {"volumes", {"name"}, true},
      {"volumeMounts", {"mountPath"}, true},
      {"volumeDevices", {"devicePath"}, true},
      {"imagePullSecrets", {"name"}, true},
      {"secrets", {"name"}, true},
      {"hostAliases", {"ip"}, true},
      {"topologySpreadConstraints", {"topologyKey", "whenUnsatisfiable"}, true},
      {"schedulingGates", {"name"}, true},
      {"resourceClaims", {"name"}, true},
      {"ownerReferences", {"uid"}, true},
      {"webhooks", {"name"}, true},
      {"spec.versions", {"name"}, false},
      {"spec.rules", {"host"}, false},
      {"http.paths", {"path", "pathType"}, false},
      {"tolerations", {"key", "operator", "value", "effect"}, false},
      {"subjects", {"kind", "name", "namespace"}, false},
      {"volumeClaimTemplates", {"metadata"}, false},
      {"metrics", {"type", "resource"}, false},
      {"items", {"key"}, false},
  };
  return kRules;
}

/// What identifies an item under `key`: a word itself; of an object its name.
std::string KeyText(const Json& item, std::string_view key) {
  const auto found = item.find(key);
  if (found == item.end()) return key == "protocol" ? "TCP" : std::string();
  const Json& value = *found;
  if (value.is_object()) return value.contains("name") ? KeyText(value, "name") : std::string();
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool AllHave(const Json& items, std::string_view key) {
  return !items.empty() && std::all_of(items.begin(), items.end(), [&](const Json& item) {
    return item.is_object() && item.contains(key) && item[std::string(key)].is_string();
  });
}

bool HoldsQuantities(const Place& place) {
  if (place.under_own_key) return false;
  static constexpr std::array<std::string_view, 14> kMaps{
      "requests.", "limits.", "hard.",    "capacity.", "overhead.",  "default.", "defaultRequest.",
      "max.",      "min.",    "divisor.", "used.",     "allocated.", "used.",    "allocatable."};
  if (IsOneOf(place.Field(), {"sizeLimit", "averageValue", "divisor", "storage"})) return true;
  if (place.Is("target.value")) return true;
  return std::any_of(kMaps.begin(), kMaps.end(), [&](std::string_view map) {
    const auto at = place.pattern.rfind('.');
    return at != std::string::npos && place.pattern.substr(0, at + 1).ends_with(map);
  });
}

/// Whether the keys of this map are the user's, and no fields of a type.
bool HoldsOwnKeys(const Place& map, std::string_view key) {
  static constexpr std::array<std::string_view, 12> kMaps{
      "labels",     "annotations",      "matchLabels", "nodeSelector",     "data",
      "stringData", "binaryData",       "parameters",  "volumeAttributes", "options",
      "properties", "patternProperties"};
  if (map.Is("spec.selector")) return !IsOneOf(key, {"matchLabels", "matchExpressions"});
  const auto field = map.pattern.ends_with(']') ? std::string_view() : map.Field();
  return std::find(kMaps.begin(), kMaps.end(), field) != kMaps.end();
}

std::optional<Quantity> QuantityOf(const Json& value) {
  if (!value.is_string() && !value.is_number()) return std::nullopt;
  const auto parsed =
      Quantity::Parse(value.is_string() ? value.get_ref<const std::string&>() : value.dump());
  return parsed ? std::optional<Quantity>(*parsed) : std::nullopt;
}

/// Go's duration ("1h30m", "90s") in nanoseconds.
std::optional<double> DurationOf(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  std::string_view text = value.get_ref<const std::string&>();
  if (text.empty() || text.size() > 64) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    std::size_t digits = 0;
    while (digits < text.size() &&
           ((text[digits] >= '0' && text[digits] <= '9') || text[digits] == '.'))
      ++digits;
    if (digits == 0) return std::nullopt;
    const double number = std::strtod(std::string(text.substr(0, digits)).c_str(), nullptr);
    text.remove_prefix(digits);
    static constexpr std::array<std::pair<std::string_view, double>, 6> kUnits{
        {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& known) {
      const auto rest = text.substr(std::min(known.first.size(), text.size()));
      return text.starts_with(known.first) &&
             (rest.empty() || (rest.front() >= '0' && rest.front() <= '9'));
    });
    if (unit == kUnits.end()) return std::nullopt;
    total += number * unit->second;
    text.remove_prefix(unit->first.size());
  }
  return total;
}

}  // namespace

Place Place::Member(std::string_view key) const {
  Place place{path, pattern, typed, kind, HoldsOwnKeys(*this, key)};
  if (IsPlainKey(key)) {
    place.path += place.path.empty() ? std::string(key) : fmt::format(".{}", key);
  } else {
    place.path += fmt::format(
        "[{}]", Json(std::string(key)).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  place.pattern += place.pattern.empty() ? std::string(key) : fmt::format(".{}", key);
  return place;
}

Place Place::Item(std::string_view key) const {
  return {fmt::format("{}[{}]", path, key), pattern + "[]", typed, kind};
}

std::string_view Place::Field() const {
  const auto dot = pattern.rfind('.');
  auto field = dot == std::string::npos ? std::string_view(pattern)
                                        : std::string_view(pattern).substr(dot + 1);
  while (field.ends_with("[]")) field.remove_suffix(2);
  return field;
}

bool Place::Is(std::string_view pattern_tail) const {
  if (!std::string_view(pattern).ends_with(pattern_tail)) return false;
  const auto before = pattern.size() - pattern_tail.size();
  return before == 0 || pattern[before - 1] == '.';
}

bool IsBuiltInGroup(std::string_view group) {
  return IsOneOf(group, {"",
                         "apps",
                         "batch",
                         "autoscaling",
                         "policy",
                         "extensions",
                         "networking.k8s.io",
                         "rbac.authorization.k8s.io",
                         "storage.k8s.io",
                         "scheduling.k8s.io",
                         "admissionregistration.k8s.io",
                         "apiextensions.k8s.io",
                         "coordination.k8s.io",
                         "discovery.k8s.io",
                         "certificates.k8s.io",
                         "node.k8s.io",
                         "events.k8s.io",
                         "flowcontrol.apiserver.k8s.io",
                         "authentication.k8s.io",
                         "authorization.k8s.io",
                         "resource.k8s.io"});
}

ListIdentity IdentityOf(const Place& list, const Json& items) {
  if (items.empty() || !items.front().is_object()) return {};
  if (list.typed) {
    for (const ListRule& rule : ListRules())
      if (list.Is(rule.tail)) return {rule.keys, rule.merges};
  }
  if (AllHave(items, "name")) return {{"name"}, false};
  return {};
}

std::string ItemKey(const ListIdentity& identity, const Json& item) {
  if (!item.is_object()) return {};
  std::string text;
  for (const auto key : identity.keys) {
    const std::string value = KeyText(item, key);
    // The protocol is told only where it is not the usual one.
    if (value.empty() || (key == "protocol" && value == "TCP")) continue;
    if (!text.empty()) text += ',';
    text += fmt::format("{}={}", key == "metadata" ? "name" : key, value);
  }
  return text;
}

bool SameStored(const Place& place, const Json& a, const Json& b) {
  if (a == b) return true;
  if (!place.typed || !HoldsQuantities(place)) return false;
  const auto left = QuantityOf(a);
  const auto right = QuantityOf(b);
  return left && right && *left == *right;
}

bool SameByValue(const Json& a, const Json& b) {
  if (a == b) return true;
  if (const auto left = DurationOf(a), right = DurationOf(b); left && right) return *left == *right;
  const auto left = QuantityOf(a);
  const auto right = QuantityOf(b);
  // "1.20" and "1.2" are versions as often as numbers: only with a unit are they quantities.
  const auto has_unit = [](const Json& value) {
    return value.is_string() && !value.get_ref<const std::string&>().empty() &&
           std::isalpha(static_cast<unsigned char>(value.get_ref<const std::string&>().back())) !=
               0;
  };
  return left && right && *left == *right && (has_unit(a) || has_unit(b));
}

}  // namespace datafly::diff

#include "common/core/release/values.h"

#include <nlohmann/json.hpp>

namespace datafly::release {
namespace {

using Json = nlohmann::json;

/// Far beyond what people write, and little enough for functions that call themselves.
constexpr int kMaxDepth = 1000;

/// Whether the text nests deeper than that. Brackets in strings do not count.
bool IsTooDeep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kMaxDepth) return true;
  }
  return false;
}

Result<Json> ParseObject(std::string_view text) {
  if (IsTooDeep(text)) return Fail(Error::TooLarge("the values nest more than 1000 levels"));
  Json json = Json::parse(text, nullptr, false);
  if (json.is_null()) return Json::object();
  if (!json.is_object()) return Fail(Error::InvalidInput("the values are not a map"));
  return json;
}

/// For the comparisons: what cannot be read has no keys.
Json ObjectOrEmpty(std::string_view text) { return ParseObject(text).value_or(Json::object()); }

/// `prefix.key`, with dots inside a key escaped as `helm --set` has it.
std::string Join(const std::string& prefix, const std::string& key) {
  std::string path = prefix.empty() ? prefix : prefix + ".";
  for (const char c : key) {
    if (c == '.') path += '\\';
    path += c;
  }
  return path;
}

/// The member, or nullptr when there is none.
const Json* Find(const Json& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &*found;
}

/// Copies each value once, however deep it is: the record may come from anyone.
void Coalesce(const Json& defaults, const Json& user, Json& out) {
  out = Json::object();
  for (const auto& [key, value] : defaults.items()) {
    if (Find(user, key) == nullptr) out[key] = value;
  }
  for (const auto& [key, value] : user.items()) {
    if (value.is_null()) continue;
    const Json* fallback = Find(defaults, key);
    if (value.is_object()) {
      const bool both = fallback != nullptr && fallback->is_object();
      Coalesce(both ? *fallback : Json::object(), value, out[key]);
    } else {
      out[key] = value;
    }
  }
}

void FindUnknown(const Json& defaults, const Json& user, const std::string& prefix,
                 std::vector<std::string>& out) {
  if (defaults.empty()) return;  // an empty map is the user's to fill
  for (const auto& [key, value] : user.items()) {
    const Json* known = Find(defaults, key);
    const std::string path = Join(prefix, key);
    if (known == nullptr) {
      if (path != "global") out.push_back(path);  // every chart has it
    } else if (known->is_object() && value.is_object()) {
      FindUnknown(*known, value, path, out);
    }
  }
}

struct Defaults {
  const Json& before;
  const Json& after;
};

void FindChanged(Defaults defaults, const Json& user, const std::string& prefix,
                 std::vector<std::string>& out) {
  for (const auto& [key, value] : user.items()) {
    const Json* before = Find(defaults.before, key);
    const Json* after = Find(defaults.after, key);
    if (before == nullptr || after == nullptr) continue;
    const std::string path = Join(prefix, key);
    if (value.is_object() && before->is_object() && after->is_object()) {
      FindChanged({*before, *after}, value, path, out);
    } else if (*before != *after && value != *after) {
      out.push_back(path);
    }
  }
}

void FindNew(const Json& before, const Json& after, const std::string& prefix,
             std::vector<std::string>& out) {
  for (const auto& [key, value] : after.items()) {
    const Json* old = Find(before, key);
    if (old == nullptr) {
      out.push_back(Join(prefix, key));
    } else if (old->is_object() && value.is_object()) {
      FindNew(*old, value, Join(prefix, key), out);
    }
  }
}

void FindDiffering(const Json& one, const Json& other, const std::string& prefix,
                   std::vector<std::string>& out) {
  for (const auto& [key, value] : one.items()) {
    const Json* second = Find(other, key);
    const std::string path = Join(prefix, key);
    if (second != nullptr && value.is_object() && second->is_object())
      FindDiffering(value, *second, path, out);
    else if (second == nullptr || value != *second)
      out.push_back(path);
  }
  for (const auto& [key, value] : other.items()) {
    if (Find(one, key) == nullptr) out.push_back(Join(prefix, key));
  }
}

/// The parts of a dotted path; `\.` is a dot inside one.
std::vector<std::string> Parts(std::string_view path) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escaped = path[i] == '\\' && i + 1 < path.size() && path[i + 1] == '.';
    if (escaped) ++i;
    if (path[i] == '.' && !escaped) {
      parts.emplace_back();
    } else {
      parts.back() += path[i];
    }
  }
  return parts;
}

}  // namespace

Result<std::string> CoalesceValues(std::string_view defaults_json, std::string_view user_json) {
  ASSIGN_OR_RETURN(const Json defaults, ParseObject(defaults_json));
  ASSIGN_OR_RETURN(const Json user, ParseObject(user_json));
  Json out;
  Coalesce(defaults, user, out);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> UnknownKeys(std::string_view defaults_json, std::string_view user_json) {
  std::vector<std::string> out;
  FindUnknown(ObjectOrEmpty(defaults_json), ObjectOrEmpty(user_json), {}, out);
  return out;
}

std::vector<std::string> ChangedDefaults(std::string_view old_defaults,
                                         std::string_view new_defaults,
                                         std::string_view user_json) {
  std::vector<std::string> out;
  const Json before = ObjectOrEmpty(old_defaults);
  const Json after = ObjectOrEmpty(new_defaults);
  FindChanged({before, after}, ObjectOrEmpty(user_json), {}, out);
  return out;
}

std::vector<std::string> NewKeys(std::string_view old_defaults, std::string_view new_defaults) {
  std::vector<std::string> out;
  FindNew(ObjectOrEmpty(old_defaults), ObjectOrEmpty(new_defaults), {}, out);
  return out;
}

std::vector<std::string> DifferingKeys(std::string_view one_json, std::string_view other_json) {
  std::vector<std::string> out;
  FindDiffering(ObjectOrEmpty(one_json), ObjectOrEmpty(other_json), {}, out);
  return out;
}

std::optional<bool> BoolAt(std::string_view values_json, std::string_view dotted_path) {
  const Json values = ObjectOrEmpty(values_json);
  const Json* at = &values;
  for (const auto& part : Parts(dotted_path)) {
    at = at->is_object() ? Find(*at, part) : nullptr;
    if (at == nullptr) return std::nullopt;
  }
  return at->is_boolean() ? std::optional<bool>(at->get<bool>()) : std::nullopt;
}

}  // namespace datafly::release

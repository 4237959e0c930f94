#include "common/core/profile/document.h"

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/core/profile/codecs.h"

namespace datafly::profile {

namespace {

constexpr std::size_t kMaxBytes = 1U << 20U;  // the size of a ConfigMap

const Field* FindField(std::string_view key) {
  for (const Field& field : AllFields()) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::string Joined(std::string_view group, std::string_view key) {
  return group.empty() ? std::string(key) : fmt::format("{}.{}", group, key);
}

/// The keys that stand directly below a group: "minimums" and "partOfLabel" below "platform".
std::vector<std::string> KeysBelow(std::string_view group) {
  std::vector<std::string> keys;
  std::string prefix = group.empty() ? "" : std::string(group) + ".";
  for (const Field& field : AllFields()) {
    if (!field.key.starts_with(prefix)) continue;
    std::string_view rest = field.key.substr(prefix.size());
    std::string key(rest.substr(0, rest.find('.')));
    if (keys.empty() || keys.back() != key) keys.push_back(std::move(key));
  }
  return keys;
}

/// The full key meant by a key that does not exist: a like one beside it, or the same name
/// elsewhere.
std::string Meant(std::string_view group, std::string_view key) {
  std::string nearest = NearestWord(key, KeysBelow(group));
  if (!nearest.empty()) return Joined(group, nearest);
  for (const Field& field : AllFields()) {
    if (field.key.ends_with(fmt::format(".{}", key))) return std::string(field.key);
  }
  return "";
}

Error UnknownKey(std::string_view group, std::string_view key) {
  std::string meant = Meant(group, key);
  std::string hint = meant.empty() ? "kubectl signal config explain lists every key"
                                   : fmt::format("did you mean {}?", meant);
  return Error::InvalidInput(
      fmt::format("unknown key {}", Truncate(EscapeForTerminal(Joined(group, key)), 80)),
      std::move(hint));
}

Error NotAGroup(std::string_view group, const Json& value) {
  std::string what = fmt::format("a mapping with {}", fmt::join(KeysBelow(group), ", "));
  return Expected(what, value).Within(group);
}

/// `path` is where the group stands; returns whether to go on.
bool VisitGroup(const Json& group, const std::string& path, const KeyVisitor& visitor) {
  for (const auto& [key, value] : group.items()) {
    std::string full = Joined(path, key);
    bool go_on = true;
    if (const Field* field = FindField(full)) {
      go_on = visitor.on_field(*field, value);
    } else if (KeysBelow(full).empty()) {
      go_on = visitor.on_error(full, UnknownKey(path, key));
    } else if (value.is_null()) {  // "platform:" with every line below it commented out
      continue;
    } else if (!value.is_object()) {
      go_on = visitor.on_error(full, NotAGroup(full, value));
    } else {
      go_on = VisitGroup(value, full, visitor);
    }
    if (!go_on) return false;
  }
  return true;
}

}  // namespace

Result<Json> ParseKeys(std::string_view yaml) {
  if (yaml.size() > kMaxBytes) {
    return Fail(Error::TooLarge("the profile is larger than 1 MiB"));
  }
  // Scalars as text: "kubernetes: 1.30" must not become the number 1.3.
  ASSIGN_OR_RETURN(Json document, yaml::ParseDocument(yaml, yaml::Scalars::AsStrings));
  if (document.is_null()) return Json::object();
  if (!document.is_object()) return Fail(Expected("a mapping of keys", document));
  return document;
}

void VisitKeys(const Json& document, const KeyVisitor& visitor) {
  VisitGroup(document, "", visitor);
}

}  // namespace datafly::profile

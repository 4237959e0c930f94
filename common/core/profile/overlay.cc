#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/core/profile/codecs.h"
#include "common/core/profile/fields.h"

namespace datafly {

namespace {

using profile::AllFields;
using profile::Field;
using profile::Json;

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
  return profile::Expected(what, value).Within(group);
}

/// Every key of a document in turn: `on_field(field, value)`, or `on_error(key, error)` for what is
/// not in the table. Both return whether to go on.
template <class OnField, class OnError>
bool WalkGroup(const Json& group, const std::string& path, OnField on_field, OnError on_error) {
  for (const auto& [key, value] : group.items()) {
    std::string full = Joined(path, key);
    bool go_on = true;
    if (const Field* field = FindField(full)) {
      go_on = on_field(*field, value);
    } else if (KeysBelow(full).empty()) {
      go_on = on_error(full, UnknownKey(path, key));
    } else if (value.is_null()) {  // "platform:" with every line below it commented out
      continue;
    } else if (!value.is_object()) {
      go_on = on_error(full, NotAGroup(full, value));
    } else {
      go_on = WalkGroup(value, full, on_field, on_error);
    }
    if (!go_on) return false;
  }
  return true;
}

Result<Json> ParseProfile(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return Fail(Error::TooLarge("the profile is larger than 1 MiB"));
  }
  // Scalars as text: "kubernetes: 1.30" must not become the number 1.3.
  ASSIGN_OR_RETURN(Json document, yaml::ParseDocument(text, yaml::Scalars::AsStrings));
  if (document.is_null()) return Json::object();
  if (!document.is_object()) return Fail(profile::Expected("a mapping of keys", document));
  return document;
}

}  // namespace

Result<Profile> OverlayProfile(const Profile& base, std::string_view yaml,
                               std::string_view source) {
  Result<Json> document = ParseProfile(yaml);
  if (!document) return Fail(document.error().Within(source));
  Profile result = base;
  std::optional<Error> wrong;
  auto on_error = [&](const std::string&, Error error) {
    wrong = std::move(error);
    return false;
  };
  auto on_field = [&](const Field& field, const Json& value) {
    Result<void> read = field.read(value, result);
    return read || on_error("", read.error().Within(field.key));
  };
  WalkGroup(*document, "", on_field, on_error);
  if (wrong) return Fail(wrong->Within(source));
  return result;
}

Result<Profile> TightenProfile(const Profile& base, std::string_view yaml,
                               std::vector<std::string>& ignored) {
  ASSIGN_OR_RETURN(Json document, ParseProfile(yaml));
  Profile result = base;
  auto ignore = [&](std::string_view key, std::string_view why) {
    ignored.push_back(fmt::format("{}: {}", EscapeForTerminal(key), why));
    return true;
  };
  auto on_error = [&](const std::string& key, const Error& error) {
    return ignore(key, error.message);
  };
  auto on_field = [&](const Field& field, const Json& value) {
    Result<std::string> left_out = field.tighten(value, result);
    if (!left_out) return ignore(field.key, left_out.error().message);
    return left_out->empty() || ignore(field.key, *left_out);
  };
  WalkGroup(document, "", on_field, on_error);
  return result;
}

}  // namespace datafly

#include "common/core/profile/cluster_profile.h"

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/core/profile/document.h"

namespace datafly {

namespace {

using profile::AllFields;
using profile::Field;
using Json = nlohmann::json;

std::string Line(std::string_view key, std::string_view why) {
  return fmt::format("{}: {}", Truncate(EscapeForTerminal(key), 80),
                     RedactCredentials(EscapeForTerminal(why)));
}

/// Why the cluster may not set it, or "".
std::string Refusal(const Field& field, const Json& value) {
  if (field.cluster.empty()) return "only your own --config file may set it";
  Profile scratch = DefaultProfile();
  const Result<void> read = field.read(value, scratch);
  return read ? std::string() : read.error().message;
}

/// "platform.minimums.nodes" as the pointer /platform/minimums/nodes; keys hold no "/" and no "~".
Json::json_pointer PointerTo(std::string_view key) {
  std::string path = "/";
  for (const char c : key) path += c == '.' ? '/' : c;
  return Json::json_pointer(path);
}

/// The entries or members that `after` has and `before` has not, or has otherwise.
std::vector<std::string> More(const Json& before, const Json& after) {
  std::vector<std::string> more;
  for (const auto& [key, value] : after.items()) {
    if (after.is_array()) {
      const bool known = std::find(before.begin(), before.end(), value) != before.end();
      if (!known) more.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    } else if (!before.contains(key) || before[key] != value) {
      more.push_back(key);
    }
  }
  return more;
}

std::string Text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string Change(const Field& field, const Json& before, const Json& after) {
  if (after.is_structured()) {
    return Line(field.key, fmt::format("also {}", fmt::join(More(before, after), ", ")));
  }
  return Line(field.key, fmt::format("{} instead of {}", Text(after), Text(before)));
}

}  // namespace

Result<ClusterProfile> ReadClusterProfile(std::string_view yaml) {
  ASSIGN_OR_RETURN(const Json document, profile::ParseKeys(yaml));
  ClusterProfile result;
  Json asks = Json::object();
  profile::VisitKeys(document, {[&](const Field& field, const Json& value) {
                                  const std::string why = Refusal(field, value);
                                  if (why.empty()) asks[PointerTo(field.key)] = value;
                                  if (!why.empty()) result.refused.push_back(Line(field.key, why));
                                  return true;
                                },
                                [&](const std::string& key, const Error& error) {
                                  result.refused.push_back(Line(key, error.message));
                                  return true;
                                }});
  if (!asks.empty()) result.asks = yaml::Emit(asks);
  return result;
}

TightenedProfile Tighten(const Profile& base, const ClusterProfile& cluster) {
  TightenedProfile result{base, {}, {}};
  auto profile = TightenProfile(base, cluster.asks, result.looser);
  if (!profile) {
    result.looser = {Line("the recorded profile", profile.error().message)};
    return result;
  }
  result.profile = *std::move(profile);
  for (const Field& field : AllFields()) {
    const Json before = field.write(base);
    const Json after = field.write(result.profile);
    if (before != after) result.tightened.push_back(Change(field, before, after));
  }
  return result;
}

}  // namespace datafly

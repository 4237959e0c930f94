#include "common/core/base/text.h"
#include "common/core/profile/document.h"

namespace datafly {

using profile::Field;
using Json = nlohmann::json;

Result<Profile> OverlayProfile(const Profile& base, std::string_view yaml,
                               std::string_view source) {
  Result<Json> document = profile::ParseKeys(yaml);
  if (!document) return Fail(document.error().Within(source));
  Profile result = base;
  std::optional<Error> wrong;
  auto on_error = [&](const std::string&, Error error) -> bool {
    wrong = std::move(error);
    return false;
  };
  auto on_field = [&](const Field& field, const Json& value) -> bool {
    Result<void> read = field.read(value, result);
    return read || on_error("", read.error().Within(field.key));
  };
  profile::VisitKeys(*document, {on_field, on_error});
  if (wrong) return Fail(wrong->Within(source));
  return result;
}

Result<Profile> TightenProfile(const Profile& base, std::string_view yaml,
                               std::vector<std::string>& ignored) {
  ASSIGN_OR_RETURN(Json document, profile::ParseKeys(yaml));
  Profile result = base;
  auto ignore = [&](std::string_view key, std::string_view why) {
    ignored.push_back(fmt::format("{}: {}", EscapeForTerminal(key), why));
    return true;
  };
  auto on_error = [&](const std::string& key, const Error& error) {
    return ignore(key, error.message);
  };
  auto on_field = [&](const Field& field, const Json& value) -> bool {
    Result<std::string> left_out = field.tighten(value, result);
    if (!left_out) return ignore(field.key, left_out.error().message);
    return left_out->empty() || ignore(field.key, *left_out);
  };
  profile::VisitKeys(document, {on_field, on_error});
  return result;
}

}  // namespace datafly

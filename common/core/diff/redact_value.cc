#include "common/core/diff/redact_value.h"

#include <re2/re2.h>

#include <nlohmann/json.hpp>

#include "common/core/diff/harmless.h"
#include "common/core/diff/redact_lines.h"
#include "common/core/diff/secret_keys.h"
#include "common/core/diff/secret_shapes.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 200;
constexpr std::string_view kMask = "***";

class Walker {
 public:
  explicit Walker(const KnownSecrets& secrets) : secrets_(secrets) {}

  /// Nothing for a secret.
  std::optional<Json> Walk(const Json& value, const SecretPlace& place, int depth) const {
    if (depth == 0) return std::nullopt;
    if (value.is_object()) return WalkObject(value, place, depth);
    if (value.is_array()) return WalkArray(value, place, depth);
    if (place.sealed()) return std::nullopt;
    if (value.is_string()) return WalkString(value.get_ref<const std::string&>(), place, depth);
    if (value.is_number()) return WalkNumber(value, place);
    return value;
  }

 private:
  Json Hidden(std::optional<Json> value) const {
    return value ? std::move(*value) : Json(std::string(kMask));
  }

  Json WalkObject(const Json& value, const SecretPlace& place, int depth) const {
    Json out = Json::object();
    const auto kind = value.find("kind");
    const bool is_secret = kind != value.end() && *kind == "Secret";
    const SecretPlace item = is_secret ? place.AsSecret() : place.AtItem(OwnNameOf(value));
    for (const auto& [key, member] : value.items())
      out[secrets_.Mask(MaskCertain(key))] = Hidden(Walk(member, item.At(key), depth - 1));
    return out;
  }

  /// What an item of a list is found by: {"name": "DB_PASSWORD", "value": …}.
  static std::string OwnNameOf(const Json& value) {
    for (const char* key : {"name", "key"}) {
      const auto found = value.find(key);
      if (found != value.end() && found->is_string()) return found->get<std::string>();
    }
    return "";
  }

  Json WalkArray(const Json& value, const SecretPlace& place, int depth) const {
    Json out = Json::array();
    std::string flag;
    for (const auto& item : value) {
      const bool text = item.is_string();
      if (place.arguments() && text && HidesAfter(flag, item.get_ref<const std::string&>()))
        out.push_back(kMask);
      else
        out.push_back(Hidden(Walk(item, place, depth - 1)));
      flag = text ? item.get<std::string>() : std::string();
    }
    return out;
  }

  /// Whether an argument is the secret of the flag before it: "--db-password", or "-a" of
  /// redis-cli, which is another thing to other programs.
  static bool HidesAfter(std::string_view flag, std::string_view argument) {
    if (!flag.starts_with('-') || flag.find('=') != std::string_view::npos ||
        argument.starts_with('-'))
      return false;
    if (NamesSecret(flag)) return true;
    const bool may_be = flag == "-a" || flag == "-p" || flag == "-w";
    return may_be && !IsHarmless(argument) && !argument.starts_with('/');
  }

  std::optional<Json> WalkNumber(const Json& value, const SecretPlace& place) const {
    const std::string text = value.dump();
    switch (place.treatment()) {
      case Treatment::Show:
      case Treatment::ShowName:
        if (secrets_.Holds(text)) return std::nullopt;
        return value;
      case Treatment::Pointer:
      case Treatment::Harmless:
        if (IsHarmless(text)) return value;
        return std::nullopt;
      case Treatment::Hide:
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Json> WalkString(const std::string& text, const SecretPlace& place,
                                 int depth) const {
    if (text.empty()) return Json(text);
    switch (place.treatment()) {
      case Treatment::Show:
        return Json(ShowText(text, place, depth));
      case Treatment::ShowName:
        return Json(secrets_.Mask(MaskNamed(secrets_.Mask(text))));
      case Treatment::Pointer:
        if (!IsPointer(text) || secrets_.Holds(text)) return std::nullopt;
        return Json(text);
      case Treatment::Harmless:
        if (!IsHarmless(text)) return std::nullopt;
        return Json(text);
      case Treatment::Hide:
        return std::nullopt;
    }
    return std::nullopt;
  }

  /// "-phunter2", as mysql and its kin have it; "-p5432" is a port.
  static std::string MaskJoined(const std::string& argument) {
    static const RE2 kJoined(R"(-p([^\s=/]+))");
    re2::StringPiece value;
    if (!RE2::FullMatch(argument, kJoined, &value)) return argument;
    return IsHarmless({value.data(), value.size()}) ? argument : fmt::format("-p{}", kMask);
  }

  std::string ShowText(const std::string& text, const SecretPlace& place, int depth) const {
    // A document on one line is read by its keys; on several lines it is read line by line.
    if ((text.front() == '{' || text.front() == '[') && text.find('\n') == std::string::npos) {
      const Json document = Json::parse(text, nullptr, false);
      if (document.is_structured())
        return Hidden(Walk(document, place, depth - 1))
            .dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    const std::string shown = RedactText(text, secrets_);
    return place.arguments() ? MaskJoined(shown) : shown;
  }

  const KnownSecrets& secrets_;
};

}  // namespace

std::optional<std::string> RedactValue(std::string_view json, const SecretPlace& place,
                                       const KnownSecrets& secrets) {
  const Json value = Json::parse(json, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  const auto shown = Walker(secrets).Walk(value, place, kDeepest);
  if (!shown) return std::nullopt;
  return shown->dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace datafly::diff

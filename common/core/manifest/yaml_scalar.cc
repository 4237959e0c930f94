// The resolution of sigs.k8s.io/yaml (goyaml.v2), by its documented behaviour: YAML 1.1 booleans,
// octal by a leading zero, underscores in numbers.
#include "common/core/manifest/yaml_scalar.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>

namespace datafly::yaml {
namespace {

using Json = nlohmann::json;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsNull(std::string_view text) { return IsOneOf(text, {"", "~", "null", "Null", "NULL"}); }
bool IsTrue(std::string_view text) {
  return IsOneOf(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"});
}
bool IsFalse(std::string_view text) {
  return IsOneOf(text,
                 {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"});
}

/// The base that a prefix tells, and the digits after it.
int TakeBase(std::string_view& digits) {
  const auto prefix = digits.substr(0, 2);
  int base = 10;
  if (IsOneOf(prefix, {"0x", "0X"})) base = 16;
  if (IsOneOf(prefix, {"0b", "0B"})) base = 2;
  if (IsOneOf(prefix, {"0o", "0O"})) base = 8;
  if (base != 10) {
    digits.remove_prefix(2);
  } else if (digits.size() > 1 && digits[0] == '0') {
    digits.remove_prefix(1);
    base = 8;
  }
  return base;
}

/// An integer of 64 bits, signed where it fits, else unsigned; null when it is none.
Json ReadInteger(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const int base = TakeBase(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  constexpr std::uint64_t kSignedMax = std::numeric_limits<std::int64_t>::max();
  if (negative && value > kSignedMax + 1) return {};
  if (negative) return static_cast<std::int64_t>(~value + 1);
  if (value > kSignedMax) return value;
  return static_cast<std::int64_t>(value);
}

std::size_t CountDigits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), IsDigit) -
                                  text.begin());
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool LooksLikeFloat(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto whole = CountDigits(text);
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto fraction = CountDigits(text);
    if (whole + fraction == 0) return false;
    text.remove_prefix(fraction);
  } else if (whole == 0) {
    return false;
  }
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && CountDigits(text) == text.size();
}

Json ReadFloat(std::string_view text) {
  if (!LooksLikeFloat(text)) return {};
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

Json ReadNumber(std::string_view text) {
  std::string plain(text);
  plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  Json number = ReadInteger(plain);
  return number.is_null() ? ReadFloat(plain) : number;
}

}  // namespace

Json ResolvePlainScalar(std::string_view text) {
  constexpr std::size_t kLongestNumber = 512;
  if (IsNull(text)) return {};
  if (IsTrue(text)) return true;
  if (IsFalse(text)) return false;
  const char first = text.front();
  const bool number = IsDigit(first) || first == '-' || first == '+';
  Json value;
  if (number && text.size() <= kLongestNumber) value = ReadNumber(text);
  if (first == '.' && text.size() <= kLongestNumber) value = ReadFloat(text);
  if (value.is_null()) return Json(std::string(text));
  return value;
}

}  // namespace datafly::yaml

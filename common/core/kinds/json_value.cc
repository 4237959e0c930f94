#include "common/core/kinds/json_value.h"

#include <cmath>
#include <limits>

#include "common/core/base/text.h"

namespace datafly::kinds::json {

namespace {

/// No list that we ask for comes near it; simdjson itself stops at 4 GiB.
constexpr std::size_t kMaxDocument = std::size_t{512} << 20;
/// Objects of the API nest about 20 deep; a CRD's schema 100.
constexpr std::size_t kMaxDepth = 512;
constexpr std::size_t kMaxKeyInMessage = 60;
/// A std::map's node with two strings.
constexpr std::size_t kMapNode = 104;

/// A key for an error message: the cluster's text, so escaped and short.
std::string SafeKey(std::string_view key) {
  return Truncate(EscapeForTerminal(key.substr(0, 4 * kMaxKeyInMessage)), kMaxKeyInMessage);
}

Error ParseError(simdjson::error_code code) {
  switch (code) {
    case simdjson::CAPACITY:
      return Error::TooLarge("the JSON is larger than 512 MiB");
    case simdjson::MEMALLOC:
      return Error::TooLarge("not enough memory for the JSON");
    case simdjson::DEPTH_ERROR:
      return Error::Protocol("the JSON is nested too deeply");
    case simdjson::EMPTY:
      return Error::Protocol("the answer is empty where JSON was expected");
    case simdjson::UTF8_ERROR:
      return Error::Protocol("the JSON is not valid UTF-8");
    case simdjson::NUMBER_ERROR:
      return Error::Protocol("the JSON holds a number out of range");
    default:
      return Error::Protocol(
          fmt::format("not valid JSON, or cut ({})", ToLower(simdjson::error_message(code))),
          "see whether a proxy or a login page answers in place of the API server");
  }
}

/// Room for the next pages too, which differ a little in size: growing again would fault in new
/// memory.
Result<void> Reserve(simdjson::dom::parser& parser, std::size_t size) {
  if (size > kMaxDocument) return Fail(ParseError(simdjson::CAPACITY));
  if (parser.capacity() >= size && parser.max_depth() == kMaxDepth) return {};
  const std::size_t capacity = size + size / 8 + 64;
  for (const auto code : {parser.allocate(capacity, kMaxDepth), parser.doc.allocate(capacity)}) {
    if (code != simdjson::SUCCESS) return Fail(ParseError(code));
  }
  return {};
}

std::optional<std::int64_t> WholeNumber(const simdjson::dom::element& element) {
  std::int64_t whole = 0;
  if (element.get(whole) == simdjson::SUCCESS) return whole;
  double number = 0;
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!element.is_double() || element.get(number) != simdjson::SUCCESS) return std::nullopt;
  if (number != std::floor(number) || std::abs(number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

Result<simdjson::dom::element> ParseText(simdjson::dom::parser& parser, std::string_view text,
                                         std::size_t capacity) {
  // simdjson would copy from the null pointer of an empty view.
  if (text.empty()) return ::datafly::Fail(ParseError(simdjson::EMPTY));
  TRY(Reserve(parser, text.size()));
  const bool copy = capacity < text.size() + simdjson::SIMDJSON_PADDING;
  simdjson::dom::element root;
  const auto code = parser.parse(text.data(), text.size(), copy).get(root);
  if (code != simdjson::SUCCESS) return ::datafly::Fail(ParseError(code));
  return root;
}

bool Session::Spend(std::size_t bytes) {
  if (budget_ < bytes) {
    Fail(Error::TooLarge("the JSON would take far more memory than a true answer of its size"));
    return false;
  }
  budget_ -= bytes;
  return true;
}

Result<void> Session::Finish() {
  if (error_) return ::datafly::Fail(std::move(*error_));
  return {};
}

std::optional<Value> Value::Child(std::string_view key) const {
  if (session_->failed()) return std::nullopt;
  simdjson::dom::object object;
  if (element_.get(object) != simdjson::SUCCESS) {
    Expected("an object");
    return std::nullopt;
  }
  simdjson::dom::element child;
  if (object.at_key(key).get(child) != simdjson::SUCCESS || child.is_null()) return std::nullopt;
  return Value(child, *this, key);
}

bool Value::HasItems(std::string_view key) const {
  bool found = false;
  ForEachIn(key, [&](const Value&) { found = true; });
  return found;
}

std::string Value::Path() const {
  if (parent_ == nullptr) return {};
  std::string path = parent_->Path();
  if (parent_->element_.is_array()) return fmt::format("{}[{}]", path, index_);
  return path.empty() ? SafeKey(key_) : fmt::format("{}.{}", path, SafeKey(key_));
}

void Value::Expected(std::string_view what) const {
  const std::string path = Path();
  session_->Fail(Error::Protocol(
      fmt::format("{}: expected {}", path.empty() ? std::string("the JSON's root") : path, what)));
}

void ReadJson(const Value& json, std::string& out) {
  std::string_view text;
  if (json.element().get(text) != simdjson::SUCCESS) return json.Expected("a string");
  out.assign(text);
}

void ReadJson(const Value& json, bool& out) {
  if (json.element().get(out) != simdjson::SUCCESS) json.Expected("true or false");
}

void ReadJson(const Value& json, std::int64_t& out) {
  const auto number = WholeNumber(json.element());
  if (!number) return json.Expected("a whole number");
  out = *number;
}

void ReadJson(const Value& json, std::int32_t& out) {
  const auto number = WholeNumber(json.element());
  using Limits = std::numeric_limits<std::int32_t>;
  if (!number || *number < Limits::min() || *number > Limits::max()) {
    return json.Expected("a whole number of 32 bits");
  }
  out = static_cast<std::int32_t>(*number);
}

void ReadJson(const Value& json, Time& out) {
  std::string_view text;
  if (json.element().get(text) != simdjson::SUCCESS) return json.Expected("a time (RFC 3339)");
  const auto time = ParseTime(text);
  if (!time) return json.Expected("a time (RFC 3339)");
  out = *time;
}

void ReadJson(const Value& json, Quantity& out) {
  std::string_view text;
  std::string number;
  if (json.element().get(text) != simdjson::SUCCESS) {
    if (!json.element().is_number()) return json.Expected("a quantity");
    number = simdjson::minify(json.element());
    text = number;
  }
  const auto quantity = Quantity::Parse(text);
  if (!quantity) return json.Expected("a quantity");
  out = *quantity;
}

void ReadJson(const Value& json, std::map<std::string, std::string>& out) {
  json.ForEachMember([&](std::string_view key, const Value& value) {
    if (value.element().is_null() || !json.session().Spend(kMapNode)) return;
    ReadJson(value, out[std::string(key)]);
  });
}

void ReadJson(const Value& json, ResourceList& out) {
  json.ForEachMember([&](std::string_view key, const Value& value) {
    if (!json.session().Spend(kMapNode)) return;
    ReadJson(value, out[std::string(key)]);
  });
}

}  // namespace datafly::kinds::json

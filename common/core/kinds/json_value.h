#pragma once

#include <simdjson.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/kinds/meta.h"

/// The adaptor around simdjson's DOM, private to the decoders (decode_*.cc,
/// facts/decode_access.cc): a value that knows the way that led to it, so that an error names the
/// path, and readers for the types that structs are made of.
namespace datafly::kinds::json {

/// What one document's readers share: the first error wins and ends all further reading.
class Session {
 public:
  /// `size` of the document bounds the memory that its elements may take: `{}` is 3 bytes of JSON
  /// and 600 bytes of Pod. A true answer takes about as much as its text.
  explicit Session(std::size_t size) : budget_(kBaseBudget + size * kBytesPerByte) {}

  [[nodiscard]] bool failed() const { return error_.has_value(); }
  void Fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  /// Takes `bytes` off the budget; false (and an error) when it does not have them.
  bool Spend(std::size_t bytes);
  Result<void> Finish();

 private:
  static constexpr std::size_t kBaseBudget = std::size_t{64} << 20;
  static constexpr std::size_t kBytesPerByte = 8;
  std::size_t budget_;
  std::optional<Error> error_;
};

/// One JSON value. Children point to their parent, so a Value must outlive (and not move under)
/// what was read from it.
class Value {
 public:
  Value(simdjson::dom::element element, Session& session) : element_(element), session_(&session) {}

  /// Reads the member into `out`; a missing one or null leaves `out` as it is, as Go does.
  template <class T>
  void Field(std::string_view key, T& out) const {
    if (const auto child = Child(key)) ReadJson(*child, out);
  }
  /// The member, unless it is missing or null. Fails the session when this value is not an object.
  [[nodiscard]] std::optional<Value> Child(std::string_view key) const;
  [[nodiscard]] bool Has(std::string_view key) const { return Child(key).has_value(); }
  /// Whether the member is an array with at least one element.
  [[nodiscard]] bool HasItems(std::string_view key) const;

  /// Calls `visit(Value)` for each element of this array, `visit(key, Value)` for each member of
  /// this object.
  template <class Visit>
  void ForEach(Visit visit) const;
  template <class Visit>
  void ForEachMember(Visit visit) const;
  /// ForEach on the member `key`, if there is one.
  template <class Visit>
  void ForEachIn(std::string_view key, Visit visit) const {
    if (const auto child = Child(key)) child->ForEach(visit);
  }

  /// Fails the session: "items[3].spec.replicas: expected a whole number".
  void Expected(std::string_view what) const;
  [[nodiscard]] const simdjson::dom::element& element() const { return element_; }
  [[nodiscard]] Session& session() const { return *session_; }

 private:
  Value(simdjson::dom::element element, const Value& parent, std::string_view key)
      : element_(element), session_(parent.session_), parent_(&parent), key_(key) {}
  Value(simdjson::dom::element element, const Value& parent, std::size_t index)
      : element_(element), session_(parent.session_), parent_(&parent), index_(index) {}
  [[nodiscard]] std::string Path() const;

  simdjson::dom::element element_;
  Session* session_;
  const Value* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
};

void ReadJson(const Value& json, std::string& out);
void ReadJson(const Value& json, bool& out);
/// Whole numbers; a float without a fraction counts (YAML renders 1e+06), as in encoding/json it
/// must fit.
void ReadJson(const Value& json, std::int64_t& out);
void ReadJson(const Value& json, std::int32_t& out);
void ReadJson(const Value& json, Time& out);
/// A string ("100m") or, in rendered manifests, a number.
void ReadJson(const Value& json, Quantity& out);
void ReadJson(const Value& json, std::map<std::string, std::string>& out);
void ReadJson(const Value& json, ResourceList& out);

template <class T>
void ReadJson(const Value& json, std::optional<T>& out) {
  ReadJson(json, out.emplace());
}

template <class T>
void ReadJson(const Value& json, std::vector<T>& out) {
  json.ForEach([&](const Value& item) {
    if (json.session().Spend(sizeof(T))) ReadJson(item, out.emplace_back());
  });
}

template <class Visit>
void Value::ForEach(Visit visit) const {
  simdjson::dom::array array;
  if (session_->failed()) return;
  if (element_.get(array) != simdjson::SUCCESS) return Expected("an array");
  std::size_t index = 0;
  for (const simdjson::dom::element item : array) {
    visit(Value(item, *this, index++));
    if (session_->failed()) return;
  }
}

template <class Visit>
void Value::ForEachMember(Visit visit) const {
  simdjson::dom::object object;
  if (session_->failed()) return;
  if (element_.get(object) != simdjson::SUCCESS) return Expected("an object");
  for (const simdjson::dom::key_value_pair member : object) {
    visit(member.key, Value(member.value, *this, member.key));
    if (session_->failed()) return;
  }
}

/// Parses `size` bytes (in place when `capacity` leaves room for simdjson's padding) and hands the
/// root to `read`. Errors: Protocol for what is not JSON or not of the expected shape, TooLarge
/// beyond a bound.
template <class Read>
Result<void> Parse(simdjson::dom::parser& parser, std::string_view text, std::size_t capacity,
                   Read read);

/// The root of `text`, or why there is none.
Result<simdjson::dom::element> ParseText(simdjson::dom::parser& parser, std::string_view text,
                                         std::size_t capacity);

template <class Read>
Result<void> Parse(simdjson::dom::parser& parser, std::string_view text, std::size_t capacity,
                   Read read) {
  ASSIGN_OR_RETURN(const simdjson::dom::element root, ParseText(parser, text, capacity));
  Session session(text.size());
  read(Value(root, session));
  return session.Finish();
}

/// One object as a T, from a text of any alignment and padding.
template <class T>
Result<T> ParseOne(std::string_view text) {
  simdjson::dom::parser parser;
  T out{};
  TRY(Parse(parser, text, text.size(), [&](const Value& root) { ReadJson(root, out); }));
  return out;
}

}  // namespace datafly::kinds::json

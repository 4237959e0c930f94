#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace datafly {

/// JSON text, written in order without a DOM: a snapshot of thousands of pods costs its text alone.
/// Calls must nest properly; strings that are not UTF-8 get U+FFFD.
class JsonWriter {
 public:
  explicit JsonWriter(bool indent) : indent_(indent) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  /// The next value's key, inside an object.
  void Key(std::string_view key);
  void String(std::string_view text);
  void Number(std::int64_t number);
  void Number(std::uint64_t number);
  void Bool(bool value);
  /// The text so far; ends with a newline when indented.
  std::string Take();

 private:
  void Open(char bracket);
  void Close(char bracket);
  /// What stands before a value or key: a comma unless it is the first, and the new line.
  void Separate();
  void NewLine();
  void Quoted(std::string_view text);

  bool indent_;
  bool first_ = true;
  bool after_key_ = false;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace datafly

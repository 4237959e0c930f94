#include "common/core/facts/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace datafly {

namespace {
bool NeedsNoEscape(unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }
}  // namespace

void JsonWriter::NewLine() {
  if (!indent_) return;
  out_ += '\n';
  out_.append(depth_, ' ');
}

void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) out_ += ',';
  if (depth_ > 0) NewLine();
  first_ = false;
}

void JsonWriter::Open(char bracket) {
  Separate();
  out_ += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::Close(char bracket) {
  --depth_;
  if (!first_) NewLine();
  out_ += bracket;
  first_ = false;
}

void JsonWriter::Key(std::string_view key) {
  Separate();
  Quoted(key);
  out_ += indent_ ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::Quoted(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), NeedsNoEscape)) {
    out_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  out_ += '"';
  out_ += text;
  out_ += '"';
}

void JsonWriter::String(std::string_view text) {
  Separate();
  Quoted(text);
}

void JsonWriter::Number(std::int64_t number) {
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}", number);
}

void JsonWriter::Number(std::uint64_t number) {
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}", number);
}

void JsonWriter::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
}

std::string JsonWriter::Take() {
  if (indent_) out_ += '\n';
  return std::move(out_);
}

}  // namespace datafly

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <nlohmann/json.hpp>

#include "common/core/manifest/yaml.h"
#include "common/core/manifest/yaml_scalar.h"

namespace datafly::yaml {
namespace {

/// Deeper values come only from an attack; they are shown as JSON text.
constexpr int kMaxDepth = 200;

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  });
}

/// Lines that a literal block ("|") keeps as they are: one newline at the end, nothing that needs
/// an indentation indicator.
bool FitsLiteral(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('\n') || text.ends_with("\n\n")) return false;
  const bool starts_clean = text.front() != ' ' && text.front() != '\n';
  return starts_clean && IsPrintable(text) && text.find(" \n") == std::string_view::npos;
}

/// Something that every YAML reader takes for the text it is.
bool IsPlainWord(std::string_view text) {
  const auto harmless = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.' || c == '/' || c == ' ';
  };
  if (text.empty() || !std::all_of(text.begin(), text.end(), harmless)) return false;
  if (text.front() == '-' || text.front() == ' ' || text.back() == ' ') return false;
  if (text.front() >= '0' && text.front() <= '9') return false;  // dates, octal, versions
  return text != ".nan" && text != ".inf" && ResolvePlainScalar(text).is_string();
}

void EmitString(YAML::Emitter& out, const std::string& text) {
  if (FitsLiteral(text)) {
    out << YAML::Literal << text;
  } else if (IsPlainWord(text)) {
    out << text;
  } else {
    out << YAML::DoubleQuoted << text;
  }
}

template <class Json>
void EmitValue(YAML::Emitter& out, const Json& value, int depth);

void EmitKey(YAML::Emitter& out, const std::string& key) {
  out << YAML::Key;
  if (!IsPlainWord(key)) out << YAML::DoubleQuoted;
  out << key << YAML::Value;
}

template <class Json>
void EmitObject(YAML::Emitter& out, const Json& value, int depth) {
  if (value.empty()) out << YAML::Flow;
  out << YAML::BeginMap;
  for (const auto& [key, member] : value.items()) {
    EmitKey(out, key);
    EmitValue(out, member, depth + 1);
  }
  out << YAML::EndMap;
}

template <class Json>
void EmitArray(YAML::Emitter& out, const Json& value, int depth) {
  if (value.empty()) out << YAML::Flow;
  out << YAML::BeginSeq;
  for (const auto& member : value) EmitValue(out, member, depth + 1);
  out << YAML::EndSeq;
}

template <class Json>
std::string JsonText(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Json>
void EmitValue(YAML::Emitter& out, const Json& value, int depth) {
  if (value.is_structured() && depth >= kMaxDepth) {
    out << YAML::DoubleQuoted << JsonText(value);
  } else if (value.is_object()) {
    EmitObject(out, value, depth);
  } else if (value.is_array()) {
    EmitArray(out, value, depth);
  } else if (value.is_string()) {
    EmitString(out, value.template get_ref<const std::string&>());
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << JsonText(value);  // booleans and numbers are the same in JSON
  }
}

template <class Json>
std::string EmitDocument(const Json& value) {
  YAML::Emitter out;
  EmitValue(out, value, 0);
  std::string text(out.c_str(), out.size());
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace

std::string Emit(const nlohmann::json& value) { return EmitDocument(value); }
std::string EmitOrdered(const nlohmann::ordered_json& value) { return EmitDocument(value); }

}  // namespace datafly::yaml

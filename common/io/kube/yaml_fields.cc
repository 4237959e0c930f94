#include "common/io/kube/yaml_fields.h"

#include <utility>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"

namespace datafly::kube {
namespace {

std::optional<bool> ParseYamlBool(const std::string& text) {
  std::string lower = ToLower(text);
  if (lower == "true" || lower == "yes" || lower == "on" || lower == "y") return true;
  if (lower == "false" || lower == "no" || lower == "off" || lower == "n") return false;
  return std::nullopt;
}

bool AllStrings(const nlohmann::json& list) {
  return list.is_array() &&
         std::all_of(list.begin(), list.end(), [](const auto& item) { return item.is_string(); });
}

}  // namespace

YamlFields::YamlFields(const nlohmann::json& node, std::string path)
    : node_(node), path_(std::move(path)) {
  if (!node.is_object() && !node.is_null()) {
    Fail(Error::InvalidInput(fmt::format("{} is not a mapping", path_.empty() ? "it" : path_)));
  }
}

std::string YamlFields::PathOf(const char* key) const {
  return path_.empty() ? key : path_ + "." + key;
}

void YamlFields::Fail(Error error) {
  if (status_) status_ = ::datafly::Fail(std::move(error));
}

void YamlFields::WrongShape(const char* key, std::string_view wanted) {
  Fail(Error::InvalidInput(fmt::format("{} is not {}", PathOf(key), wanted)));
}

const nlohmann::json* YamlFields::Find(const char* key) const {
  if (!node_.is_object()) return nullptr;
  auto found = node_.find(key);
  return found == node_.end() || found->is_null() ? nullptr : &*found;
}

const nlohmann::json* YamlFields::FindList(const char* key) {
  const nlohmann::json* value = Find(key);
  if (value == nullptr || value->is_array()) return value;
  WrongShape(key, "a list");
  return nullptr;
}

void YamlFields::Read(const char* key, std::string& out) {
  const nlohmann::json* value = Find(key);
  if (value == nullptr) return;
  if (!value->is_string()) return WrongShape(key, "a string");
  out = value->get_ref<const std::string&>();
}

void YamlFields::Read(const char* key, SecretString& out) {
  std::string value;
  Read(key, value);
  out = SecretString(std::move(value));
}

void YamlFields::Read(const char* key, bool& out) {
  std::string text;
  Read(key, text);
  if (text.empty()) return;
  auto value = ParseYamlBool(text);
  if (!value) return WrongShape(key, "true or false");
  out = *value;
}

void YamlFields::Read(const char* key, std::vector<std::string>& out) {
  const nlohmann::json* list = Find(key);
  if (list == nullptr) return;
  if (!AllStrings(*list)) return WrongShape(key, "a list of strings");
  for (const auto& item : *list) out.push_back(item.get_ref<const std::string&>());
}

void YamlFields::Read(const char* key, std::map<std::string, std::vector<std::string>>& out) {
  const nlohmann::json* value = Find(key);
  if (value == nullptr) return;
  if (!value->is_object()) return WrongShape(key, "a mapping");
  for (const auto& [name, list] : value->items()) {
    if (!AllStrings(list)) return WrongShape(key, "a mapping to lists of strings");
    for (const auto& item : list) out[name].push_back(item.get_ref<const std::string&>());
  }
}

void YamlFields::ReadData(const char* key, std::string& out) {
  std::string text;
  Read(key, text);
  auto bytes = DecodeBase64(text);
  if (!bytes) {
    // Without the decoder's words: they might quote the value.
    return Fail(Error::InvalidInput(
        fmt::format("{} is not valid base64", PathOf(key)),
        "it must hold the base64 form of a PEM file, on one line (base64 -w0 FILE)"));
  }
  out = std::move(*bytes);
}

void YamlFields::ReadData(const char* key, SecretString& out) {
  std::string value;
  ReadData(key, value);
  out = SecretString(std::move(value));
}

}  // namespace datafly::kube

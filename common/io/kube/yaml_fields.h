#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"

namespace datafly::kube {

/// Reads the fields of one YAML mapping whose scalars are all strings (yaml::Scalars::AsStrings).
/// Absent and null are the default; a wrong shape is kept as the first error, so that a decoder is
/// a flat list of fields with one look at status() at its end. Messages name the field, never its
/// value.
class YamlFields {
 public:
  /// `path` names the mapping in messages: "users[0].user".
  YamlFields(const nlohmann::json& node, std::string path);

  void Read(const char* key, std::string& out);
  void Read(const char* key, SecretString& out);
  /// YAML 1.1 booleans, as kubectl's YAML library takes them.
  void Read(const char* key, bool& out);
  void Read(const char* key, std::vector<std::string>& out);
  void Read(const char* key, std::map<std::string, std::vector<std::string>>& out);
  /// base64 of bytes.
  void ReadData(const char* key, std::string& out);
  void ReadData(const char* key, SecretString& out);

  /// Null when absent. Any shape.
  [[nodiscard]] const nlohmann::json* Find(const char* key) const;
  /// Calls `each(item, path)` for every item of a list of mappings until it fails.
  template <class Each>
  void ForEach(const char* key, Each each) {
    const nlohmann::json* list = FindList(key);
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size() && status_; ++i) {
      status_ = each((*list)[i], path_ + "." + key + "[" + std::to_string(i) + "]");
    }
  }

  void Fail(Error error);
  [[nodiscard]] const Result<void>& status() const { return status_; }
  [[nodiscard]] std::string PathOf(const char* key) const;

 private:
  const nlohmann::json* FindList(const char* key);
  void WrongShape(const char* key, std::string_view wanted);

  const nlohmann::json& node_;
  std::string path_;
  Result<void> status_;
};

}  // namespace datafly::kube

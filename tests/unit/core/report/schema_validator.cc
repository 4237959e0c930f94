#include "tests/unit/core/report/schema_validator.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace datafly::report {

namespace {

using nlohmann::json;

json ReadSchema(std::string_view name) {
  std::ifstream file(fmt::format("{}/docs/schemas/{}", SIGNAL_SOURCE_DIR, name));
  return json::parse(file);
}

/// As much of JSON Schema as our schema uses. Stricter in one thing: a key that the schema does not
/// describe is an error, so that a new one cannot be forgotten there.
class Validator {
 public:
  explicit Validator(const json& schema) : root_(schema) {}

  void Check(const json& value) { CheckAgainst(value, root_, "$"); }
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }

 private:
  void CheckAgainst(const json& value, const json& schema, const std::string& path) {
    if (MeansAnything(schema)) return;
    if (schema.contains("$ref")) return CheckReference(value, schema["$ref"], path);
    if (schema.contains("const") && value != schema["const"]) Wrong(path, "is not the constant");
    if (schema.contains("enum")) CheckEnum(value, schema["enum"], path);
    if (schema.contains("type")) CheckType(value, schema["type"], path);
    if (value.is_object()) CheckObject(value, schema, path);
    if (!value.is_array()) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
      CheckAgainst(value[i], schema["items"], fmt::format("{}[{}]", path, i));
    }
  }

  static bool MeansAnything(const json& schema) {
    return schema.size() == 1 && schema.contains("description");
  }

  void CheckReference(const json& value, const std::string& reference, const std::string& path) {
    CheckAgainst(value, root_.at(json::json_pointer(reference.substr(1))), path);
  }

  void CheckEnum(const json& value, const json& allowed, const std::string& path) {
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      Wrong(path, "not in enum");
  }

  void CheckType(const json& value, const std::string& type, const std::string& path) {
    bool right = (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
                 (type == "string" && value.is_string()) ||
                 (type == "boolean" && value.is_boolean()) ||
                 (type == "integer" && value.is_number_integer());
    if (!right) Wrong(path, "is not of type " + type);
  }

  void CheckObject(const json& value, const json& schema, const std::string& path) {
    for (const json& key : schema.value("required", json::array())) {
      if (!value.contains(key)) Wrong(path, "lacks " + key.get<std::string>());
    }
    json properties = schema.value("properties", json::object());
    for (const auto& [key, member] : value.items()) {
      std::string inner = path + "." + key;
      if (properties.contains(key)) {
        CheckAgainst(member, properties[key], inner);
      } else if (schema.contains("additionalProperties")) {
        CheckAgainst(member, schema["additionalProperties"], inner);
      } else {
        Wrong(inner, "is not described");
      }
    }
  }

  void Wrong(const std::string& path, const std::string& what) {
    errors_.push_back(path + " " + what);
  }

  const json& root_;
  std::vector<std::string> errors_;
};

}  // namespace

std::vector<std::string> SchemaErrors(const json& data, std::string_view schema_name) {
  json schema = ReadSchema(schema_name);
  Validator validator(schema);
  validator.Check(data);
  return validator.errors();
}

}  // namespace datafly::report

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "common/core/report/document.h"
#include "common/core/report/versions_document.h"
#include "tests/unit/core/report/samples.h"

namespace datafly::report {
namespace {

using nlohmann::json;

json ReadSchema() {
  std::ifstream file(SIGNAL_SOURCE_DIR "/docs/schemas/report.schema.json");
  return json::parse(file);
}

/// As much of JSON Schema as our schema uses. Stricter in one thing: a key that the schema does not
/// describe is an error, so that a new one cannot be forgotten there.
class Validator {
 public:
  explicit Validator(const json& schema) : root_(schema) {}

  void Check(const json& value) { CheckAgainst(value, root_, "$"); }
  void CheckAs(const std::string& definition, const json& value) {
    CheckAgainst(value, root_["$defs"][definition], "$");
  }
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }

 private:
  void CheckAgainst(const json& value, const json& schema, const std::string& path) {
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

std::vector<std::string> Errors(const json& report) {
  json schema = ReadSchema();
  Validator validator(schema);
  validator.Check(report);
  return validator.errors();
}

TEST(ReportSchema, DescribesEveryReport) {
  for (const Document& document : {samples::Healthy(), samples::Troubled(), samples::Tables(),
                                   samples::Hostile(), samples::Many(), Document{}}) {
    EXPECT_THAT(Errors(json::parse(Render(document, Format::Json, {}))), testing::IsEmpty())
        << document.title;
  }
}

TEST(ReportSchema, DescribesTheRowsOfVersions) {
  VersionsReport report;
  const SemVer version = SemVer::Parse("1.3.0").value();
  report.chosen.offers = {{version, {}}, {version, charts::ChartMetadata{}}};
  const json data = json::parse(Render(VersionsDocument(report), Format::Json, {}));
  EXPECT_THAT(Errors(data), testing::IsEmpty());
  json schema = ReadSchema();
  Validator validator(schema);
  for (const json& row : data["sections"][0]["rows"]) validator.CheckAs("versionRow", row);
  EXPECT_THAT(validator.errors(), testing::IsEmpty());
  json odd = data["sections"][0]["rows"][1];
  odd["class"] = "huge";
  odd.erase("note");
  validator.CheckAs("versionRow", odd);
  EXPECT_THAT(validator.errors(), testing::SizeIs(2));
}

TEST(ReportSchema, RefusesWhatIsNoReport) {
  json report = json::parse(Render(samples::Troubled(), Format::Json, {}));
  json without_kind = report;
  without_kind.erase("kind");
  EXPECT_THAT(Errors(without_kind), testing::ElementsAre("$ lacks kind"));
  json new_key = report;
  new_key["sections"][0]["findings"][0]["colour"] = "red";
  EXPECT_THAT(Errors(new_key),
              testing::ElementsAre("$.sections[0].findings[0].colour is not described"));
  json odd_verdict = report;
  odd_verdict["sections"][0]["findings"][0]["verdict"] = "maybe";
  EXPECT_THAT(Errors(odd_verdict),
              testing::ElementsAre("$.sections[0].findings[0].verdict not in enum"));
}

}  // namespace
}  // namespace datafly::report

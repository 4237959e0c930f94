#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/manifest/yaml.h"
#include "common/core/report/diff_render.h"
#include "tests/unit/core/report/diff_samples.h"
#include "tests/unit/core/report/golden.h"
#include "tests/unit/core/report/schema_validator.h"

namespace datafly::report {
namespace {

using nlohmann::json;

std::string As(DiffFormat format, const diff::ReleaseDiff& diff,
               const RenderOptions& options = {}) {
  return samples::Rendered(diff, format, options);
}
json JsonOf(const diff::ReleaseDiff& diff) { return json::parse(As(DiffFormat::Json, diff)); }

std::vector<diff::ReleaseDiff> AllSamples() {
  return {samples::Upgrade(),   samples::ChartLabel(5), samples::HostileDiff(),
          samples::LongTexts(), samples::NoChanges(),   diff::ReleaseDiff{}};
}

TEST(DiffData, MatchesGoldenFiles) {
  ExpectGolden("diff-upgrade.json", As(DiffFormat::Json, samples::Upgrade()));
  ExpectGolden("diff-upgrade.yaml", As(DiffFormat::Yaml, samples::Upgrade()));
}

TEST(DiffData, IsAsTheSchemaSays) {
  for (const diff::ReleaseDiff& diff : AllSamples()) {
    EXPECT_THAT(SchemaErrors(JsonOf(diff), "diff.schema.json"), testing::IsEmpty());
  }
}

TEST(DiffData, TheSchemaRefusesWhatIsNoDiff) {
  json data = JsonOf(samples::Upgrade());
  json without = data;
  without.erase("summary");
  EXPECT_THAT(SchemaErrors(without, "diff.schema.json"), testing::ElementsAre("$ lacks summary"));
  json odd = data;
  odd["resources"][0]["change"] = "moved";
  EXPECT_THAT(SchemaErrors(odd, "diff.schema.json"),
              testing::ElementsAre("$.resources[0].change not in enum"));
  json wrong = data;
  wrong["resources"][0]["writes"] = "yes";
  EXPECT_THAT(SchemaErrors(wrong, "diff.schema.json"),
              testing::ElementsAre("$.resources[0].writes is not of type boolean"));
  json more = data;
  more["resources"][0]["fields"][0]["length"] = 7;
  EXPECT_THAT(SchemaErrors(more, "diff.schema.json"),
              testing::ElementsAre("$.resources[0].fields[0].length is not described"));
}

TEST(DiffData, ValuesAreValuesNotText) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.resources = {samples::Object(diff::ResourceOp::Changed, "ConfigMap", "x")};
  diff.resources[0].fields = {samples::Field("a", "1", R"({"z":[true,null],"a":"1"})"),
                              samples::Field("b", "null", std::nullopt),
                              samples::Field("c", std::nullopt, "*** no JSON")};
  json fields = JsonOf(diff)["resources"][0]["fields"];
  EXPECT_EQ(fields[0]["old"], 1);
  EXPECT_EQ(fields[0]["new"]["z"][0], true);
  EXPECT_TRUE(fields[1].contains("old")) << "null is a value";
  EXPECT_FALSE(fields[1].contains("new"));
  EXPECT_EQ(fields[2]["new"], "*** no JSON");
}

TEST(DiffData, ASecretHasNoValuesWhateverItHolds) {
  json data = JsonOf(samples::Upgrade());
  std::size_t secrets = 0;
  for (const json& object : data["resources"]) {
    for (const json& field : object["fields"]) {
      if (!field["secret"].get<bool>()) continue;
      ++secrets;
      for (const char* key : {"old", "new", "live", "lines", "inside"}) {
        EXPECT_FALSE(field.contains(key)) << key;
      }
    }
  }
  EXPECT_EQ(secrets, 3U);
}

TEST(DiffData, IsTheSameWhateverTheOptions) {
  RenderOptions options;
  options.width = 40;
  options.color = options.quiet = options.no_headers = true;
  for (DiffFormat format :
       {DiffFormat::Json, DiffFormat::Yaml, DiffFormat::Markdown, DiffFormat::Html}) {
    EXPECT_EQ(As(format, samples::Upgrade(), options), As(format, samples::Upgrade()));
  }
}

TEST(DiffData, YamlIsTheSameAsJson) {
  for (const diff::ReleaseDiff& diff : AllSamples()) {
    Result<json> yaml = yaml::ParseDocument(As(DiffFormat::Yaml, diff));
    ASSERT_TRUE(yaml) << yaml.error().message;
    EXPECT_EQ(*yaml, JsonOf(diff));
  }
}

TEST(DiffData, CountsAreThoseOfTheDiff) {
  json data = JsonOf(samples::Upgrade());
  EXPECT_EQ(data["summary"]["added"], 2);
  EXPECT_EQ(data["summary"]["graveRisks"], 3);
  EXPECT_EQ(data["summary"]["restarts"], 1);
  EXPECT_EQ(data["differs"], true);
  EXPECT_EQ(JsonOf(samples::NoChanges())["differs"], false);
}

TEST(DiffFormats, AreParsedByName) {
  for (DiffFormat format : {DiffFormat::Text, DiffFormat::Summary, DiffFormat::Json,
                            DiffFormat::Yaml, DiffFormat::Markdown, DiffFormat::Html})
    EXPECT_EQ(ParseDiffFormat(ToString(format)), format);
  Result<DiffFormat> wrong = ParseDiffFormat("sumary");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::InvalidInput);
  EXPECT_EQ(wrong.error().message, "unknown output format \"sumary\"");
  EXPECT_EQ(wrong.error().remedy,
            "did you mean summary? formats: text, summary, json, yaml, markdown, html");
  EXPECT_FALSE(ParseDiffFormat(""));
  EXPECT_FALSE(ParseDiffFormat("table"));
}

}  // namespace
}  // namespace datafly::report

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/report/data.h"
#include "tests/unit/core/report/golden.h"
#include "tests/unit/core/report/samples.h"

namespace datafly::report {
namespace {

using nlohmann::json;

std::string Json(const Document& document) { return Render(document, Format::Json, {}); }

TEST(JsonReport, MatchesGoldenFiles) {
  ExpectGolden("troubled.json", Json(samples::Troubled()));
  ExpectGolden("tables.json", Json(samples::Tables()));
  ExpectGolden("hostile.json", Json(samples::Hostile()));
}

TEST(JsonReport, CountsAndExitCodeAreTheDocuments) {
  json report = json::parse(Json(samples::Troubled()));
  EXPECT_EQ(report["schemaVersion"], "1");
  EXPECT_EQ(report["exitCode"], 3);
  EXPECT_EQ(report["summary"]["fail"], 2);
  EXPECT_EQ(report["summary"]["unknown"], 2);
  EXPECT_EQ(report["context"]["namespace"], "datafly");
}

TEST(JsonReport, IsTheSameWhateverTheOptions) {
  RenderOptions options;
  options.width = 40;
  options.color = true;
  options.quiet = true;
  options.no_headers = true;
  EXPECT_EQ(Render(samples::Troubled(), Format::Json, options), Json(samples::Troubled()));
}

TEST(JsonReport, HostileTextIsKeptButHarmlessOnATerminal) {
  std::string text = Json(samples::Hostile());
  for (std::string_view hazard :
       {"\x1b", "\x7f", "\xC2\x9B", "\xE2\x80\xAE", "\xE2\x81\xA6", "\r"}) {
    EXPECT_EQ(text.find(hazard), std::string::npos) << hazard;
  }
  json report = json::parse(text);
  std::string detail = report["verdictDetail"];
  EXPECT_EQ(detail,
            "<script>alert(1)</script> \xE2\x80\xAE"
            "evil");
  EXPECT_EQ(report["sections"][1]["rows"][0]["name"], "\xEF\xBF\xBD") << "not UTF-8";
}

TEST(JsonReport, ColumnsGetDistinctKeys) {
  Table table;
  table.columns = {{"LAST SEEN"},
                   {"CPU%"},
                   {"NAME"},
                   {"name"},
                   {"name2"},
                   {"→"},
                   {"x", false, false, 0, "given"}};
  EXPECT_THAT(ColumnKeys(table), testing::ElementsAre("lastSeen", "cpu", "name", "name2", "name22",
                                                      "column", "given"));
}

TEST(Format, IsParsedByName) {
  for (Format format : {Format::Table, Format::Wide, Format::Json, Format::Yaml, Format::Junit,
                        Format::Markdown, Format::Html})
    EXPECT_EQ(ParseFormat(ToString(format)), format);
  Result<Format> wrong = ParseFormat("jsno");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::InvalidInput);
  EXPECT_THAT(wrong.error().message, testing::HasSubstr("\"jsno\""));
  EXPECT_THAT(wrong.error().remedy, testing::HasSubstr("did you mean json?"));
  EXPECT_FALSE(ParseFormat(""));
  EXPECT_FALSE(ParseFormat("JSON"));
}

}  // namespace
}  // namespace datafly::report

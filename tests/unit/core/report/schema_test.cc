#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/report/document.h"
#include "tests/unit/core/report/samples.h"
#include "tests/unit/core/report/schema_validator.h"

namespace datafly::report {
namespace {

using nlohmann::json;

std::vector<std::string> Errors(const json& report) {
  return SchemaErrors(report, "report.schema.json");
}

TEST(ReportSchema, DescribesEveryReport) {
  for (const Document& document : {samples::Healthy(), samples::Troubled(), samples::Tables(),
                                   samples::Hostile(), samples::Many(), Document{}}) {
    EXPECT_THAT(Errors(json::parse(Render(document, Format::Json, {}))), testing::IsEmpty())
        << document.title;
  }
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

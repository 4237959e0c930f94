#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/report/document.h"
#include "tests/unit/core/report/samples.h"

namespace datafly::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string As(Format format) { return Render(samples::Many(), format, {}); }

TEST(ManyInstallations, AreSummedUp) {
  const Summary one = Summarize(samples::Troubled());
  const Summary other = Summarize(samples::Healthy());
  const Summary both = Summarize(samples::Many());
  EXPECT_EQ(both.fail, one.fail + other.fail);
  EXPECT_EQ(both.pass, one.pass + other.pass);
  EXPECT_EQ(both.Total(), one.Total() + other.Total());
}

TEST(ManyInstallations, JsonHoldsEachReportInFull) {
  const auto json = nlohmann::json::parse(As(Format::Json));
  const auto alone = nlohmann::json::parse(Render(samples::Troubled(), Format::Json, {}));
  EXPECT_EQ(json["schemaVersion"], "1");
  ASSERT_EQ(json["installations"].size(), 3U);
  for (const char* key : {"context", "verdict", "exitCode", "summary", "sections", "takenAt"}) {
    EXPECT_EQ(json["installations"][1][key], alone[key]) << key;
  }
  EXPECT_FALSE(alone.contains("installations"));
}

TEST(ManyInstallations, TheTableHasOnlyTheirRowsAndWideEachReport) {
  EXPECT_THAT(As(Format::Table), Not(HasSubstr("SIG-POD-002")));
  EXPECT_THAT(As(Format::Table), HasSubstr("no-go: 1 no-go, 1 not known, 1 go"));
  EXPECT_THAT(As(Format::Wide), HasSubstr("SIG-POD-002"));
  EXPECT_THAT(As(Format::Wide), HasSubstr("needs get on secrets in c"));
}

TEST(ManyInstallations, JunitHasSuitesOfEachAndAnErrorForTheOneThatWasNotRead) {
  const std::string xml = As(Format::Junit);
  EXPECT_THAT(xml, HasSubstr("tests=\"74\" failures=\"2\" errors=\"2\""));
  EXPECT_THAT(xml,
              HasSubstr("<testsuite name=\"prod/datafly/datafly (1.2.0, revision 7): Release"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"installation\" name=\"prod/c/datafly\""));
  EXPECT_THAT(xml, HasSubstr("needs get on secrets in c &lt;b&gt;"));
}

TEST(ManyInstallations, MarkdownAndHtmlHaveAHeadingForEach) {
  EXPECT_THAT(As(Format::Markdown), HasSubstr("\n## Not looked at\n"));
  EXPECT_THAT(As(Format::Markdown), HasSubstr("\n### Release\n"));
  EXPECT_THAT(As(Format::Html), HasSubstr(">Not looked at</h2>"));
  EXPECT_THAT(As(Format::Html), HasSubstr(">Release</h3>"));
  EXPECT_THAT(As(Format::Html), Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace datafly::report

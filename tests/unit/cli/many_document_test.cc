#include "common/cli/many_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::cli {
namespace {

using testing::ElementsAre;

Finding Found(CheckVerdict verdict, const std::string& code) {
  Finding finding;
  finding.code = code;
  finding.verdict = verdict;
  finding.object = "Pod/x";
  finding.seen = "seen";
  return finding;
}

JudgedInstallation Judged(const std::string& name_space, const std::string& verdict, int exit_code,
                          std::vector<Finding> findings) {
  JudgedInstallation one{"prod", name_space, "datafly", "1.2.0", {}, true};
  one.report.title = "Preflight";
  one.report.context = {{"context", "prod"}, {"namespace", name_space}, {"release", "datafly"}};
  one.report.verdict = verdict;
  one.report.verdict_detail = "detail";
  one.report.exit_code = exit_code;
  std::vector<report::ReportedFinding> reported;
  for (Finding& finding : findings) reported.push_back({std::move(finding), "t", "w", "d"});
  one.report.sections.push_back({"pods", "Pods", std::move(reported)});
  return one;
}

JudgedInstallation Forbidden() {
  JudgedInstallation one{"prod", "c", "datafly", {}, {}, false};
  one.report =
      TroubleReport("prod", "c", "datafly", Error::Forbidden("needs get", "ask for it"), Time{});
  return one;
}

std::vector<std::string> Texts(const std::vector<report::Cell>& row) {
  std::vector<std::string> texts;
  for (const report::Cell& cell : row) texts.push_back(cell.text);
  return texts;
}

TEST(ManyDocument, HasARowForEachAndTheWorstOfAll) {
  const auto document = ManyDocument(
      "PreflightReport", "Preflight",
      {Judged("a", "go", 0, {Found(CheckVerdict::Pass, "SIG-POD-001")}),
       Judged("b", "no-go", 3,
              {Found(CheckVerdict::Warn, "SIG-POD-001"), Found(CheckVerdict::Fail, "SIG-POD-002")}),
       Forbidden()});
  const auto& rows = std::get<report::Table>(document.sections.at(0).body).rows;
  EXPECT_THAT(Texts(rows.at(0)),
              ElementsAre("prod", "a", "datafly", "1.2.0", "go", "0", "0", "0", "1", "detail"));
  EXPECT_THAT(Texts(rows.at(1)), ElementsAre("prod", "b", "datafly", "1.2.0", "no-go", "1", "1",
                                             "0", "0", "SIG-POD-002 Pod/x: seen"));
  EXPECT_THAT(Texts(rows.at(2)), ElementsAre("prod", "c", "datafly", "-", "not known", "0", "0",
                                             "0", "0", "needs get"));
  EXPECT_EQ(document.exit_code, 3);
  EXPECT_EQ(document.verdict, "no-go");
  EXPECT_EQ(document.verdict_detail, "1 no-go, 1 not known, 1 go");
  EXPECT_EQ(document.installations.size(), 3U);
  EXPECT_EQ(document.installations.at(1).title, "prod/b/datafly: Preflight");
}

TEST(ManyDocument, NotKnowingOneIsNeverGood) {
  const auto document = ManyDocument(
      "K", "T", {Judged("a", "go", 0, {Found(CheckVerdict::Pass, "SIG-POD-001")}), Forbidden()});
  EXPECT_EQ(document.exit_code, 5);
  EXPECT_EQ(document.verdict, "not known");
}

TEST(ManyDocument, KnowingNoneMeansThatTheWorkCouldNotBeDone) {
  EXPECT_EQ(ManyDocument("K", "T", {Forbidden()}).exit_code, 1);
}

TEST(ManyDocument, OneContextIsNotRepeatedInEveryRowOfANarrowTable) {
  auto other = Judged("a", "go", 0, {});
  const auto one = ManyDocument("K", "T", {other});
  EXPECT_TRUE(std::get<report::Table>(one.sections.at(0).body).columns.at(0).wide_only);
  auto second = other;
  second.context = "stage";
  const auto two = ManyDocument("K", "T", {other, second});
  EXPECT_FALSE(std::get<report::Table>(two.sections.at(0).body).columns.at(0).wide_only);
}

TEST(WorstLine, PrefersFailuresThenWhatIsRequiredAndUnknown) {
  auto required = Found(CheckVerdict::Unknown, "SIG-A-001");
  auto advisory = Found(CheckVerdict::Unknown, "SIG-A-002");
  advisory.requirement = Requirement::Advisory;
  const auto worst = [](std::vector<Finding> findings) {
    return WorstLine(Judged("a", "v", 0, std::move(findings)).report).substr(0, 9);
  };
  EXPECT_EQ(worst({advisory, Found(CheckVerdict::Warn, "SIG-A-003")}), "SIG-A-003");
  EXPECT_EQ(worst({Found(CheckVerdict::Warn, "SIG-A-003"), required}), "SIG-A-001");
  EXPECT_EQ(worst({required, Found(CheckVerdict::Fail, "SIG-A-004")}), "SIG-A-004");
  EXPECT_EQ(worst({Found(CheckVerdict::Pass, "SIG-A-005")}), "detail");
}

TEST(TroubleReport, HoldsTheReasonAndTheRemedy) {
  const auto report = Forbidden().report;
  EXPECT_EQ(LabelOf(report), "prod/c/datafly");
  EXPECT_EQ(std::get<report::Text>(report.sections.at(0).body).text, "needs get\nask for it");
}

}  // namespace
}  // namespace datafly::cli

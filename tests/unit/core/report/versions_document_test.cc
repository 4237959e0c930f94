#include "common/core/report/versions_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/report/data.h"

namespace datafly::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

charts::Offer Offer(const char* version, const char* range = "") {
  charts::ChartMetadata metadata;
  metadata.version = version;
  metadata.app_version = version;
  metadata.kube_version = range;
  metadata.created = ParseTime("2026-10-01T08:00:00Z").value();
  return {SemVer::Parse(version).value(), metadata};
}

VersionsReport Report() {
  VersionsReport report;
  report.scope.release = "datafly";
  report.source = "oci://r.example/datafly";
  report.today = std::string("1.2.0");
  report.server_version = std::string("v1.31.2");
  report.chosen.offers = {Offer("2.0.0", ">=1.32.0-0"), Offer("1.3.1-rc.1"), Offer("1.3.0"),
                          Offer("1.2.1", ">=1.28.0-0")};
  return report;
}

std::vector<std::string> ColumnOf(const Document& document, const char* key) {
  std::vector<std::string> cells;
  const auto data = ToData(document);
  for (const auto& row : data["sections"][0]["rows"]) cells.push_back(row[key].get<std::string>());
  return cells;
}

// testing::Each is content with nothing.
auto ElementsAreEach(const char* text) { return ElementsAre(text, text, text, text); }

std::string NotesOf(const Document& document) {
  return document.sections.size() < 2 ? "" : std::get<Text>(document.sections[1].body).text;
}

TEST(Versions, AreToldWithTheirStepAndWhetherTheyRun) {
  const Document document = VersionsDocument(Report());
  EXPECT_EQ(document.exit_code, 0);
  EXPECT_EQ(document.verdict, "4 newer versions");
  EXPECT_EQ(document.verdict_detail,
            "patch 1.2.1, minor 1.3.0, major 2.0.0 (not on this Kubernetes)");
  EXPECT_THAT(ColumnOf(document, "version"), ElementsAre("2.0.0", "1.3.1-rc.1", "1.3.0", "1.2.1"));
  EXPECT_THAT(ColumnOf(document, "class"), ElementsAre("major", "minor", "minor", "patch"));
  EXPECT_THAT(ColumnOf(document, "kubernetes"),
              ElementsAre(">=1.32.0-0", "any", "any", ">=1.28.0-0"));
  EXPECT_THAT(ColumnOf(document, "runsHere"), ElementsAre("no", "yes", "yes", "yes"));
  EXPECT_THAT(ColumnOf(document, "created"), ElementsAreEach("2026-10-01T08:00:00Z"));
  EXPECT_THAT(ColumnOf(document, "preRelease"), ElementsAre("no", "yes", "no", "no"));
  EXPECT_EQ(NotesOf(document), "");
}

TEST(Versions, OfEachClassTheNewestThatRunsHereIsNamed) {
  VersionsReport report = Report();
  report.chosen.offers = {Offer("1.4.1", ">=1.40.0-0"), Offer("1.4.0"), Offer("1.3.0"),
                          Offer("1.2.1")};
  report.chosen.offers[1].metadata->deprecated = true;
  report.chosen.offers[3].metadata->deprecated = true;
  EXPECT_EQ(VersionsDocument(report).verdict_detail, "patch 1.2.1 (deprecated), minor 1.3.0");
}

TEST(Versions, OfNoReleaseAreListedAndSaySo) {
  VersionsReport report = Report();
  report.today = Absence{AbsenceKind::NotFound, "no release datafly in namespace x", {}};
  const Document document = VersionsDocument(report);
  EXPECT_EQ(document.exit_code, 5);
  EXPECT_EQ(document.verdict, "not known");
  EXPECT_THAT(ColumnOf(document, "class"), ElementsAreEach("?"));
  EXPECT_THAT(NotesOf(document), HasSubstr("no release datafly in namespace x"));
}

TEST(Versions, WithoutAClusterCannotSayWhatRuns) {
  VersionsReport report = Report();
  report.server_version = Absence{AbsenceKind::Unreachable, "connection refused", {}};
  const Document document = VersionsDocument(report);
  EXPECT_EQ(document.exit_code, 0);
  EXPECT_THAT(ColumnOf(document, "runsHere"), ElementsAre("?", "yes", "yes", "?"));
  EXPECT_THAT(NotesOf(document), HasSubstr("connection refused"));
}

// A list that the source did not give now is no answer to what it offers now.
TEST(Versions, FromACacheAreNotKnown) {
  VersionsReport report = Report();
  report.stale = "connection refused; listed from Helm's cached index, as of then";
  const Document document = VersionsDocument(report);
  EXPECT_EQ(document.exit_code, 5);
  EXPECT_THAT(document.verdict, HasSubstr("not known"));
  EXPECT_THAT(NotesOf(document), HasSubstr("as of then"));
  report.chosen.offers.clear();
  EXPECT_THAT(VersionsDocument(report).verdict, HasSubstr("not known"));
}

TEST(Versions, MayBeNone) {
  VersionsReport report = Report();
  report.chosen.offers = {Offer("1.2.0"), Offer("1.1.0")};
  const Document document = VersionsDocument(report);
  EXPECT_EQ(document.exit_code, 0);
  EXPECT_EQ(document.verdict, "up to date");
  EXPECT_THAT(ColumnOf(document, "class"), ElementsAre("today", "older"));
}

TEST(Versions, OfWhichNothingIsKnownSayWhy) {
  VersionsReport report = Report();
  report.chosen.offers[0].metadata = Absence{AbsenceKind::Unreachable, "HTTP 429", {}};
  report.chosen.hidden_prereleases = 1;
  report.unreadable = 2;
  const Document document = VersionsDocument(report);
  EXPECT_EQ(ColumnOf(document, "runsHere")[0], "?");
  EXPECT_EQ(ColumnOf(document, "deprecated")[0], "?");
  EXPECT_EQ(ColumnOf(document, "note")[0], "HTTP 429");
  EXPECT_THAT(NotesOf(document), HasSubstr("1 pre-release not shown (--devel)"));
  EXPECT_THAT(NotesOf(document), HasSubstr("2 versions of the index left out"));
}

TEST(Versions, AreNotComparedWithWhatIsNoVersion) {
  VersionsReport report = Report();
  report.today = std::string("latest");
  EXPECT_EQ(VersionsDocument(report).exit_code, 5);
  EXPECT_THAT(NotesOf(VersionsDocument(report)), HasSubstr("latest is not a version"));
}

TEST(Versions, ThatArePrereleasesAloneAreCalledSo) {
  VersionsReport report = Report();
  report.chosen.offers = {Offer("1.3.0-rc.1")};
  EXPECT_EQ(VersionsDocument(report).verdict, "1 newer version");
  EXPECT_EQ(VersionsDocument(report).verdict_detail, "pre-releases only");
}

}  // namespace
}  // namespace datafly::report

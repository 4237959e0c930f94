#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/report/judgement.h"
#include "tests/unit/core/report/diff_samples.h"

/// A diff as a section of a report, which preflight has.
namespace datafly::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Document WithDiff(diff::ReleaseDiff diff) {
  Facts facts;
  facts.target = TargetFacts{};
  facts.target->changes = diff::Redact(std::move(diff), {}).get();
  Document document;
  document.kind = "PreflightReport";
  document.title = "Preflight";
  document.sections.push_back({"notes", "Notes", Text{"read them"}});
  AddChanges(document, facts);
  return document;
}

TEST(DiffSection, IsThereWhereTheChangesAreKnown) {
  Document document;
  Facts facts;
  AddChanges(document, facts);
  facts.target = TargetFacts{};
  AddChanges(document, facts);
  EXPECT_TRUE(document.sections.empty());
  EXPECT_EQ(WithDiff(samples::Upgrade()).sections.back().name, "diff");
}

TEST(DiffSection, OnlyTheScreensTableLeavesItOut) {
  const Document document = WithDiff(samples::Upgrade());
  const std::string path = "spec.replicas";
  EXPECT_THAT(Render(document, Format::Table, {}), Not(HasSubstr(path)));
  for (const Format format :
       {Format::Wide, Format::Json, Format::Yaml, Format::Markdown, Format::Html})
    EXPECT_THAT(Render(document, format, {}), HasSubstr(path)) << ToString(format);
}

TEST(DiffSection, InDataIsTheDiffsOwn) {
  const auto data = nlohmann::json::parse(Render(WithDiff(samples::Upgrade()), Format::Json, {}));
  const auto& section = data["sections"].back();
  EXPECT_EQ(section["type"], "diff");
  EXPECT_EQ(section["diff"]["kind"], "Diff");
  EXPECT_FALSE(section["diff"]["resources"].empty());
}

TEST(DiffSection, StandsUnderTheReportsHeadings) {
  const Document document = WithDiff(samples::Upgrade());
  const std::string markdown = Render(document, Format::Markdown, {});
  EXPECT_THAT(markdown, HasSubstr("\n## What the step changes, field by field\n"));
  EXPECT_THAT(markdown, HasSubstr("\n### Changed"));
  EXPECT_THAT(markdown, Not(HasSubstr("\n# Diff of")));
  const std::string html = Render(document, Format::Html, {});
  EXPECT_THAT(html, HasSubstr("<h3>What was compared</h3>"));
  EXPECT_THAT(html, Not(HasSubstr("<h2>What was compared</h2>")));
}

TEST(DiffSection, RedactingASecondTimeChangesNothing) {
  const auto once = diff::Redact(samples::Upgrade(), {});
  const auto twice = diff::Redact(once.get(), {});
  EXPECT_EQ(RenderDiff(once, DiffFormat::Json, {}), RenderDiff(twice, DiffFormat::Json, {}));
}

}  // namespace
}  // namespace datafly::report

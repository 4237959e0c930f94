#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/base/text.h"
#include "common/core/report/diff_render.h"
#include "common/core/report/diff_words.h"
#include "tests/unit/core/report/diff_samples.h"
#include "tests/unit/core/report/golden.h"

namespace datafly::report {
namespace {

using testing::HasSubstr;
using testing::Not;

RenderOptions Columns(int width) {
  RenderOptions options;
  options.width = width;
  return options;
}

std::string TextOf(const diff::ReleaseDiff& diff, const RenderOptions& options) {
  return samples::Rendered(diff, DiffFormat::Text, options);
}
std::string SummaryOf(const diff::ReleaseDiff& diff, const RenderOptions& options) {
  return samples::Rendered(diff, DiffFormat::Summary, options);
}

TEST(DiffText, MatchesGoldenFiles) {
  RenderOptions color = Columns(120);
  color.color = true;
  RenderOptions quiet = Columns(120);
  quiet.quiet = true;
  RenderOptions bare = Columns(120);
  bare.no_headers = true;
  ExpectGolden("diff-upgrade-80.txt", TextOf(samples::Upgrade(), Columns(80)));
  ExpectGolden("diff-upgrade-120.txt", TextOf(samples::Upgrade(), Columns(120)));
  ExpectGolden("diff-upgrade-0.txt", TextOf(samples::Upgrade(), Columns(0)));
  ExpectGolden("diff-upgrade-color.txt", TextOf(samples::Upgrade(), color));
  ExpectGolden("diff-upgrade-quiet.txt", TextOf(samples::Upgrade(), quiet));
  ExpectGolden("diff-upgrade-no-headers.txt", TextOf(samples::Upgrade(), bare));
  ExpectGolden("diff-label-80.txt", TextOf(samples::ChartLabel(40), Columns(80)));
  ExpectGolden("diff-long-80.txt", TextOf(samples::LongTexts(), Columns(80)));
  ExpectGolden("diff-long-120.txt", TextOf(samples::LongTexts(), Columns(120)));
  ExpectGolden("diff-hostile-120.txt", TextOf(samples::HostileDiff(), Columns(120)));
  ExpectGolden("diff-none-80.txt", TextOf(samples::NoChanges(), Columns(80)));
}

TEST(DiffSummary, MatchesGoldenFiles) {
  RenderOptions color = Columns(120);
  color.color = true;
  ExpectGolden("diff-summary-80.txt", SummaryOf(samples::Upgrade(), Columns(80)));
  ExpectGolden("diff-summary-120.txt", SummaryOf(samples::Upgrade(), Columns(120)));
  ExpectGolden("diff-summary-color.txt", SummaryOf(samples::Upgrade(), color));
}

std::vector<std::string> Overflowing(const std::string& text, std::size_t width) {
  std::vector<std::string> wide;
  for (std::string_view line : Split(text, '\n')) {
    if (DisplayWidth(line) > width) wide.emplace_back(line);
  }
  return wide;
}

TEST(DiffText, FitsEveryWidth) {
  for (int width : {40, 60, 80, 100, 120, 200}) {
    for (const diff::ReleaseDiff& diff :
         {samples::Upgrade(), samples::ChartLabel(40), samples::LongTexts(), samples::HostileDiff(),
          samples::NoChanges()}) {
      auto columns = static_cast<std::size_t>(width);
      EXPECT_THAT(Overflowing(TextOf(diff, Columns(width)), columns), testing::IsEmpty()) << width;
      EXPECT_THAT(Overflowing(SummaryOf(diff, Columns(width)), columns), testing::IsEmpty())
          << width;
    }
  }
}

TEST(DiffText, CutsNothingInAPipe) {
  std::string text = TextOf(samples::LongTexts(), Columns(0));
  EXPECT_THAT(text, HasSubstr(std::string(120, 'p') + "/eu-central-1?batch=100\""));
  EXPECT_THAT(text, HasSubstr("a-name-" + std::string(200, 'n')));
  EXPECT_THAT(text, HasSubstr("+   - request-59\n"));
  EXPECT_THAT(text, HasSubstr(std::string(300, 'v')));
}

TEST(DiffText, NoEscapeSequenceOfTheClusterReachesTheTerminal) {
  for (int width : {0, 40, 120}) {
    std::string text = TextOf(samples::HostileDiff(), Columns(width)) +
                       SummaryOf(samples::HostileDiff(), Columns(width));
    for (std::string_view hazard :
         {"\x1b", "\r", "\x07", "\xE2\x80\xAE", "\xC2\x9B", "\xff", "\n#"}) {
      EXPECT_EQ(text.find(hazard), std::string::npos) << width;
    }
  }
}

TEST(DiffText, ColourIsOnlyOursAndResetOnEachLine) {
  RenderOptions color = Columns(80);
  color.color = true;
  for (const diff::ReleaseDiff& diff : {samples::Upgrade(), samples::HostileDiff()}) {
    for (const std::string& text : {TextOf(diff, color), SummaryOf(diff, color)}) {
      for (std::string_view line : Split(text, '\n')) {
        bool open = false;
        for (std::size_t at = line.find("\x1b["); at != std::string_view::npos;
             at = line.find("\x1b[", at + 1)) {
          bool reset = line.substr(at, 4) == "\x1b[0m";
          EXPECT_NE(open, !reset) << line;
          open = !reset;
        }
        EXPECT_FALSE(open) << line;
      }
    }
  }
}

TEST(DiffText, ColourChangesNothingElse) {
  RenderOptions color = Columns(120);
  color.color = true;
  std::string text = TextOf(samples::Upgrade(), color);
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b')
      at = text.find('m', at);
    else
      plain += text[at];
  }
  EXPECT_EQ(plain, TextOf(samples::Upgrade(), Columns(120)));
}

TEST(DiffText, SecretsAreNotShownInAnyForm) {
  for (DiffFormat format : {DiffFormat::Text, DiffFormat::Summary, DiffFormat::Json,
                            DiffFormat::Yaml, DiffFormat::Markdown, DiffFormat::Html}) {
    diff::ShownDiff shown = diff::Redact(samples::Upgrade(), {});
    EXPECT_THAT(RenderDiff(shown, format, {}), Not(HasSubstr("hunter2"))) << ToString(format);
    // Marked fields stay hidden even if Redact had let their values through.
    std::string text = samples::Rendered(samples::Upgrade(), format);
    EXPECT_THAT(text, Not(HasSubstr("hunter2"))) << ToString(format);
  }
}

/// Even if Redact had let them through.
TEST(DiffText, SecretsAreNotShownWhateverTheFieldHolds) {
  diff::FieldChange field = samples::Field("a", "\"hunter2\"", "\"hunter2\"");
  field.secret = true;
  field.live_value = "\"hunter2\"";
  for (diff::Origin origin : {diff::Origin::Chart, diff::Origin::Drift, diff::Origin::Both}) {
    for (diff::Effect effect : {diff::Effect::Writes, diff::Effect::Already, diff::Effect::Spelling,
                                diff::Effect::Stays, diff::Effect::Conflicts}) {
      field.origin = origin;
      field.effect = effect;
      EXPECT_THAT(InOneLine(Tell(field)), Not(HasSubstr("hunter2")));
      EXPECT_THAT(InOneLine(Tell(field)), HasSubstr("(secret)"));
    }
  }
}

TEST(DiffText, AChangeOfManyObjectsIsToldOnce) {
  std::string text = TextOf(samples::ChartLabel(40), Columns(0));
  EXPECT_THAT(text, HasSubstr("~ metadata.labels[\"helm.sh/chart\"]: \"datafly-signal-1.2.0\" → "
                              "\"datafly-signal-1.3.0\" on 40 objects\n"));
  EXPECT_THAT(text, HasSubstr("Deployment/worker-39"));
  EXPECT_LE(Split(text, '\n').size(), 25U) << text;
  // Two are no crowd.
  std::string few = TextOf(samples::ChartLabel(2), Columns(0));
  EXPECT_THAT(few, Not(HasSubstr("on 2 objects")));
}

TEST(DiffText, NeverFoldsAnObjectToStopAt) {
  diff::ReleaseDiff diff = samples::ChartLabel(12);
  for (std::size_t i : {4U, 6U, 8U}) {  // as many as would be told together
    diff.resources[i].risks.push_back({diff::RiskClass::Conflicts, "another owns it"});
  }
  std::string text = TextOf(diff, Columns(0));
  EXPECT_THAT(text, HasSubstr("3 things to stop at\n  × Deployment/worker-4 conflicts: another"));
  for (std::string_view name : {"worker-4", "worker-6", "worker-8"}) {
    EXPECT_THAT(text, HasSubstr(fmt::format(
                          "~ Deployment/{}  conflicts, restarts 3 pods, as above\n", name)));
  }
}

TEST(DiffText, SecretsAtOnePathAreNotOneChange) {
  diff::ReleaseDiff diff = samples::ChartLabel(5);
  for (diff::ResourceChange& object : diff.resources) {
    object.fields = {samples::Field("data.KEY", std::nullopt, std::nullopt)};
    object.fields[0].secret = true;
  }
  EXPECT_THAT(TextOf(diff, Columns(0)), Not(HasSubstr("on 5 objects")));
}

TEST(DiffText, QuietLeavesWhatIsWrittenAndRisks) {
  RenderOptions quiet = Columns(120);
  quiet.quiet = true;
  std::string text = TextOf(samples::Upgrade(), quiet);
  for (std::string_view gone : {"Diff of release", "Not written", "Left behind", "Your values",
                                "the same by value", "has it already", "Helm leaves it"}) {
    EXPECT_THAT(text, Not(HasSubstr(gone)));
  }
  for (std::string_view there :
       {"3 things to stop at", "To know", "are not known: forbidden", "Helm sets 2", "Plan: "}) {
    EXPECT_THAT(text, HasSubstr(there));
  }
  EXPECT_EQ(TextOf(samples::NoChanges(), quiet), "No changes.\n");
}

TEST(DiffText, ThePlanIsTheLastLine) {
  for (const std::string& text :
       {TextOf(samples::Upgrade(), Columns(0)), SummaryOf(samples::Upgrade(), Columns(0))}) {
    std::vector<std::string_view> lines = Split(text, '\n');
    ASSERT_GE(lines.size(), 2U);
    EXPECT_EQ(lines.back(), "");
    EXPECT_EQ(lines[lines.size() - 2],
              "Plan: 2 to add, 5 to change, 1 to make again, 2 to remove, 1 to leave behind; pods "
              "of 1 workload restart; 3 risks to stop at.");
  }
}

TEST(DiffText, ARenamedObjectIsOneEntry) {
  std::string text = TextOf(samples::Upgrade(), Columns(0));
  EXPECT_THAT(text, HasSubstr("~ Deployment/workers → Deployment/delivery-workers"));
  EXPECT_THAT(text, Not(HasSubstr("- Deployment/workers")));
  EXPECT_THAT(text, Not(HasSubstr("+ Deployment/delivery-workers")));
}

TEST(DiffText, ARenamedObjectWithoutItsTwinIsAnOrdinaryOne) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.resources = {samples::Object(diff::ResourceOp::Added, "Deployment", "b")};
  diff.resources[0].renamed_from = "Deployment/a";
  EXPECT_THAT(TextOf(diff, Columns(0)), HasSubstr("Added (1)\n  + Deployment/b\n"));
}

TEST(DiffText, KindsOfTwoGroupsAreToldApart) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.resources = {samples::Object(diff::ResourceOp::Added, "Service", "x"),
                    samples::Object(diff::ResourceOp::Added, "Service", "x")};
  diff.resources[1].id.group = "serving.knative.dev";
  std::string text = TextOf(diff, Columns(0));
  EXPECT_THAT(text, HasSubstr("+ Service/x\n  + Service.serving.knative.dev/x\n"));
}

TEST(DiffText, TwoSpacesAtTheEndOfALineAreSeen) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.resources = {samples::Object(diff::ResourceOp::Changed, "ConfigMap", "x")};
  diff::FieldChange field = samples::Field("data.x", std::nullopt, std::nullopt);
  field.lines = {{'-', "a  "}, {'+', "a"}};
  diff.resources[0].fields = {field};
  EXPECT_THAT(TextOf(diff, Columns(0)), HasSubstr("- a··\n          + a\n"));
}

TEST(DiffText, AMegabyteOfValueIsBoundedOnATerminal) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.resources = {samples::Object(diff::ResourceOp::Changed, "ConfigMap", "x")};
  std::string big = "\"" + std::string(1U << 20U, 'x');
  diff.resources[0].fields = {samples::Field("data.x", big + "a\"", big + "b\"")};
  std::string text = TextOf(diff, Columns(80));
  EXPECT_LT(text.size(), 2000U);
  EXPECT_THAT(text, HasSubstr("xa\"\n"));
  EXPECT_THAT(text, HasSubstr("xb\"\n"));
  EXPECT_GT(TextOf(diff, Columns(0)).size(), 2U << 20U);
}

TEST(DiffText, UnknownKindsMakeNoChangesUncertain) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.unknown = {"live Secret objects are not known: forbidden"};
  std::string text = TextOf(diff, Columns(0));
  EXPECT_THAT(text, HasSubstr("? live Secret objects are not known: forbidden\n"));
  EXPECT_THAT(text, HasSubstr("\nNo changes in what could be seen.\n"));
}

}  // namespace
}  // namespace datafly::report

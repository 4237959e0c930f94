#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/base/text.h"
#include "common/core/report/document.h"
#include "tests/unit/core/report/golden.h"
#include "tests/unit/core/report/samples.h"

namespace datafly::report {
namespace {

RenderOptions Columns(int width) {
  RenderOptions options;
  options.width = width;
  return options;
}

std::string TableAt(const Document& document, int width) {
  return Render(document, Format::Table, Columns(width));
}

/// Lines wider than the terminal, except commands: those must stay in one piece.
std::vector<std::string> Overflowing(const std::string& text, std::size_t width) {
  std::vector<std::string> wide;
  for (std::string_view line : Split(text, '\n')) {
    bool command = line.find("→ kubectl") != std::string_view::npos ||
                   line.find("→ helm") != std::string_view::npos;
    if (!command && DisplayWidth(line) > width) wide.emplace_back(line);
  }
  return wide;
}

TEST(TextReport, MatchesGoldenFiles) {
  struct Case {
    std::string name;
    Document document;
    Format format;
    RenderOptions options;
  };
  RenderOptions color = Columns(100);
  color.color = true;
  RenderOptions quiet = Columns(100);
  quiet.quiet = true;
  RenderOptions bare = Columns(0);
  bare.no_headers = true;
  const Case cases[] = {
      {"healthy-100.txt", samples::Healthy(), Format::Table, Columns(100)},
      {"troubled-0.txt", samples::Troubled(), Format::Table, Columns(0)},
      {"troubled-40.txt", samples::Troubled(), Format::Table, Columns(40)},
      {"troubled-60.txt", samples::Troubled(), Format::Table, Columns(60)},
      {"troubled-80.txt", samples::Troubled(), Format::Table, Columns(80)},
      {"troubled-200.txt", samples::Troubled(), Format::Table, Columns(200)},
      {"troubled-color.txt", samples::Troubled(), Format::Table, color},
      {"troubled-quiet.txt", samples::Troubled(), Format::Table, quiet},
      {"troubled-wide.txt", samples::Troubled(), Format::Wide, Columns(100)},
      {"tables-0.txt", samples::Tables(), Format::Table, Columns(0)},
      {"tables-40.txt", samples::Tables(), Format::Table, Columns(40)},
      {"tables-60.txt", samples::Tables(), Format::Table, Columns(60)},
      {"tables-wide.txt", samples::Tables(), Format::Wide, Columns(100)},
      {"tables-no-headers.txt", samples::Tables(), Format::Table, bare},
      {"hostile-80.txt", samples::Hostile(), Format::Table, Columns(80)},
      {"many-alike-80.txt", samples::ManyAlike(300), Format::Table, Columns(80)},
  };
  for (const Case& c : cases) ExpectGolden(c.name, Render(c.document, c.format, c.options));
}

TEST(TextReport, OnlyCommandsOverflowANarrowTerminal) {
  for (int width : {30, 40, 60, 80, 200}) {
    for (const Document& document :
         {samples::Healthy(), samples::Troubled(), samples::Tables(), samples::ManyAlike(300)}) {
      for (Format format : {Format::Table, Format::Wide}) {
        std::string text = Render(document, format, Columns(width));
        EXPECT_THAT(Overflowing(text, static_cast<std::size_t>(width)), testing::IsEmpty())
            << document.title << " at " << width;
      }
    }
  }
}

TEST(TextReport, AHealthyReportFitsOneScreen) {
  std::string text = TableAt(samples::Healthy(), 100);
  EXPECT_LE(Split(text, '\n').size(), 55U) << text;
}

TEST(TextReport, ARemedyIsOneLineAtEveryWidth) {
  for (int width : {0, 30, 40, 60, 80}) {
    std::string text = TableAt(samples::Troubled(), width);
    EXPECT_THAT(text,
                testing::HasSubstr(
                    "→ kubectl --context prod -n datafly logs event-processor-7c9f6d8b5-x2x7k -c "
                    "event-processor --previous\n"));
    EXPECT_THAT(text,
                testing::HasSubstr("→ helm --kube-context prod -n datafly rollback datafly 7\n"));
  }
}

TEST(TextReport, NoEscapeSequenceOfTheClusterReachesTheTerminal) {
  for (int width : {0, 40, 80}) {
    for (Format format : {Format::Table, Format::Wide}) {
      std::string text = Render(samples::Hostile(), format, Columns(width));
      EXPECT_EQ(text.find('\x1b'), std::string::npos);
      EXPECT_EQ(text.find('\r'), std::string::npos);
      EXPECT_EQ(text.find('\0'), std::string::npos);
      EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
      EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
    }
  }
}

TEST(TextReport, ColourIsOnlyOursAndAlwaysReset) {
  RenderOptions options = Columns(80);
  options.color = true;
  std::string text = Render(samples::Hostile(), Format::Table, options);
  for (std::string_view line : Split(text, '\n')) {
    std::size_t opened = 0;
    for (std::size_t at = line.find("\x1b["); at != std::string_view::npos;
         at = line.find("\x1b[", at + 1)) {
      bool reset = line.substr(at, 4) == "\x1b[0m";
      opened += reset ? std::size_t(-1) : 1;
      EXPECT_LE(opened, 1U) << line;
    }
    EXPECT_EQ(opened, 0U) << line;
  }
}

TEST(TextReport, AMegabyteOfTextIsBoundedOnATerminalAndWholeInAPipe) {
  Document document = samples::Troubled();
  auto& findings = std::get<std::vector<ReportedFinding>>(document.sections[3].body);
  findings[0].finding.seen = std::string(1U << 20U, 'x');
  findings[0].finding.evidence = {std::string(1U << 20U, 'y')};
  EXPECT_LT(TableAt(document, 80).size(), 20000U);
  EXPECT_GT(TableAt(document, 0).size(), 2U << 20U);
}

TEST(TextReport, LikeFindingsAreNamedNotRepeated) {
  std::string text = TableAt(samples::ManyAlike(300), 80);
  EXPECT_THAT(text, testing::HasSubstr("295 more Pods"));
  EXPECT_LE(Split(text, '\n').size(), 25U);
  std::string whole = TableAt(samples::ManyAlike(300), 0);
  EXPECT_THAT(whole, testing::HasSubstr("Pod/event-processor-299"));
}

TEST(TextReport, QuietShowsOnlyWhatNeedsSomebody) {
  RenderOptions quiet = Columns(80);
  quiet.quiet = true;
  std::string text = Render(samples::Troubled(), Format::Table, quiet);
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("√")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("SIG-IMG")));
  EXPECT_THAT(text, testing::HasSubstr("× SIG-POD-002"));
  EXPECT_EQ(Render(samples::Healthy(), Format::Table, quiet).find("SIG-"), std::string::npos);
}

TEST(TextReport, SectionsSkippedForOneReasonShareALine) {
  Document document = samples::Troubled();
  document.sections.push_back({"values", "Values", document.sections.back().body});
  EXPECT_THAT(TableAt(document, 80),
              testing::HasSubstr("\nSkipped\n - no target was named (--to): Images, Values\n"));
  EXPECT_THAT(Render(document, Format::Wide, Columns(80)), testing::HasSubstr("SIG-IMG-004"));
}

TEST(TextReport, NoHeadersLeavesOnlyTheRowsOfATable) {
  RenderOptions bare = Columns(0);
  bare.no_headers = true;
  std::string text = Render(samples::Tables(), Format::Table, bare);
  EXPECT_TRUE(text.starts_with("ingestion-gateway")) << text;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("good")));
}

TEST(TextReport, AnEmptyDocumentSaysThatNothingWasChecked) {
  Document document;
  document.sections = {{"pods", "Pods", std::vector<ReportedFinding>{}}};
  EXPECT_EQ(TableAt(document, 80), "? nothing was checked\n");
}

}  // namespace
}  // namespace datafly::report

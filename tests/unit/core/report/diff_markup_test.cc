#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/base/text.h"
#include "common/core/report/diff_render.h"
#include "tests/unit/core/report/diff_samples.h"
#include "tests/unit/core/report/golden.h"

namespace datafly::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string As(DiffFormat format, const diff::ReleaseDiff& diff) {
  return samples::Rendered(diff, format);
}

TEST(DiffMarkup, MatchesGoldenFiles) {
  ExpectGolden("diff-upgrade.md", As(DiffFormat::Markdown, samples::Upgrade()));
  ExpectGolden("diff-label.md", As(DiffFormat::Markdown, samples::ChartLabel(40)));
  ExpectGolden("diff-hostile.md", As(DiffFormat::Markdown, samples::HostileDiff()));
  ExpectGolden("diff-upgrade.html", As(DiffFormat::Html, samples::Upgrade()));
  ExpectGolden("diff-hostile.html", As(DiffFormat::Html, samples::HostileDiff()));
}

TEST(DiffMarkup, HoldsNoControlCharacterWhateverTheClusterWrote) {
  for (DiffFormat format :
       {DiffFormat::Json, DiffFormat::Yaml, DiffFormat::Markdown, DiffFormat::Html}) {
    std::string text = As(format, samples::HostileDiff());
    for (char c : text) {
      bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
      ASSERT_FALSE(control) << ToString(format) << ": byte " << int{c};
    }
    for (std::string_view hazard : {"\xC2\x9B", "\xE2\x80\xAE", "\xff"}) {
      EXPECT_EQ(text.find(hazard), std::string::npos) << ToString(format);
    }
  }
}

/// What a Markdown reader interprets.
std::string WithoutCodeBlocks(const std::string& text) {
  std::string out;
  std::string fence;
  for (std::string_view line : Split(text, '\n')) {
    if (fence.empty() && line.starts_with("```")) {
      fence = std::string(line.substr(0, line.find_first_not_of('`')));
    } else if (fence.empty()) {
      out += std::string(line) + "\n";
    } else if (line == fence) {
      fence.clear();
    }
  }
  EXPECT_EQ(fence, "") << "an open block";
  return out;
}

TEST(DiffMarkup, MarkupOfTheClusterStaysText) {
  std::string html = As(DiffFormat::Html, samples::HostileDiff());
  std::string markdown = WithoutCodeBlocks(As(DiffFormat::Markdown, samples::HostileDiff()));
  for (const std::string& text : {html, markdown}) {
    EXPECT_THAT(text, Not(HasSubstr("<script")));
    EXPECT_THAT(text, HasSubstr("&lt;script&gt;"));
  }
  EXPECT_THAT(markdown, Not(HasSubstr("\n# heading")));
  EXPECT_THAT(markdown, Not(HasSubstr("@team")));
  EXPECT_THAT(markdown, Not(HasSubstr("[x](")));
}

TEST(DiffMarkdown, ALineBreakOfTheClusterMakesNoLineOfADiff) {
  diff::ReleaseDiff diff = samples::NoChanges();
  diff.resources = {samples::Object(diff::ResourceOp::Changed, "ConfigMap", "x")};
  diff.resources[0].fields = {samples::Field("a\n+ b: 1", "1", "2")};
  std::string text = As(DiffFormat::Markdown, diff);
  EXPECT_THAT(text, HasSubstr("```diff\n- a + b: 1: 1\n+ a + b: 1: 2\n```\n"));
}

TEST(DiffMarkdown, MarksMakeNoLists) {
  std::string text = WithoutCodeBlocks(As(DiffFormat::Markdown, samples::Upgrade()));
  for (std::string_view list : {"\n+ ", "\n= ", "\n~ ", "\n- **", "- + ", "- - "}) {
    EXPECT_THAT(text, Not(HasSubstr(list)));
  }
  EXPECT_THAT(text,
              HasSubstr("\n`+` **Role/monitor (namespace monitoring)** live object not known\n"));
}

TEST(DiffHtml, AsksNothingOfTheNetworkAndRunsNothing) {
  std::string html = As(DiffFormat::Html, samples::Upgrade());
  for (std::string_view word :
       {"<script", "src=", "http-equiv=\"refresh", "@import", "url(", "<link"}) {
    EXPECT_EQ(html.find(word), std::string::npos) << word;
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
}

TEST(DiffHtml, IdsAreUniqueAndLinksLeadSomewhere) {
  for (const diff::ReleaseDiff& diff :
       {samples::Upgrade(), samples::HostileDiff(), samples::ChartLabel(40)}) {
    std::string html = As(DiffFormat::Html, diff);
    std::set<std::string> ids;
    for (std::size_t at = html.find(" id=\""); at != std::string::npos;
         at = html.find(" id=\"", at + 1)) {
      std::string id = html.substr(at + 5, html.find('"', at + 5) - at - 5);
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    for (std::size_t at = html.find("href=\""); at != std::string::npos;
         at = html.find("href=\"", at + 1)) {
      std::string target = html.substr(at + 6, html.find('"', at + 6) - at - 6);
      ASSERT_TRUE(target.starts_with("#")) << target;
      EXPECT_TRUE(ids.contains(target.substr(1))) << target;
    }
  }
}

TEST(DiffHtml, ElementsAreClosedInOrder) {
  for (const diff::ReleaseDiff& diff : {samples::Upgrade(), samples::HostileDiff(),
                                        samples::LongTexts(), samples::ChartLabel(40)}) {
    std::string html = As(DiffFormat::Html, diff);
    html.erase(html.find("<style>"), html.find("</style>") - html.find("<style>") + 8);
    std::vector<std::string> open;
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
      std::string tag = html.substr(at + 1, html.find_first_of(" >", at) - at - 1);
      if (tag == "meta" || tag == "!DOCTYPE") continue;
      if (tag[0] != '/') {
        open.push_back(tag);
        continue;
      }
      ASSERT_FALSE(open.empty());
      ASSERT_EQ("/" + open.back(), tag) << html.substr(at > 200 ? at - 200 : 0, 220);
      open.pop_back();
    }
    EXPECT_THAT(open, testing::IsEmpty());
  }
}

}  // namespace
}  // namespace datafly::report

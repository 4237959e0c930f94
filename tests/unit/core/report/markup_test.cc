#include "common/core/report/markup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/core/report/data.h"
#include "tests/unit/core/report/golden.h"
#include "tests/unit/core/report/samples.h"

namespace datafly::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string As(Format format, const Document& document) { return Render(document, format, {}); }

TEST(Reports, MatchGoldenFiles) {
  struct Case {
    std::string ending;
    Format format;
  };
  const Case cases[] = {{"yaml", Format::Yaml},
                        {"xml", Format::Junit},
                        {"md", Format::Markdown},
                        {"html", Format::Html}};
  for (const Case& c : cases) {
    ExpectGolden("healthy." + c.ending, As(c.format, samples::Healthy()));
    ExpectGolden("troubled." + c.ending, As(c.format, samples::Troubled()));
    ExpectGolden("tables." + c.ending, As(c.format, samples::Tables()));
    ExpectGolden("hostile." + c.ending, As(c.format, samples::Hostile()));
  }
}

TEST(Reports, HoldNoControlCharacterWhateverTheClusterWrote) {
  for (Format format :
       {Format::Json, Format::Yaml, Format::Junit, Format::Markdown, Format::Html}) {
    std::string text = As(format, samples::Hostile());
    for (char c : text) {
      bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
      ASSERT_FALSE(control) << ToString(format) << ": byte " << int{c};
    }
    for (std::string_view hazard : {"\xC2\x9B", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xff"}) {
      EXPECT_EQ(text.find(hazard), std::string::npos) << ToString(format);
    }
  }
}

/// What a Markdown reader interprets; other formats as they are.
std::string WithoutCodeBlocks(Format format, const std::string& text) {
  if (format != Format::Markdown) return text;
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
  return out;
}

TEST(Reports, MarkupOfTheClusterStaysText) {
  for (Format format : {Format::Junit, Format::Markdown, Format::Html}) {
    std::string text = WithoutCodeBlocks(format, As(format, samples::Hostile()));
    for (std::string_view markup : {"<script", "<img", "<b>", "<i>", "<td>|", "<x"}) {
      EXPECT_EQ(text.find(markup), std::string::npos) << ToString(format) << " " << markup;
    }
  }
  EXPECT_THAT(As(Format::Html, samples::Hostile()), Not(HasSubstr("href=\"javascript")));
}

TEST(XmlText, EscapesAndDropsWhatXmlForbids) {
  struct Case {
    std::string text, safe;
  };
  const Case cases[] = {
      {"", ""},
      {"a&b<c>d\"e'f", "a&amp;b&lt;c&gt;d&quot;e&#39;f"},
      {"x\xEF\xBF\xBEy\xEF\xBF\xBFz", "xyz"},
      {"]]>", "]]&gt;"},
      {"two\nlines", "two lines"},
      {"na\xC3\xAFve √", "na\xC3\xAFve √"},
  };
  for (const Case& c : cases) EXPECT_EQ(XmlText(c.text), c.safe);
  EXPECT_EQ(XmlLines("two\n<lines>"), "two\n&lt;lines&gt;");
}

TEST(MarkdownText, LosesItsMeaning) {
  struct Case {
    std::string text, safe;
  };
  const Case cases[] = {
      {"a|b", "a\\|b"},
      {"`x`", "\\`x\\`"},
      {"[l](http://e)", "\\[l\\](http://e)"},
      {"<b>&amp;", "&lt;b&gt;&amp;amp;"},
      {"@team", "&#64;team"},
      {"# h", "\\# h"},
      {"it's \"fine\"", "it's \"fine\""},
  };
  for (const Case& c : cases) EXPECT_EQ(MarkdownText(c.text), c.safe);
}

TEST(MarkdownBlock, CannotBeClosedFromInside) {
  EXPECT_EQ(MarkdownBlock("plain", "sh"), "```sh\nplain\n```\n");
  EXPECT_EQ(MarkdownBlock("a\n````\nb", "text"), "`````text\na\n````\nb\n`````\n");
}

TEST(Anchor, IsPlain) {
  EXPECT_EQ(Anchor("SIG-POD-002"), "sig-pod-002");
  EXPECT_EQ(Anchor("\"><x"), "x");
  EXPECT_EQ(Anchor(""), "x");
}

/// U+FFFE is no character of YAML; its writers put U+FFFD instead.
std::string WithoutNoncharacters(const nlohmann::json& data) {
  std::string text = data.dump();
  std::size_t at = text.find("\xEF\xBF\xBE");
  if (at != std::string::npos) text.replace(at, 3, "\xEF\xBF\xBD");
  return text;
}

TEST(YamlReport, IsTheSameDataAsJson) {
  for (const Document& document : {samples::Healthy(), samples::Troubled(), samples::Tables(),
                                   samples::Hostile(), samples::Many()}) {
    Result<nlohmann::json> yaml = yaml::ParseDocument(As(Format::Yaml, document));
    ASSERT_TRUE(yaml) << yaml.error().message;
    nlohmann::json json = nlohmann::json::parse(As(Format::Json, document));
    EXPECT_EQ(WithoutNoncharacters(*yaml), WithoutNoncharacters(json)) << document.title;
  }
}

TEST(YamlReport, KeepsTheOrderOfItsKeys) {
  std::string text = As(Format::Yaml, samples::Troubled());
  EXPECT_LT(text.find("schemaVersion:"), text.find("kind:"));
  EXPECT_LT(text.find("exitCode:"), text.find("sections:"));
}

Document WithoutFindings(int exit_code) {
  Document document;
  document.kind = "UnlockReport";
  document.title = "Lock of release datafly";
  document.verdict = "not freed";
  document.verdict_detail = "somebody may still be at work";
  document.exit_code = exit_code;
  return document;
}

TEST(JunitReport, ACommandWithoutFindingsIsACaseItself) {
  const std::string good = As(Format::Junit, WithoutFindings(0));
  EXPECT_THAT(good, HasSubstr(R"(tests="1" failures="0" errors="0")"));
  EXPECT_THAT(good,
              HasSubstr(R"(classname="UnlockReport" name="Lock of release datafly" time="0"/>)"));
  const std::string bad = As(Format::Junit, WithoutFindings(3));
  EXPECT_THAT(bad, HasSubstr(R"(tests="1" failures="1" errors="0")"));
  EXPECT_THAT(bad,
              HasSubstr(R"(<failure message="somebody may still be at work" type="not freed"/>)"));
  EXPECT_THAT(As(Format::Junit, WithoutFindings(5)),
              HasSubstr(R"(tests="1" failures="0" errors="1")"));
}

TEST(JunitReport, AnEndThatNoFindingTellsIsACaseItself) {
  Document document = WithoutFindings(7);
  ReportedFinding well;
  well.finding.verdict = CheckVerdict::Pass;
  document.sections.push_back({"release", "Release", std::vector<ReportedFinding>{well}});
  EXPECT_THAT(As(Format::Junit, document), HasSubstr(R"(tests="2" failures="1")"));
  document.exit_code = 0;
  EXPECT_THAT(As(Format::Junit, document), HasSubstr(R"(tests="1" failures="0")"));
}

TEST(JunitReport, CountsFailuresErrorsAndSkips) {
  std::string xml = As(Format::Junit, samples::Troubled());
  EXPECT_THAT(xml, HasSubstr("tests=\"29\" failures=\"2\" errors=\"1\" skipped=\"5\""));
  EXPECT_THAT(
      xml,
      HasSubstr("<error message=\"forbidden: user jane may not list nodes\" type=\"unknown\">"));
  EXPECT_THAT(xml, HasSubstr("<system-out>warning: nobody has said"));
}

TEST(HtmlReport, AsksNothingOfTheNetworkAndRunsNothing) {
  std::string html = As(Format::Html, samples::Troubled());
  for (std::string_view word :
       {"<script", "src=", "http-equiv=\"refresh", "@import", "url(", "<link"}) {
    EXPECT_EQ(html.find(word), std::string::npos) << word;
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
}

TEST(HtmlReport, IdsAreUniqueAndLinksLeadSomewhere) {
  for (const Document& document :
       {samples::Troubled(), samples::Hostile(), samples::ManyAlike(50), samples::Many()}) {
    std::string html = As(Format::Html, document);
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

TEST(Reports, AQuarterMegabyteInOneFieldIsNoTrouble) {
  Document document = samples::Troubled();
  auto& findings = std::get<std::vector<ReportedFinding>>(document.sections[3].body);
  findings[0].finding.seen = std::string(1U << 18U, '<');
  findings[0].finding.remedy = std::string(1U << 18U, '`') + "\n" + std::string(1U << 18U, '\xff');
  for (Format format :
       {Format::Json, Format::Yaml, Format::Junit, Format::Markdown, Format::Html}) {
    EXPECT_GT(As(format, document).size(), 2U << 18U) << ToString(format);
  }
}

}  // namespace
}  // namespace datafly::report

#include "common/core/report/checks_docs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/base/text.h"
#include "tests/unit/core/report/golden.h"

namespace datafly::report {
namespace {

using testing::HasSubstr;

constexpr checks::CheckSpec kSpecs[] = {
    {"SIG-POD-001", "Every pod is Ready", Requirement::Required, false,
     "A pod that is not Ready gets no traffic | <events> are lost.", "Look at its logs.",
     "v1 Pod status.conditions"},
    {"SIG-POD-002", "Few restarts", Requirement::Advisory, true, "Restarts hide a fault.",
     "Read the previous log.", "v1 Pod"},
};
constexpr checks::Family kFamilies[] = {{"pods", "Pods", kSpecs, nullptr}};

TEST(ChecksMarkdown, HasAnAnchorAndAllFieldsOfEveryCode) {
  std::string text = ChecksMarkdown(kFamilies);
  for (const checks::CheckSpec& spec : kSpecs) {
    EXPECT_THAT(text, HasSubstr(fmt::format("\n### {}\n\n**{}**\n", spec.code, spec.title)));
    EXPECT_THAT(text, HasSubstr(fmt::format("- Remedy: {}\n", spec.remedy)));
    EXPECT_THAT(text, HasSubstr(fmt::format("- Source: {}\n", spec.source)));
  }
  EXPECT_THAT(text, HasSubstr("| [SIG-POD-001](#sig-pod-001) | Every pod is Ready |"));
  EXPECT_THAT(text, HasSubstr("traffic \\| &lt;events&gt; are lost"));
  EXPECT_THAT(text, HasSubstr("- It cannot be acknowledged\n"));
  EXPECT_TRUE(text.ends_with("\n"));
  EXPECT_FALSE(text.ends_with("\n\n"));
}

TEST(ChecksMarkdown, AnchorsAreThoseThatReportsName) {
  std::string text = ChecksMarkdown(checks::AllFamilies());
  for (const checks::Family& family : checks::AllFamilies()) {
    for (const checks::CheckSpec& spec : family.catalogue) {
      // GitHub makes "#sig-pod-001" of the heading, which is what findings carry as docs.
      EXPECT_THAT(text, HasSubstr(fmt::format("\n### {}\n", spec.code)));
      EXPECT_THAT(text, HasSubstr(fmt::format("(#{})", ToLower(spec.code))));
    }
  }
}

TEST(ChecksMarkdown, IsWhatTheTreeHolds) {
  ExpectSameFile("docs/checks.md", ChecksMarkdown(checks::AllFamilies()));
}

TEST(ExplainCode, SaysEverythingWithinTheWidth) {
  EXPECT_EQ(ExplainCode(kSpecs[1], 0),
            "SIG-POD-002  Few restarts\n\n"
            "Why it matters\n  Restarts hide a fault.\n\n"
            "Remedy\n  Read the previous log.\n\n"
            "Rules\n  advisory: when it cannot be checked, the report says so and goes on; may be "
            "acknowledged with --ack CODE=REASON\n\n"
            "Source\n  v1 Pod\n\n"
            "See docs/checks.md#sig-pod-002\n");
  std::string narrow = ExplainCode(kSpecs[0], 40);
  for (std::string_view line : Split(narrow, '\n')) EXPECT_LE(DisplayWidth(line), 40U) << line;
}

}  // namespace
}  // namespace datafly::report

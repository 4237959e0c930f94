#include "common/core/kinds/selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::kinds {
namespace {

using Labels = std::map<std::string, std::string>;

struct SelectorCase {
  const char* selector;
  bool matches;
};

TEST(Selector, SelectsAsKubectlDoes) {
  const Labels labels = {{"team", "data"}, {"env", "prod"}, {"example.com/tier", "1"}};
  for (const auto& [selector, matches] : std::vector<SelectorCase>{
           {"", true},
           {"team=data", true},
           {"team==data", true},
           {"team=web", false},
           {"team!=data", false},
           {"team!=web", true},
           {"nowhere!=x", true},
           {"team", true},
           {"nowhere", false},
           {"!nowhere", true},
           {"!team", false},
           {"env in (prod,stage)", true},
           {"env in ( stage , prod )", true},
           {"env in (stage)", false},
           {"env notin (stage)", true},
           {"env notin (prod)", false},
           {"nowhere notin (a)", true},
           {"team=data,env in (prod,stage),!paused", true},
           {"team=data, env=stage", false},
           {"example.com/tier=1", true},
           {"team=", false},
       }) {
    const auto parsed = ParseSelector(selector);
    ASSERT_TRUE(parsed.has_value()) << selector;
    EXPECT_EQ(parsed->Matches(labels), matches) << selector;
  }
}

TEST(Selector, SaysWhatItCannotRead) {
  for (const char* text : {"a=b,", ",", "=b", "a>1", "a in", "a in b", "a in (b", "a inside (b)",
                           "(a)", "a b", "a=b c", "!", "a\x1b=b"}) {
    const auto parsed = ParseSelector(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::InvalidInput);
    EXPECT_THAT(parsed.error().message, testing::HasSubstr("selector"));
    EXPECT_THAT(parsed.error().message, testing::Not(testing::HasSubstr("\x1b")));
  }
}

}  // namespace
}  // namespace datafly::kinds

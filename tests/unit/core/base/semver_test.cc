#include "common/core/base/semver.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

SemVer V(std::string_view text) {
  auto version = SemVer::Parse(text);
  EXPECT_TRUE(version.has_value()) << text;
  return version.value_or(SemVer{});
}

TEST(SemVer, ReadsAndWrites) {
  for (const std::string_view text :
       {"0.0.0", "1.3.0", "1.2.3-rc.1", "1.2.3-0.3.7", "1.2.3+build.5", "1.2.3-x-y-z.--+001",
        "18446744073709551615.0.0"})
    EXPECT_EQ(V(text).ToString(), text);
  EXPECT_EQ(V("v1.31.2+k3s1").ToString(), "1.31.2+k3s1");
}

TEST(SemVer, RefusesTheRest) {
  for (const std::string_view text :
       {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+",
        "1.2.3 ", "vv1.2.3", "V1.2.3", "-1.2.3", "1.2.3-\xC3\xA9", "latest",
        "18446744073709551616.0.0"})
    EXPECT_FALSE(SemVer::Parse(text).has_value()) << text;
  EXPECT_FALSE(SemVer::Parse("1.2.3-" + std::string(1000, 'a')).has_value());
}

TEST(SemVer, OrderOfTheSpecification) {
  const std::vector<std::string_view> ascending{"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                                "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                                "1.0.0-rc.1",  "1.0.0",         "1.0.1-0",
                                                "1.0.1",       "1.2.0",         "1.10.0",
                                                "2.0.0"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const int want = i < j ? -1 : (i > j ? 1 : 0);
      EXPECT_EQ(Compare(V(ascending[i]), V(ascending[j])), want)
          << ascending[i] << " " << ascending[j];
    }
  }
  EXPECT_TRUE(V("1.0.0+a") == V("1.0.0+b"));
  EXPECT_LT(Compare(V("1.0.0-99999999999999999999"), V("1.0.0-100000000000000000000")), 0);
}

TEST(SemVer, ClassOfAStep) {
  struct Case {
    std::string_view from, to, step;
  };
  for (const auto& [from, to, step] : std::vector<Case>{{"1.2.0", "1.2.0", "same"},
                                                        {"1.2.0", "1.2.0+x", "same"},
                                                        {"1.2.0", "1.2.9", "patch"},
                                                        {"1.2.0-rc.1", "1.2.0", "patch"},
                                                        {"1.2.0", "1.3.0", "minor"},
                                                        {"1.2.9", "1.9.0", "minor"},
                                                        {"1.2.0", "2.0.0", "major"},
                                                        {"1.2.0", "1.1.9", "downgrade"},
                                                        {"2.0.0", "1.9.9", "downgrade"}})
    EXPECT_EQ(ToString(ClassifyStep(V(from), V(to))), step) << from << " " << to;
}

struct RangeCase {
  std::string_view range;
  std::vector<std::string_view> inside;
  std::vector<std::string_view> outside;
};

TEST(SemVerRange, ContainsAsMastermindsDoes) {
  const std::vector<RangeCase> cases{
      {">=1.28.0-0", {"1.28.0", "v1.31.2+k3s1", "1.29.0-eks-1234", "1.28.0-alpha.1"}, {"1.27.9"}},
      {">=1.28.0", {"1.28.0", "2.0.0"}, {"1.27.9", "1.29.0-eks-1"}},
      {">= 1.28, < 2.0 || ^3",
       {"1.28.0", "1.99.1", "3.0.0", "3.9.9"},
       {"1.27.0", "2.0.0", "4.0.0"}},
      {">=1.28 <1.33", {"1.28.0", "1.32.9"}, {"1.33.0", "1.27.0"}},
      {">=1.28.0-0 <1.33.0", {"1.30.0-rc.1"}, {"1.33.0"}},
      {"1.2 - 1.4", {"1.2.0", "1.3.7", "1.4.9"}, {"1.1.9", "1.5.0"}},
      {"1.2.3 - 1.4.5", {"1.2.3", "1.4.5"}, {"1.2.2", "1.4.6"}},
      {"~1.2", {"1.2.0", "1.2.9"}, {"1.3.0", "1.1.0"}},
      {"~1.2.3", {"1.2.3", "1.2.9"}, {"1.2.2", "1.3.0"}},
      {"~1", {"1.0.0", "1.9.0"}, {"2.0.0", "0.9.0"}},
      {"~>2.3", {"2.3.4"}, {"2.4.0"}},
      {"^1.2.3", {"1.2.3", "1.9.0"}, {"1.2.2", "2.0.0", "2.0.0-alpha"}},
      {"^0.2.3", {"0.2.3", "0.2.9"}, {"0.3.0"}},
      {"^0.0.3", {"0.0.3"}, {"0.0.4"}},
      {"^0.0", {"0.0.9"}, {"0.1.0"}},
      {"^0", {"0.9.0"}, {"1.0.0"}},
      {"*", {"0.0.1", "9.9.9"}, {"1.0.0-rc.1"}},
      {"1.x", {"1.0.0", "1.9.9"}, {"2.0.0"}},
      {"1.2", {"1.2.0", "1.2.7"}, {"1.3.0"}},
      {"=1.2.3", {"1.2.3", "1.2.3+x"}, {"1.2.4"}},
      {"1.2.3-rc.1", {"1.2.3-rc.1"}, {"1.2.3", "1.2.3-rc.2", "1.2.3-rc.1.1"}},
      {"!=1.2.3", {"1.2.4", "1.2.2"}, {"1.2.3"}},
      {"!=1.2", {"1.3.0"}, {"1.2.9"}},
      {">1.2", {"1.3.0"}, {"1.2.9"}},
      {">1.2.3", {"1.2.4"}, {"1.2.3"}},
      {"<=1.2", {"1.2.9"}, {"1.3.0"}},
      {"<=1.2.3", {"1.2.3"}, {"1.2.4"}},
      {"=<1.2.3", {"1.2.3"}, {"1.2.4"}},
      {"<1.2", {"1.1.9"}, {"1.2.0"}},
      {"1.2.3||2.0.0", {"1.2.3", "2.0.0"}, {"1.5.0"}},
  };
  for (const auto& test : cases) {
    const auto range = SemVerRange::Parse(test.range);
    ASSERT_TRUE(range.has_value()) << test.range;
    for (const auto text : test.inside)
      EXPECT_TRUE(range->Contains(V(text))) << test.range << " " << text;
    for (const auto text : test.outside)
      EXPECT_FALSE(range->Contains(V(text))) << test.range << " " << text;
  }
}

TEST(SemVerRange, RefusesTheRest) {
  for (const std::string_view text :
       {"", " ", "||", "1.2 ||", ">=", ">= ,1.2", "abc", "1.2.3.4", ">>1.2", "1.2 -", "=!1.2"})
    EXPECT_FALSE(SemVerRange::Parse(text).has_value()) << text;
  EXPECT_FALSE(SemVerRange::Parse(std::string(5000, '|')).has_value());
}

}  // namespace
}  // namespace datafly

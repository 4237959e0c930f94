#include "common/core/release/values.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace datafly::release {
namespace {

using Paths = std::vector<std::string>;

TEST(Values, CoalesceAsHelmDoes) {
  struct Case {
    std::string_view defaults, user, want;
  };
  for (const auto& [defaults, user, want] : std::vector<Case>{
           {R"({"a":1,"b":{"c":2,"d":3}})", R"({"b":{"d":4}})", R"({"a":1,"b":{"c":2,"d":4}})"},
           {R"({"a":1,"b":2})", R"({"a":null})", R"({"b":2})"},
           {R"({"b":{"c":2,"d":3}})", R"({"b":{"c":null}})", R"({"b":{"d":3}})"},
           {R"({"b":{"c":2}})", R"({"b":null})", R"({})"},
           {R"({"a":[1,2]})", R"({"a":[3]})", R"({"a":[3]})"},
           {R"({"a":{"x":1}})", R"({"a":"text"})", R"({"a":"text"})"},
           {R"({"a":"text"})", R"({"a":{"x":1}})", R"({"a":{"x":1}})"},
           {R"({"a":null})", R"({})", R"({"a":null})"},
           {R"({})", R"({"new":{"x":null,"y":1}})", R"({"new":{"y":1}})"},
           {R"(null)", R"({"a":1})", R"({"a":1})"},
           {R"({"a":1})", R"(null)", R"({"a":1})"}}) {
    const auto got = CoalesceValues(defaults, user);
    ASSERT_TRUE(got.has_value()) << defaults;
    EXPECT_EQ(nlohmann::json::parse(*got), nlohmann::json::parse(want)) << defaults << user;
  }
  for (const std::string_view bad : {"[1]", "{", "", "12"})
    EXPECT_FALSE(CoalesceValues(R"({"a":1})", bad).has_value()) << bad;
}

TEST(Values, DeepNestingIsRefusedNotFollowed) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += R"({"a":)";
  deep += "1" + std::string(200'000, '}');
  EXPECT_EQ(CoalesceValues(deep, "{}").error().kind, ErrorKind::TooLarge);
  EXPECT_EQ(UnknownKeys(R"({"b":{"c":1}})", deep), Paths{});
  EXPECT_TRUE(CoalesceValues("{}", R"({"a":")" + std::string(2000, '[') + R"(\"]"})").has_value());
}

TEST(Values, UnknownKeysAreThoseThatNoDefaultKnows) {
  struct Case {
    std::string_view defaults, user;
    Paths want;
  };
  for (const auto& [defaults, user, want] :
       std::vector<Case>{{R"({"a":1,"b":{"c":2}})", R"({"a":2,"b":{"c":3}})", {}},
                         {R"({"a":1,"b":{"c":2}})", R"({"x":2,"b":{"y":3}})", {"b.y", "x"}},
                         {R"({"a":{}})", R"({"a":{"anything":{"goes":1}}})", {}},
                         {R"({"a":null})", R"({"a":{"b":1}})", {}},
                         {R"({"a":[]})", R"({"a":[{"b":1}]})", {}},
                         {R"({"a":1})", R"({"a":{"b":1}})", {}},
                         {R"({"a":1})", R"({"global":{"b":1}})", {}},
                         {R"({"a":{"b":1}})", R"({"a":{"global":1}})", {"a.global"}},
                         {R"({"a":1})", R"({"x":{"y":{"z":1}}})", {"x"}},
                         {R"({"a":{"b":1}})", R"({"a":{"b.c":1}})", {"a.b\\.c"}},
                         {R"({})", R"({"a":1})", {}},
                         {R"({"a":1})", R"(broken)", {}}})
    EXPECT_EQ(UnknownKeys(defaults, user), want) << defaults << user;
}

TEST(Values, ChangedDefaultsUnderAnOverride) {
  struct Case {
    std::string_view before, after, user;
    Paths want;
  };
  for (const auto& [before, after, user, want] : std::vector<Case>{
           {R"({"a":1,"b":1})", R"({"a":2,"b":2})", R"({"a":9})", {"a"}},
           {R"({"a":1})", R"({"a":1})", R"({"a":9})", {}},
           {R"({"a":1})", R"({"a":2})", R"({"a":2})", {}},
           {R"({"a":{"b":1,"c":1}})", R"({"a":{"b":2,"c":2}})", R"({"a":{"c":9}})", {"a.c"}},
           {R"({"a":{"b":1}})", R"({"a":"off"})", R"({"a":{"b":9}})", {"a"}},
           {R"({"a":[1]})", R"({"a":[2]})", R"({"a":[3]})", {"a"}},
           {R"({"a":1})", R"({})", R"({"a":9})", {}},
           {R"({})", R"({"a":1})", R"({"a":9})", {}}})
    EXPECT_EQ(ChangedDefaults(before, after, user), want) << before << after << user;
}

TEST(Values, NewKeysCountANewMapOnce) {
  EXPECT_EQ(NewKeys(R"({"a":{"b":1}})", R"({"a":{"b":1,"c":2},"d":{"e":{"f":1}}})"),
            (Paths{"a.c", "d"}));
  EXPECT_EQ(NewKeys(R"({"a":1})", R"({"a":{"b":1}})"), Paths{});
}

TEST(Values, BooleanAtAPath) {
  constexpr std::string_view kValues =
      R"({"migrations":{"enabled":true,"auto":"true"},"a.b":{"c":false},"list":[true]})";
  EXPECT_EQ(BoolAt(kValues, "migrations.enabled"), true);
  EXPECT_EQ(BoolAt(kValues, "a\\.b.c"), false);
  for (const std::string_view path : {"migrations.auto", "migrations", "missing.enabled",
                                      "migrations.enabled.x", "", "list.0", "a.b.c"})
    EXPECT_EQ(BoolAt(kValues, path), std::nullopt) << path;
}

}  // namespace
}  // namespace datafly::release

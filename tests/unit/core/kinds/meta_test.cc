#include "common/core/kinds/meta.h"

#include <gtest/gtest.h>

#include <limits>

namespace datafly::kinds {
namespace {

TEST(FindCondition, GivesTheConditionOfThatTypeOrNothing) {
  const std::vector<Condition> conditions{{"Ready", "False", "ContainersNotReady", "", {}},
                                          {"Initialized", "True", "", "", {}}};
  ASSERT_NE(FindCondition(conditions, "Initialized"), nullptr);
  EXPECT_EQ(FindCondition(conditions, "Initialized")->status, "True");
  EXPECT_EQ(FindCondition(conditions, "Available"), nullptr);
  EXPECT_EQ(FindCondition({}, "Ready"), nullptr);
}

TEST(IntOrPercent, ResolvesAsTheDeploymentController) {
  struct Case {
    IntOrPercent value;
    std::int64_t total;
    bool round_up;
    std::int64_t expected;
  };
  const Case cases[] = {
      {{1, false}, 10, true, 1},   {{25, true}, 2, true, 1},   {{25, true}, 2, false, 0},
      {{25, true}, 10, true, 3},   {{25, true}, 10, false, 2}, {{100, true}, 3, false, 3},
      {{0, true}, 3, true, 0},     {{50, true}, 0, true, 0},   {{-5, true}, 10, true, 0},
      {{34, true}, 100, true, 34},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.value.Resolve(c.total, c.round_up), c.expected)
        << c.value.value << (c.value.percent ? "%" : "") << " of " << c.total;
  }
}

TEST(IntOrPercent, AbsurdNumbersDoNotOverflow) {
  const auto huge = std::numeric_limits<std::int64_t>::max();
  EXPECT_GT((IntOrPercent{huge, true}.Resolve(huge, true)), 0);
}

TEST(LabelSelector, MatchesAsTheApiServer) {
  const std::map<std::string, std::string> labels{{"app", "gateway"}, {"tier", "edge"}};
  struct Case {
    const char* name;
    LabelSelector selector;
    bool expected;
  };
  const Case cases[] = {
      {"empty matches everything", {}, true},
      {"label", {{{"app", "gateway"}}, {}}, true},
      {"other value", {{{"app", "processor"}}, {}}, false},
      {"absent label", {{{"zone", "a"}}, {}}, false},
      {"In", {{}, {{"app", "In", {"x", "gateway"}}}}, true},
      {"not In", {{}, {{"app", "In", {"x"}}}}, false},
      {"In, absent key", {{}, {{"zone", "In", {"a"}}}}, false},
      {"NotIn", {{}, {{"app", "NotIn", {"x"}}}}, true},
      {"NotIn, listed", {{}, {{"app", "NotIn", {"gateway"}}}}, false},
      {"NotIn, absent key", {{}, {{"zone", "NotIn", {"a"}}}}, true},
      {"Exists", {{}, {{"tier", "Exists", {}}}}, true},
      {"Exists, absent", {{}, {{"zone", "Exists", {}}}}, false},
      {"DoesNotExist", {{}, {{"zone", "DoesNotExist", {}}}}, true},
      {"DoesNotExist, present", {{}, {{"tier", "DoesNotExist", {}}}}, false},
      {"unknown operator", {{}, {{"tier", "Near", {}}}}, false},
      {"both must hold", {{{"app", "gateway"}}, {{"tier", "NotIn", {"edge"}}}}, false},
  };
  for (const Case& c : cases) EXPECT_EQ(c.selector.Matches(labels), c.expected) << c.name;
}

}  // namespace
}  // namespace datafly::kinds

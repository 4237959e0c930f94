#include "common/core/release/values_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::release {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Rule = ValuesStep::Rule;

ValuesStep Step() {
  ValuesStep step;
  step.deployed_json = R"({"gateway":{"replicas":3,"level":"info"},"token":"s3cret"})";
  step.deployed_revision = 4;
  step.target_json = step.deployed_json;
  step.old_defaults_json = R"({"gateway":{"replicas":2},"batch":100,"legacy":true})";
  step.new_defaults_json = R"({"gateway":{"replicas":2},"batch":200,"queue":{"size":5}})";
  return step;
}

TEST(ValuesRule, SaysNothingWhereNothingIsLost) {
  EXPECT_THAT(TellValuesRule(Step()), IsEmpty());
  ValuesStep step = Step();
  step.rule = Rule::ResetThenReuse;
  step.target_json = R"({"gateway":{"replicas":5,"level":"info"},"token":"s3cret","more":1})";
  EXPECT_THAT(TellValuesRule(step), IsEmpty());
}

TEST(ValuesRule, TellsTheReleasesOwnThatAreDroppedByNameOnly) {
  ValuesStep step = Step();
  step.gives_values = true;
  step.target_json = R"({"gateway":{"replicas":5}})";
  EXPECT_THAT(TellValuesRule(step),
              ElementsAre(AllOf(HasSubstr("lost: gateway.level, token (set in revision 4"),
                                HasSubstr("--reset-then-reuse-values"), Not(HasSubstr("s3cret")))));
}

TEST(ValuesRule, TellsWhatAFailedRevisionHadSet) {
  ValuesStep step = Step();
  step.newest_json = R"({"gateway":{"replicas":9,"level":"debug"},"token":"s3cret"})";
  step.newest_revision = 5;
  step.rule = Rule::ResetThenReuse;
  step.gives_values = true;
  step.target_json = R"({"gateway":{"replicas":3,"level":"warn"},"token":"s3cret"})";
  EXPECT_THAT(TellValuesRule(step),
              ElementsAre(AllOf(HasSubstr("revived: gateway.replicas (revision 5"),
                                HasSubstr("of revision 4"), Not(HasSubstr("level")))));
}

TEST(ValuesRule, WithValuesOfTheirOwnNothingIsTakenFromARevision) {
  ValuesStep step = Step();
  step.gives_values = true;
  step.newest_json = R"({"gateway":{"replicas":9,"level":"info"},"token":"s3cret"})";
  for (const Rule rule : {Rule::Default, Rule::Reset}) {
    step.rule = rule;
    EXPECT_THAT(TellValuesRule(step), IsEmpty());
  }
  step.target_json = R"({"gateway":{"replicas":3,"level":"info"}})";
  EXPECT_THAT(TellValuesRule(step), ElementsAre(HasSubstr("--reset-values drops them")));
}

TEST(ValuesRule, WhatTheUserTookAwayIsNotLost) {
  ValuesStep step = Step();
  step.gives_values = true;
  step.target_json = R"({"gateway":{"replicas":3,"level":"info"}})";  // --set token=null
  for (const Rule rule : {Rule::Reuse, Rule::ResetThenReuse}) {
    step.rule = rule;
    step.new_defaults_json = step.old_defaults_json;
    EXPECT_THAT(TellValuesRule(step), IsEmpty());
  }
}

TEST(ValuesRule, TellsWhatReuseKeepsOfTheOldChart) {
  ValuesStep step = Step();
  step.rule = Rule::Reuse;
  EXPECT_THAT(TellValuesRule(step),
              ElementsAre(AllOf(HasSubstr("lost: the new chart's defaults of queue"),
                                Not(HasSubstr("legacy"))),
                          HasSubstr("revived: today's defaults of batch,")));
  step.new_defaults_json = std::nullopt;
  EXPECT_THAT(TellValuesRule(step), ElementsAre(HasSubstr("is not known")));
}

TEST(ValuesRule, NamesAHandfulOnly) {
  ValuesStep step = Step();
  step.gives_values = true;
  step.deployed_json = R"({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1})";
  step.target_json = "{}";
  EXPECT_THAT(TellValuesRule(step), ElementsAre(HasSubstr("h, and 2 more (set")));
}

}  // namespace
}  // namespace datafly::release

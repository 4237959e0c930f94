#include "common/core/facts/decode_access.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

TEST(DecodeAccess, ReadsARulesReview) {
  const auto review = DecodeAccessReview(R"({"kind":"SelfSubjectRulesReview","spec":{},
    "status":{"resourceRules":[
      {"verbs":["get","list"],"apiGroups":["","apps"],"resources":["pods","deployments"]},
      {"verbs":["get"],"apiGroups":[""],"resources":["secrets"],"resourceNames":["one"]}],
      "nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/version"]}],"incomplete":true}})");
  ASSERT_TRUE(review.has_value()) << review.error().message;
  EXPECT_TRUE(review->incomplete);
  ASSERT_EQ(review->rules.size(), 2U);
  EXPECT_EQ(review->rules[0].verbs, (std::vector<std::string>{"get", "list"}));
  EXPECT_EQ(review->rules[0].groups, (std::vector<std::string>{"", "apps"}));
  EXPECT_EQ(review->rules[0].resources, (std::vector<std::string>{"pods", "deployments"}));
  EXPECT_EQ(review->rules[1].names, std::vector<std::string>{"one"});
}

TEST(DecodeAccess, ReadsAnAnswer) {
  const auto answer = DecodeAccessAnswer(R"({"kind":"SelfSubjectAccessReview",
    "spec":{"resourceAttributes":{"namespace":"datafly","verb":"get","group":"apps",
      "resource":"deployments","subresource":"scale","name":"gateway"}},
    "status":{"allowed":false,"reason":"no rule grants it"}})");
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->verb, "get");
  EXPECT_EQ(answer->group, "apps");
  EXPECT_EQ(answer->resource, "deployments/scale");
  EXPECT_EQ(answer->name_space, "datafly");
  EXPECT_EQ(answer->name, "gateway");
  EXPECT_FALSE(answer->allowed);
  EXPECT_EQ(answer->reason, "no rule grants it");
}

TEST(DecodeAccess, ReadsAYes) {
  const auto answer = DecodeAccessAnswer(R"({"status":{"allowed":true}})");
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->allowed);
}

TEST(DecodeAccess, AnAnswerWithoutAStatusIsNoAnswer) {
  for (const char* text : {R"({"spec":{}})", R"({"status":{}})", R"({"status":{"allowed":"yes"}})",
                           "{}", "[]", "null", ""}) {
    const auto answer = DecodeAccessAnswer(text);
    ASSERT_FALSE(answer.has_value()) << text;
    EXPECT_EQ(answer.error().kind, ErrorKind::Protocol) << text;
  }
  EXPECT_FALSE(DecodeAccessReview("{}").has_value());
}

TEST(DecodeAccess, GathersServedApisOfAllForms) {
  ServedApis apis;
  ASSERT_TRUE(AddServedApis(R"({"kind":"APIVersions","versions":["v1"]})", apis).has_value());
  ASSERT_TRUE(AddServedApis(R"({"kind":"APIGroupList","apiVersion":"v1","groups":[
      {"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}]},
      {"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v2","version":"v2"},
        {"groupVersion":"autoscaling/v1","version":"v1"}]}]})",
                            apis)
                  .has_value());
  ASSERT_TRUE(AddServedApis(R"({"kind":"APIGroupDiscoveryList","items":[
      {"metadata":{"name":"batch"},"versions":[{"version":"v1","freshness":"Current"}]},
      {"metadata":{"creationTimestamp":null},"versions":[{"version":"v1"}]}]})",
                            apis)
                  .has_value());
  EXPECT_EQ(apis.group_versions, (std::set<std::string>{"v1", "apps/v1", "autoscaling/v1",
                                                        "autoscaling/v2", "batch/v1"}));
}

TEST(DecodeAccess, RefusesWhatIsNoDiscovery) {
  ServedApis apis;
  EXPECT_FALSE(AddServedApis(R"({"kind":"Status"})", apis).has_value());
  EXPECT_FALSE(
      AddServedApis(R"({"kind":"APIGroupList","groups":[{"versions":[7]}]})", apis).has_value());
  EXPECT_FALSE(AddServedApis("404 page not found", apis).has_value());
  EXPECT_TRUE(apis.group_versions.empty());
}

}  // namespace
}  // namespace datafly

#include "common/gather/cluster_profile.h"

#include <gtest/gtest.h>

namespace datafly::gather {
namespace {

Fact<ClusterProfile> Decode(const Result<std::string>& reply) {
  return DecodeClusterProfile(reply, "datafly");
}

TEST(DecodeClusterProfile, ReadsTheDocumentOfTheConfigMap) {
  EXPECT_EQ(ClusterProfilePath("my ns"), "/api/v1/namespaces/my%20ns/configmaps/signal-profile");
  const auto profile = Decode(
      R"({"kind":"ConfigMap","data":{"profile.yaml":"restarts: {warn: 1}\nchart: {ref: x}"}})");
  ASSERT_TRUE(profile.Known());
  EXPECT_EQ(profile->asks, "restarts:\n  warn: \"1\"\n");
  ASSERT_EQ(profile->refused.size(), 1U);
  EXPECT_EQ(profile->refused[0].rfind("chart.ref: ", 0), 0U);
}

TEST(DecodeClusterProfile, SaysWhyThereIsNone) {
  EXPECT_EQ(Decode(Fail(Error::NotFound("no such object"))).absence().kind, AbsenceKind::NotFound);
  const auto forbidden = Decode(Fail(Error::Forbidden("you may not")));
  EXPECT_EQ(forbidden.absence().kind, AbsenceKind::Forbidden);
  EXPECT_EQ(forbidden.absence().needs, "get configmaps/signal-profile in datafly");
}

TEST(DecodeClusterProfile, WhatCannotBeUnderstoodIsNotNothing) {
  for (const char* reply : {"", "[]", "{", R"({"data":null})", R"({"data":{"other.yaml":"x"}})",
                            R"({"data":{"profile.yaml":7}})", R"({"data":{"profile.yaml":"- a"}})",
                            R"({"data":{"profile.yaml":"a: ["}})"}) {
    const auto profile = Decode(std::string(reply));
    ASSERT_FALSE(profile.Known()) << reply;
    EXPECT_EQ(profile.absence().kind, AbsenceKind::Invalid) << reply;
    EXPECT_NE(profile.absence().reason.find("ConfigMap signal-profile"), std::string::npos)
        << reply;
  }
}

}  // namespace
}  // namespace datafly::gather

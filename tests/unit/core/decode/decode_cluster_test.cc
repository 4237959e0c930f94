#include "tests/unit/core/decode/decode_support.h"

namespace datafly::kinds {
namespace {

TEST(DecodeCluster, ReadsNodes) {
  const Page page(ListOf(R"({"metadata":{"name":"node-1","labels":{"zone":"a"}},
    "spec":{"unschedulable":true,"taints":[{"key":"k","value":"v","effect":"NoSchedule"}]},
    "status":{"capacity":{"cpu":"4","memory":"8Gi","pods":"110"},"allocatable":{"cpu":"3920m"},
      "conditions":[{"type":"Ready","status":"True"}],
      "images":[{"names":["x"],"sizeBytes":1}],
      "nodeInfo":{"operatingSystem":"linux","architecture":"arm64","kubeletVersion":"v1.36.3",
        "containerRuntimeVersion":"containerd://2.1.0"}}})"));
  std::vector<Node> nodes;
  Decoder decoder;
  ASSERT_TRUE(decoder.Nodes(page.Padded(), nodes).has_value());
  const Node& node = nodes.at(0);
  EXPECT_EQ(node.meta.labels.at("zone"), "a");
  EXPECT_TRUE(node.unschedulable);
  ASSERT_EQ(node.taints.size(), 1U);
  EXPECT_EQ(node.taints[0].key, "k");
  EXPECT_EQ(node.taints[0].effect, "NoSchedule");
  EXPECT_EQ(FormatAmounts(node.capacity), "cpu=4000m memory=8589934592000m pods=110000m");
  EXPECT_EQ(FormatAmounts(node.allocatable), "cpu=3920m");
  EXPECT_EQ(node.conditions.at(0).type, "Ready");
  EXPECT_EQ(node.os, "linux");
  EXPECT_EQ(node.architecture, "arm64");
  EXPECT_EQ(node.kubelet_version, "v1.36.3");
  EXPECT_EQ(node.container_runtime, "containerd://2.1.0");
}

TEST(DecodeCluster, ReadsQuotas) {
  const Page page(ListOf(R"({"metadata":{"name":"q"},
    "spec":{"hard":{"pods":"99"},"scopes":["NotTerminating"],
      "scopeSelector":{"matchExpressions":[]}},
    "status":{"hard":{"pods":"10"},"used":{"pods":"4"}}})"));
  std::vector<ResourceQuota> quotas;
  Decoder decoder;
  ASSERT_TRUE(decoder.Quotas(page.Padded(), quotas).has_value());
  const ResourceQuota& quota = quotas.at(0);
  EXPECT_EQ(quota.meta.name, "q");
  EXPECT_EQ(quota.scopes, std::vector<std::string>{"NotTerminating"});
  EXPECT_TRUE(quota.has_scope_selector);
  EXPECT_EQ(FormatAmounts(quota.hard), "pods=10000m");
  EXPECT_EQ(FormatAmounts(quota.used), "pods=4000m");
}

TEST(DecodeCluster, ReadsMetadataOfAnyList) {
  const Page page(
      R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","items":[
        {"kind":"PartialObjectMetadata","metadata":{"name":"sh.helm.release.v1.datafly.v3",
         "labels":{"owner":"helm","status":"deployed","version":"3"}}},
        {"metadata":{"name":"b"}}]})");
  std::vector<ObjectMeta> out;
  Decoder decoder;
  ASSERT_TRUE(decoder.Metadata(page.Padded(), out).has_value());
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0].labels.at("version"), "3");
  EXPECT_EQ(out[1].name, "b");
}

TEST(DecodeCluster, ReadsTheServersVersion) {
  const auto version = DecodeServerVersion(
      R"({"major":"1","minor":"36","gitVersion":"v1.36.3","platform":"linux/amd64"})");
  ASSERT_TRUE(version.has_value());
  EXPECT_EQ(version->git_version, "v1.36.3");
  EXPECT_EQ(version->platform, "linux/amd64");
}

TEST(DecodeCluster, AnotherServersVersionIsNone) {
  EXPECT_FALSE(DecodeServerVersion(R"({"version":"2.4"})").has_value());
  EXPECT_FALSE(DecodeServerVersion("<html>log in</html>").has_value());
}

}  // namespace
}  // namespace datafly::kinds

#include "tests/unit/io/kubeconfig/fixture.h"

namespace datafly::kube {
namespace {

constexpr const char* kAccount = "/var/run/secrets/kubernetes.io/serviceaccount/";

FakeMachine& InPod(FakeMachine& machine) {
  machine.environment.Set("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  machine.environment.Set("KUBERNETES_SERVICE_PORT", "443");
  machine.files.Set(std::string(kAccount) + "token", "pod-token\n");
  machine.files.Set(std::string(kAccount) + "ca.crt", OtherPair().certificate);
  machine.files.Set(std::string(kAccount) + "namespace", "apps\n");
  return machine;
}

TEST(InCluster, IsUsedWithoutAKubeconfig) {
  FakeMachine machine;
  auto config = InPod(machine).Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://10.96.0.1:443");
  EXPECT_EQ(config->context, "");
  EXPECT_EQ(config->default_namespace, "apps");
  EXPECT_EQ(config->endpoint->ca_pem, OtherPair().certificate);
  EXPECT_EQ(AuthorizationOf(*config), "Bearer pod-token");
}

TEST(InCluster, BracketsIpv6) {
  FakeMachine machine;
  InPod(machine).environment.Set("KUBERNETES_SERVICE_HOST", "fd00::1");
  EXPECT_EQ(machine.Load()->server, "https://[fd00::1]:443");
}

TEST(InCluster, FlagsWinOverTheServiceAccount) {
  FakeMachine machine;
  machine.files.Set("mine.crt", GoodPair().certificate);
  ConnectionFlags flags;
  flags.token = SecretString("mine");
  flags.certificate_authority = "mine.crt";
  flags.name_space = "other";
  flags.as = "jane";
  auto config = InPod(machine).Load(flags);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(AuthorizationOf(*config), "Bearer mine");
  EXPECT_EQ(config->endpoint->ca_pem, GoodPair().certificate);
  EXPECT_EQ(config->default_namespace, "other");
  EXPECT_EQ(config->impersonation.user, "jane");
}

TEST(InCluster, BrokenAuthorityLeavesTheSystemRoots) {
  FakeMachine machine;
  InPod(machine).files.Set(std::string(kAccount) + "ca.crt", "not pem");
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->endpoint->ca_pem, "");
}

TEST(InCluster, KubeconfigWins) {
  FakeMachine machine;
  InPod(machine).SetHome(OneContext(Https(), "    token: file"));
  auto config = machine.Load();
  EXPECT_EQ(config->server, "https://10.0.0.1:6443");
  EXPECT_EQ(AuthorizationOf(*config), "Bearer file");
}

TEST(InCluster, IsUsedWhenTheKubeconfigChoosesNothing) {
  FakeMachine machine;
  InPod(machine).SetHome("clusters: [{name: a, cluster: {server: https://a}}]");
  EXPECT_EQ(machine.Load()->server, "https://10.96.0.1:443");
}

TEST(InCluster, NeedsAllThree) {
  for (int missing = 0; missing < 3; ++missing) {
    FakeMachine machine;
    if (missing != 0) machine.environment.Set("KUBERNETES_SERVICE_HOST", "h");
    if (missing != 1) machine.environment.Set("KUBERNETES_SERVICE_PORT", "443");
    if (missing != 2) machine.files.Set(std::string(kAccount) + "token", "t");
    EXPECT_FALSE(machine.Load()) << missing;
  }
}

struct NamespaceCase {
  const char* name;
  bool in_pod;
  const char* context_namespace;  ///< "" = none
  const char* pod_namespace;
  const char* flag;
  const char* expected;
};

class NamespaceTest : public testing::TestWithParam<NamespaceCase> {};

TEST_P(NamespaceTest, Is) {
  const NamespaceCase& row = GetParam();
  FakeMachine machine;
  if (row.in_pod) InPod(machine);
  if (*row.pod_namespace != '\0') machine.environment.Set("POD_NAMESPACE", row.pod_namespace);
  std::string context = row.context_namespace;
  machine.SetHome(OneContext(Https(), "", context.empty() ? "" : "    namespace: " + context));
  ConnectionFlags flags;
  if (*row.flag != '\0') flags.name_space = row.flag;
  EXPECT_EQ(machine.Load(flags)->default_namespace, row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Order, NamespaceTest,
    testing::Values(NamespaceCase{"Default", false, "", "", "", "default"},
                    NamespaceCase{"Context", false, "ctx", "", "", "ctx"},
                    NamespaceCase{"Flag", false, "ctx", "", "flag", "flag"},
                    NamespaceCase{"PodNamespaceOutsideAPod", false, "", "env", "", "default"},
                    NamespaceCase{"ServiceAccount", true, "", "", "", "apps"},
                    NamespaceCase{"PodNamespace", true, "", "env", "", "env"},
                    NamespaceCase{"ContextInAPod", true, "ctx", "env", "", "ctx"},
                    NamespaceCase{"ExplicitDefaultIsSet", true, "default", "env", "", "default"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace datafly::kube

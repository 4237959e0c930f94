#include "common/cli/helm_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/system/fakes.h"

namespace datafly::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

FakeEnvironment With(std::map<std::string, std::string> variables) {
  return FakeEnvironment(std::move(variables));
}

/// The flags of a command line under an environment, as a command of helm-signal gets them.
struct Given {
  SharedFlags shared;
  HelmFlags helm;
  CommandLine::Parsed parsed;

  explicit Given(const std::vector<std::string>& arguments,
                 const FakeEnvironment& environment = {}) {
    CommandLine root("helm signal", "");
    CommandLine command = root.AddCommand("versions", "");
    DeclareOutputFlags(command, shared);
    DeclareHelmFlags(command, shared, helm);
    parsed = root.Parse(HelmFlagsBehindCommand(arguments));
    TakeHelmEnvironment(environment, shared, helm);
  }
};

TEST(HelmEnvironment, IsUnderstood) {
  const Given given({"versions"}, With({{"HELM_NAMESPACE", "signal"},
                                        {"HELM_KUBECONTEXT", "prod"},
                                        {"HELM_KUBEAPISERVER", "https://api:6443"},
                                        {"HELM_KUBETOKEN", "t0ken"},
                                        {"HELM_KUBECAFILE", "/ca.pem"},
                                        {"HELM_KUBEASUSER", "kim"},
                                        {"HELM_KUBEASGROUPS", "a,b"},
                                        {"HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "true"},
                                        {"HELM_KUBETLS_SERVER_NAME", "api.local"},
                                        {"HELM_DEBUG", "true"}}));
  const kube::ConnectionFlags& c = given.shared.connection;
  EXPECT_EQ(c.name_space, "signal");
  EXPECT_THAT(given.shared.contexts, ElementsAre("prod"));
  EXPECT_EQ(c.server, "https://api:6443");
  EXPECT_EQ(given.shared.token, "t0ken");
  EXPECT_EQ(c.certificate_authority, "/ca.pem");
  EXPECT_EQ(c.as, "kim");
  EXPECT_THAT(c.as_groups, ElementsAre("a", "b"));
  EXPECT_EQ(c.insecure_skip_tls_verify, true);
  EXPECT_EQ(c.tls_server_name, "api.local");
  EXPECT_EQ(given.shared.verbose, 1);
}

// Helm sets every variable, most of them empty, and booleans to "false".
TEST(HelmEnvironment, WhatIsEmptySaysNothing) {
  const Given given({"versions"}, With({{"HELM_NAMESPACE", ""},
                                        {"HELM_KUBECONTEXT", ""},
                                        {"HELM_KUBEAPISERVER", ""},
                                        {"HELM_KUBETOKEN", ""},
                                        {"HELM_KUBEASGROUPS", ""},
                                        {"HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "false"},
                                        {"HELM_DEBUG", "false"}}));
  const kube::ConnectionFlags& c = given.shared.connection;
  EXPECT_FALSE(c.name_space || c.server || given.shared.token || c.insecure_skip_tls_verify);
  EXPECT_THAT(given.shared.contexts, IsEmpty());
  EXPECT_THAT(c.as_groups, IsEmpty());
  EXPECT_EQ(given.shared.verbose, 0);
}

TEST(HelmEnvironment, AFlagThatWasGivenStands) {
  const Given given({"versions", "-n", "mine", "--context", "stage", "--token", "x",
                     "--kube-as-group", "c", "--kube-insecure-skip-tls-verify=false"},
                    With({{"HELM_NAMESPACE", "signal"},
                          {"HELM_KUBECONTEXT", "prod"},
                          {"HELM_KUBETOKEN", "t0ken"},
                          {"HELM_KUBEASGROUPS", "a,b"},
                          {"HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "1"}}));
  EXPECT_EQ(given.shared.connection.name_space, "mine");
  EXPECT_THAT(given.shared.contexts, ElementsAre("stage"));
  EXPECT_EQ(given.shared.token, "x");
  EXPECT_THAT(given.shared.connection.as_groups, ElementsAre("c"));
  EXPECT_EQ(given.shared.connection.insecure_skip_tls_verify, false);
}

TEST(HelmEnvironment, GroupsThatHelmRepeatsCountOnce) {
  const Given given({"versions"}, With({{"HELM_KUBEASGROUPS", "a,b,a,b"}}));
  EXPECT_THAT(given.shared.connection.as_groups, ElementsAre("a", "b"));
}

TEST(HelmEnvironment, NoColorOfHelmIsOurs) {
  EXPECT_EQ(Given({"versions"}, With({{"HELM_COLOR", "never"}})).shared.color, "never");
  const FakeEnvironment never = With({{"HELM_COLOR", "never"}});
  EXPECT_EQ(Given({"versions", "--color", "always"}, never).shared.color, "always");
}

TEST(HelmFlags, ThatHelmPassesOnAreTaken) {
  const Given given({"versions", "-nzz", "--debug=true", "--burst-limit", "20", "--qps=2.5",
                     "--content-cache", "/c", "--colour", "never"});
  EXPECT_EQ(given.parsed.what, CommandLine::Parsed::What::Run) << given.parsed.text;
  EXPECT_EQ(given.shared.connection.name_space, "zz");
  EXPECT_EQ(given.shared.verbose, 1);
  EXPECT_EQ(given.shared.color, "never");
  EXPECT_THAT(HelmChildEnvironment(given.helm),
              ElementsAre(Pair("HELM_BURST_LIMIT", "20"), Pair("HELM_QPS", "2.5"),
                          Pair("HELM_CONTENT_CACHE", "/c")));
  EXPECT_TRUE(CheckHelmFlags(given.helm).has_value());
}

TEST(HelmFlags, OfADirectRunHaveHelmsNames) {
  const Given given({"versions",
                     "--kube-context",
                     "prod",
                     "--kube-apiserver",
                     "https://a",
                     "--kube-token",
                     "t",
                     "--kube-as-user",
                     "kim",
                     "--kube-as-group",
                     "a",
                     "--kube-as-group",
                     "b",
                     "--kube-ca-file",
                     "/ca",
                     "--kubeconfig",
                     "/k",
                     "--kube-insecure-skip-tls-verify",
                     "--kube-tls-server-name",
                     "n",
                     "--registry-config",
                     "/r",
                     "--repository-config",
                     "/f",
                     "--repository-cache",
                     "/d"});
  ASSERT_EQ(given.parsed.what, CommandLine::Parsed::What::Run) << given.parsed.text;
  const kube::ConnectionFlags& c = given.shared.connection;
  EXPECT_THAT(given.shared.contexts, ElementsAre("prod"));
  EXPECT_EQ(c.server, "https://a");
  EXPECT_EQ(given.shared.token, "t");
  EXPECT_EQ(c.as, "kim");
  EXPECT_THAT(c.as_groups, ElementsAre("a", "b"));
  EXPECT_EQ(c.certificate_authority, "/ca");
  EXPECT_EQ(c.kubeconfig, "/k");
  EXPECT_EQ(c.insecure_skip_tls_verify, true);
  EXPECT_EQ(c.tls_server_name, "n");
  const HelmFiles files = ResolveHelmFiles(given.helm, FakeEnvironment());
  EXPECT_EQ(files.registry_config, "/r");
  EXPECT_EQ(files.repository_config, "/f");
  EXPECT_EQ(files.repository_cache, "/d");
}

// Helm's --insecure-skip-tls-verify is about the chart's download; each command declares its own.
TEST(HelmFlags, LeaveTheChartsTlsToTheCommand) {
  EXPECT_EQ(Given({"versions", "--insecure-skip-tls-verify"}).parsed.what,
            CommandLine::Parsed::What::Usage);
}

TEST(HelmFlags, ThatWantANumberGetOne) {
  for (const char* bad : {"many", "1x", "inf"}) {
    EXPECT_FALSE(CheckHelmFlags(Given({"versions", "--qps", bad}).helm).has_value()) << bad;
    EXPECT_FALSE(CheckHelmFlags(Given({"versions", "--burst-limit", bad}).helm).has_value()) << bad;
  }
}

TEST(HelmFlags, BeforeTheCommandAreTheCommands) {
  EXPECT_THAT(
      HelmFlagsBehindCommand({"-nzz", "--debug=true", "--qps", "5", "diff", "upgrade", "x"}),
      ElementsAre("diff", "upgrade", "x", "-nzz", "--debug=true", "--qps", "5"));
  EXPECT_THAT(HelmFlagsBehindCommand({"-n", "a", "versions", "--", "-x"}),
              ElementsAre("versions", "-n", "a", "--", "-x"));
  EXPECT_THAT(HelmFlagsBehindCommand({"versions", "-n", "a"}), ElementsAre("versions", "-n", "a"));
  EXPECT_THAT(HelmFlagsBehindCommand({"--unknown", "versions"}),
              ElementsAre("--unknown", "versions"));
  EXPECT_THAT(HelmFlagsBehindCommand({"-n"}), ElementsAre("-n"));
  EXPECT_THAT(HelmFlagsBehindCommand({"--debug=true", "version"}), ElementsAre("version"));
  EXPECT_THAT(HelmFlagsBehindCommand({}), IsEmpty());
}

TEST(HelmProgramOfUser, IsLookedUpOnPathUnlessHelmSaysWhere) {
  EXPECT_EQ(HelmProgram(FakeEnvironment()), "helm");
  EXPECT_EQ(HelmProgram(With({{"HELM_BIN", ""}})), "helm");
  EXPECT_EQ(HelmProgram(With({{"HELM_BIN", "/opt/helm"}})), "/opt/helm");
}

TEST(HelmFilesOfUser, AreWhereHelmLooks) {
  const auto files = [](std::map<std::string, std::string> variables) {
    return ResolveHelmFiles({}, With(std::move(variables)));
  };
  EXPECT_EQ(files({{"HOME", "/h"}}).repository_config, "/h/.config/helm/repositories.yaml");
  EXPECT_EQ(files({{"HOME", "/h"}}).registry_config, "/h/.config/helm/registry/config.json");
  EXPECT_EQ(files({{"HOME", "/h"}}).repository_cache, "/h/.cache/helm/repository");
  EXPECT_EQ(files({{"XDG_CONFIG_HOME", "/x"}}).repository_config, "/x/helm/repositories.yaml");
  EXPECT_EQ(files({{"HELM_CONFIG_HOME", "/c"}, {"XDG_CONFIG_HOME", "/x"}}).registry_config,
            "/c/registry/config.json");
  EXPECT_EQ(files({{"HELM_REGISTRY_CONFIG", "/r"}, {"HELM_CONFIG_HOME", "/c"}}).registry_config,
            "/r");
}

}  // namespace
}  // namespace datafly::cli

#include <gmock/gmock.h>

#include "common/io/kube/kubeconfig_load.h"
#include "tests/unit/io/kubeconfig/fixture.h"

namespace datafly::kube {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string ClusterFile(const std::string& name, const std::string& server,
                        const std::string& current = "") {
  return "clusters: [{name: " + name + ", cluster: {server: '" + server + "'}}]\n" +
         "contexts: [{name: " + name + ", context: {cluster: " + name + "}}]\n" +
         "current-context: '" + current + "'\n";
}

struct PathsCase {
  const char* name;
  const char* flag;        ///< nullptr = not given
  const char* kubeconfig;  ///< nullptr = unset
  const char* home;
  std::vector<std::string> expected;
};

class PathsTest : public testing::TestWithParam<PathsCase> {};

TEST_P(PathsTest, AreFound) {
  FakeEnvironment environment;
  if (GetParam().kubeconfig != nullptr) environment.Set("KUBECONFIG", GetParam().kubeconfig);
  if (GetParam().home != nullptr) environment.Set("HOME", GetParam().home);
  std::optional<std::string> flag;
  if (GetParam().flag != nullptr) flag = GetParam().flag;
  EXPECT_EQ(FindKubeconfigPaths(flag, environment).paths, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Order, PathsTest,
    testing::Values(PathsCase{"Home", nullptr, nullptr, "/h", {"/h/.kube/config"}},
                    PathsCase{"EmptyVariableIsUnset", nullptr, "", "/h", {"/h/.kube/config"}},
                    PathsCase{"List", nullptr, "/a:/b", "/h", {"/a", "/b"}},
                    PathsCase{"RepetitionsAndGaps", nullptr, ":/a::/b:/a:", "/h", {"/a", "/b"}},
                    PathsCase{"OnlyGaps", nullptr, "::", "/h", {}},
                    PathsCase{"TildeStays", nullptr, "~/c", "/h", {"~/c"}},
                    PathsCase{"FlagAlone", "/f", "/a:/b", "/h", {"/f"}},
                    PathsCase{"EmptyFlagIsNone", "", "/a", "/h", {"/a"}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Merge, FirstFileWinsWhole) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/a:/b");
  machine.files.Set("/a", ClusterFile("one", "https://a", ""));
  machine.files.Set("/b",
                    "clusters: [{name: one, cluster: {server: https://b, tls-server-name: b}},"
                    " {name: two, cluster: {server: https://two}}]\ncurrent-context: one");
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://a");
  EXPECT_EQ(config->endpoint->tls_server_name, "") << "a later entry of the same name is dropped";
}

TEST(Merge, FirstCurrentContextThatIsSetWins) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/a:/b:/c");
  machine.files.Set("/a", ClusterFile("one", "https://a"));
  machine.files.Set("/b", ClusterFile("two", "https://b", "two"));
  machine.files.Set("/c", ClusterFile("three", "https://c", "three"));
  EXPECT_EQ(machine.Load()->server, "https://b");
}

TEST(Merge, ContextOfOneFileUsesTheClusterOfAnother) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/x/a:/y/b");
  machine.files.Set("/x/a",
                    "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
                    "current-context: c\nusers: [{name: u, user: {tokenFile: t}}]");
  machine.files.Set("/y/b",
                    "clusters: [{name: k, cluster: {server: https://k, "
                    "certificate-authority: ca}}]");
  machine.files.Set("/x/t", "token");
  machine.files.Set("/y/ca", OtherPair().certificate);
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(AuthorizationOf(*config), "Bearer token");
  EXPECT_EQ(config->endpoint->ca_pem, OtherPair().certificate);
}

TEST(Merge, MissingFilesAreSkipped) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/none:/a");
  machine.files.Set("/a", ClusterFile("one", "https://a", "one"));
  EXPECT_EQ(machine.Load()->server, "https://a");
}

TEST(Merge, EveryBrokenFileIsNamed) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/a:/b:/c");
  machine.files.Set("/a", ClusterFile("one", "https://a", "one"));
  machine.files.Set("/b", "clusters: {");
  machine.files.SetError("/c", Error::FromErrno("open /c", EACCES));
  auto config = machine.Load();
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("error loading config file \"/b\""));
  EXPECT_THAT(config.error().message,
              HasSubstr("error loading config file \"/c\": open /c: Permission denied"));
}

TEST(Merge, ExplicitFileMustExistAndStandsAlone) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/a");
  machine.files.Set("/a", ClusterFile("one", "https://a", "one"));
  machine.files.Set("/f", ClusterFile("two", "https://f", "two"));
  ConnectionFlags flags;
  flags.kubeconfig = "/f";
  EXPECT_EQ(machine.Load(flags)->server, "https://f");
  EXPECT_THAT(machine.files.reads(), testing::Not(testing::Contains("/a")));
  flags.kubeconfig = "/none";
  auto missing = machine.Load(flags);
  EXPECT_EQ(missing.error().message, "stat /none: no such file or directory");
  EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
}

TEST(Merge, ZeroBytesAreAnEmptyConfiguration) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/empty:/blank:/a");
  machine.files.Set("/empty", "");
  machine.files.Set("/blank", "\n# only a comment\n");
  machine.files.Set("/a", ClusterFile("one", "https://a", "one"));
  EXPECT_EQ(machine.Load()->server, "https://a");
}

struct BesideCase {
  const char* origin;
  const char* path;
  const char* expected;
};

TEST(ResolveBeside, Table) {
  for (const BesideCase& row :
       {BesideCase{"/d/config", "", ""}, BesideCase{"/d/config", "/abs", "/abs"},
        BesideCase{"/d/config", "x", "/d/x"}, BesideCase{"/d/config", "./x", "/d/x"},
        BesideCase{"/d/e/config", "../x", "/d/x"}, BesideCase{"config", "x", "x"},
        BesideCase{"sub/config", "x/y", "sub/x/y"}}) {
    EXPECT_EQ(ResolveBeside(row.origin, row.path), row.expected) << row.origin << " " << row.path;
  }
}

TEST(ExecCommand, OnlyPathsAreResolved) {
  for (const BesideCase& row :
       {BesideCase{"/d/config", "aws", "aws"}, BesideCase{"/d/config", "bin/aws", "/d/bin/aws"},
        BesideCase{"/d/config", "/bin/aws", "/bin/aws"}, BesideCase{"config", "./aws", "./aws"}}) {
    FakeFileSystem files;
    files.Set(row.origin,
              std::string("users: [{name: u, user: {exec: {command: ") + row.path + "}}}]");
    auto loaded = LoadKubeconfig({{row.origin}, true}, files);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->config.users.at("u").exec->command, row.expected) << row.path;
  }
}

}  // namespace
}  // namespace datafly::kube

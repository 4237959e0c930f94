#include <gmock/gmock.h>

#include "tests/unit/io/kubeconfig/fixture.h"

/// What a user reads when the kubeconfig or the flags are wrong: client-go's words, one line, and a
/// remedy.
namespace datafly::kube {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kThreeContexts =
    "contexts:\n- {name: prod, context: {cluster: p, user: u}}\n- {name: staging, context: "
    "{cluster: p, user: gone}}\n- {name: lost, context: {cluster: gone, user: u}}\n"
    "- {name: bare, context: {user: u}}\n"
    "clusters: [{name: p, cluster: {server: https://p}}, {name: empty, cluster: {}}]\n"
    "users: [{name: u, user: {token: t}}]\n";

struct ErrorCase {
  const char* name;
  std::string text;  ///< of ~/.kube/config; "" = no file
  std::function<void(ConnectionFlags&)> flags;
  const char* message;
  const char* remedy;
};

class LoadErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(LoadErrorTest, IsTold) {
  FakeMachine machine;
  if (!GetParam().text.empty()) machine.SetHome(GetParam().text);
  machine.files.Set("/pem/bad", "nothing");
  machine.files.Set("/pem/cert", GoodPair().certificate);
  machine.files.Set("/pem/key", GoodPair().key);
  ConnectionFlags flags;
  if (GetParam().flags) GetParam().flags(flags);
  auto config = machine.Load(flags);
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(config.error().remedy, HasSubstr(GetParam().remedy));
  EXPECT_THAT(config.error().message, Not(HasSubstr("\n")));
  EXPECT_THAT(config.error().message, Not(HasSubstr("s3cret")));
  EXPECT_THAT(config.error().remedy, Not(HasSubstr("s3cret")));
}

std::string Context(const char* name) { return std::string("current-context: ") + name + "\n"; }

std::string User(const std::string& fields) { return OneContext(Https(), fields); }
std::string Cluster(const std::string& fields) { return OneContext(fields, ""); }

INSTANTIATE_TEST_SUITE_P(
    Choice, LoadErrorTest,
    testing::Values(
        ErrorCase{"Nothing",
                  "",
                  {},
                  "no configuration has been provided, try setting KUBERNETES_MASTER",
                  "looked for: /home/u/.kube/config"},
        ErrorCase{"NoContextChosen",
                  kThreeContexts,
                  {},
                  "no context chosen",
                  "known contexts: bare, lost, prod, staging"},
        ErrorCase{"CurrentContextUnknown",
                  kThreeContexts + Context("prd"),
                  {},
                  "context was not found for specified context: prd",
                  "did you mean \"prod\"?"},
        ErrorCase{"ContextFlagUnknown", kThreeContexts + Context("prod"),
                  [](auto& f) { f.context = "stagin"; }, "context \"stagin\" does not exist",
                  "did you mean \"staging\"? known contexts: "},
        ErrorCase{"ClusterFlagUnknown", kThreeContexts + Context("prod"),
                  [](auto& f) { f.cluster = "q"; }, "cluster \"q\" does not exist",
                  "known clusters: empty, p"},
        ErrorCase{"UserFlagUnknown", kThreeContexts + Context("prod"),
                  [](auto& f) { f.user = "nobody"; }, "auth info \"nobody\" does not exist",
                  "known users: u"},
        ErrorCase{"ContextNamesNoUser",
                  kThreeContexts + Context("staging"),
                  {},
                  "user \"gone\" was not found for context \"staging\"",
                  "known users: u"},
        ErrorCase{"ContextNamesNoCluster",
                  kThreeContexts + Context("lost"),
                  {},
                  "cluster \"gone\" was not found for context \"lost\"",
                  "known clusters: empty, p"},
        ErrorCase{"ContextWithoutCluster",
                  kThreeContexts + Context("bare"),
                  {},
                  "cluster was not specified for context \"bare\"",
                  "known clusters"},
        ErrorCase{"ClusterWithoutServer", kThreeContexts + Context("prod"),
                  [](auto& f) { f.cluster = "empty"; }, "no server found for cluster \"empty\"",
                  "kubectl config set-cluster"},
        ErrorCase{"ExtraWithoutKey", kThreeContexts + Context("prod"),
                  [](auto& f) { f.as_user_extra = {"novalue"}; }, "--as-user-extra takes KEY=VALUE",
                  ""},
        ErrorCase{"GroupsWithoutUser", kThreeContexts + Context("prod"),
                  [](auto& f) { f.as_groups = {"g"}; },
                  "requesting uid, groups or user-extra for u without impersonating a user", ""}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Users, LoadErrorTest,
    testing::Values(
        ErrorCase{"MissingCertFile",
                  User("    client-certificate: /no/cert\n    client-key: /pem/key"),
                  {},
                  "unable to read client-cert /no/cert for kubernetes-admin due to open /no/cert",
                  ""},
        ErrorCase{"MissingKeyFile",
                  User("    client-certificate: /pem/cert\n    client-key: /no/key"),
                  {},
                  "unable to read client-key /no/key for kubernetes-admin due to open /no/key",
                  ""},
        ErrorCase{"BothMissing",
                  User("    client-certificate: /no/cert\n    client-key: /no/key"),
                  {},
                  "invalid configuration: [unable to read client-cert",
                  ""},
        ErrorCase{"CertWithoutKey",
                  User("    client-certificate: /pem/cert"),
                  {},
                  "client-key-data or client-key must be specified for kubernetes-admin",
                  ""},
        ErrorCase{"CertTwice",
                  User("    client-certificate: /pem/cert\n" + AdminUser()),
                  {},
                  "client-cert-data and client-cert are both specified for kubernetes-admin",
                  ""},
        ErrorCase{"KeyTwice",
                  User("    client-key: /pem/key\n" + AdminUser()),
                  {},
                  "client-key-data and client-key are both specified for kubernetes-admin",
                  ""},
        ErrorCase{"CertIsNoPem",
                  User("    client-certificate: /pem/bad\n    client-key: /pem/key"),
                  {},
                  "failed to find any PEM data in certificate input",
                  ""},
        ErrorCase{"KeyIsNoPem",
                  User("    client-certificate: /pem/cert\n    client-key: /pem/bad"),
                  {},
                  "failed to find any PEM data in key input",
                  ""},
        ErrorCase{
            "KeyOfAnother",
            User("    client-certificate: /pem/cert\n    client-key-data: " +
                 EncodeBase64(OtherPair().key)),
            {},
            "unable to load the client certificate of kubernetes-admin: private key does not match",
            ""},
        ErrorCase{"EncryptedKey",
                  User("    client-certificate: /pem/cert\n    client-key-data: " +
                       EncodeBase64(GoodPair().encrypted_key)),
                  {},
                  "the private key is encrypted",
                  "unencrypted"},
        ErrorCase{"BadBase64",
                  User("    client-key-data: '!s3cret!'"),
                  {},
                  "users[0].user.client-key-data is not valid base64",
                  "base64 -w0"},
        ErrorCase{"TokenAndBasic",
                  User("    token: s3cret\n    username: u\n    password: s3cret"),
                  {},
                  "more than one authentication method found for kubernetes-admin",
                  ""},
        ErrorCase{"TokenWithLineBreak",
                  User("    token: \"s3cret\\nX: y\""),
                  {},
                  "the token of user kubernetes-admin holds control characters",
                  ""},
        ErrorCase{"AuthProviderGcp",
                  User("    auth-provider: {name: gcp, config: {access-token: s3cret}}"),
                  {},
                  "auth-provider \"gcp\", which is not supported",
                  "gke-gcloud-auth-plugin"},
        ErrorCase{"AuthProviderAzure",
                  User("    auth-provider: {name: azure}"),
                  {},
                  "auth-provider \"azure\"",
                  "kubelogin"},
        ErrorCase{"AuthProviderOidc",
                  User("    auth-provider: {name: oidc}"),
                  {},
                  "auth-provider \"oidc\"",
                  "kubelogin"}),
    [](const auto& row) { return std::string(row.param.name); });

std::string Exec(const std::string& fields) { return User("    exec: {" + fields + "}"); }

INSTANTIATE_TEST_SUITE_P(
    ExecPlugins, LoadErrorTest,
    testing::Values(
        ErrorCase{"V1NeedsMode",
                  Exec("apiVersion: client.authentication.k8s.io/v1, command: x"),
                  {},
                  "interactiveMode must be specified for kubernetes-admin to use exec",
                  ""},
        ErrorCase{
            "UnknownMode",
            Exec("apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Maybe"),
            {},
            "invalid interactiveMode for kubernetes-admin: \"Maybe\"",
            ""},
        ErrorCase{"NoCommand",
                  Exec("apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never"),
                  {},
                  "command must be specified for kubernetes-admin",
                  ""},
        ErrorCase{"NoVersion",
                  Exec("command: x, interactiveMode: Never"),
                  {},
                  "apiVersion must be specified for kubernetes-admin",
                  ""},
        ErrorCase{"OldVersion",
                  Exec("apiVersion: client.authentication.k8s.io/v1alpha1, command: x, "
                       "interactiveMode: Never"),
                  {},
                  "exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"",
                  "v1beta1"},
        ErrorCase{"NamelessVariable",
                  Exec("apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: "
                       "Never, env: [{value: s3cret}]"),
                  {},
                  "env variable name must be specified for kubernetes-admin",
                  ""},
        ErrorCase{"WithAuthProvider",
                  User("    auth-provider: {name: oidc}\n    exec: {apiVersion: "
                       "client.authentication.k8s.io/v1, command: x, interactiveMode: Never}"),
                  {},
                  "authProvider cannot be provided in combination with an exec plugin",
                  ""}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Clusters, LoadErrorTest,
    testing::Values(
        ErrorCase{
            "CaAndInsecure",
            Cluster(Https() + "\n    insecure-skip-tls-verify: true\n    certificate-authority: "
                              "/pem/cert"),
            {},
            "specifying a root certificates file with the insecure flag is not allowed",
            "remove insecure-skip-tls-verify"},
        ErrorCase{"CaTwice",
                  Cluster(Https() +
                          "\n    certificate-authority: /pem/cert\n    "
                          "certificate-authority-data: " +
                          EncodeBase64(GoodPair().certificate)),
                  {},
                  "certificate-authority-data and certificate-authority are both specified for "
                  "kubernetes",
                  ""},
        ErrorCase{"CaMissing",
                  Cluster(Https() + "\n    certificate-authority: /no/ca"),
                  {},
                  "unable to read certificate-authority /no/ca for kubernetes due to open /no/ca",
                  ""},
        ErrorCase{"CaIsNoPem",
                  Cluster(Https() + "\n    certificate-authority: /pem/bad"),
                  {},
                  "unable to load root certificates: unable to parse bytes as PEM block",
                  "BEGIN CERTIFICATE"},
        ErrorCase{"ProxyScheme",
                  Cluster(Https() + "\n    proxy-url: ftp://u:s3cret@p"),
                  {},
                  "unsupported scheme \"ftp\", must be http, https, or socks5",
                  ""},
        ErrorCase{"ProxyWithoutScheme",
                  Cluster(Https() + "\n    proxy-url: proxy:3128"),
                  {},
                  "invalid 'proxy-url' for cluster \"kubernetes\"",
                  ""},
        ErrorCase{"ServerScheme",
                  Cluster("    server: unix:///run/api"),
                  {},
                  "only https and http are spoken",
                  "https://HOST:PORT"},
        ErrorCase{"ServerWithCredentials",
                  Cluster("    server: https://u:s3cret@h"),
                  {},
                  "credentials inside the URL are not accepted",
                  ""}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Files, LoadErrorTest,
    testing::Values(
        ErrorCase{"NotYaml", "a: [", {}, "error loading config file \"/home/u/.kube/config\"", ""},
        ErrorCase{"NotAMapping", "- a\n- b\n", {}, "is not a mapping", ""},
        ErrorCase{"OtherKind",
                  "kind: Pod\napiVersion: v1\n",
                  {},
                  "no kind \"Pod\" is registered for version \"v1\"",
                  "not a kubeconfig"},
        ErrorCase{"OtherVersion",
                  "kind: Config\napiVersion: v2\n",
                  {},
                  "no kind \"Config\" is registered for version \"v2\"",
                  ""},
        ErrorCase{"DuplicateName",
                  "contexts: [{name: a}, {name: a}]",
                  {},
                  "duplicate name \"a\" in contexts",
                  ""},
        ErrorCase{"ListIsAMapping", "clusters: {a: b}", {}, "clusters is not a list", ""},
        ErrorCase{"BadBool",
                  "clusters: [{name: a, cluster: {insecure-skip-tls-verify: maybe}}]",
                  {},
                  "clusters[0].cluster.insecure-skip-tls-verify is not true or false",
                  ""},
        ErrorCase{"ServerIsAList",
                  "clusters: [{name: a, cluster: {server: [x]}}]",
                  {},
                  "clusters[0].cluster.server is not a string",
                  ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(LoadErrors, HostileNamesAreMadeSafe) {
  FakeMachine machine;
  machine.SetHome("contexts: [{name: \"a\\e[31mb\", context: {cluster: c}}]\n");
  ConnectionFlags flags;
  flags.context = "x\x1b]0;title\x07";
  auto config = machine.Load(flags);
  EXPECT_EQ(config.error().message.find('\x1b'), std::string::npos);
  EXPECT_EQ(config.error().remedy.find('\x1b'), std::string::npos);
}

TEST(LoadErrors, LongListsAreCut) {
  FakeMachine machine;
  std::string text = "contexts:\n";
  for (int i = 0; i < 50; ++i)
    text += fmt::format("- {{name: c{:02}, context: {{cluster: c}}}}\n", i);
  machine.SetHome(text);
  EXPECT_THAT(machine.Load().error().remedy, HasSubstr("c11, … (50 in all)"));
}

}  // namespace
}  // namespace datafly::kube

#include <gmock/gmock.h>

#include "tests/unit/io/kubeconfig/fixture.h"

namespace datafly::kube {
namespace {

using testing::HasSubstr;

std::string CaData(const PemPair& pair = OtherPair()) {
  return "    certificate-authority-data: " + EncodeBase64(pair.certificate);
}

TEST(LoadRestConfig, KubeadmFileGivesClientCertificateInMemory) {
  FakeMachine machine;
  machine.SetHome(OneContext(Https() + "\n" + CaData(), AdminUser(), "    namespace: datafly"));
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://10.0.0.1:6443");
  EXPECT_EQ(config->context, "admin@kubernetes");
  EXPECT_EQ(config->cluster_name, "kubernetes");
  EXPECT_EQ(config->user_name, "kubernetes-admin");
  EXPECT_EQ(config->default_namespace, "datafly");
  EXPECT_EQ(config->endpoint->ca_pem, OtherPair().certificate);
  EXPECT_EQ(config->endpoint->ca_file, "");
  EXPECT_EQ(config->endpoint->client_cert_pem, GoodPair().certificate);
  EXPECT_EQ(config->endpoint->client_key_pem.Reveal(), GoodPair().key);
  EXPECT_EQ(AuthorizationOf(*config), "");
  EXPECT_TRUE(config->endpoint->compression);
  EXPECT_EQ(config->client_certificate_not_after, ParseTime("2100-01-01T00:00:00Z").value());
  EXPECT_EQ(config->client_certificate_trouble, "");
}

TEST(LoadRestConfig, CertificateFilesAreRelativeToTheirKubeconfig) {
  FakeMachine machine;
  machine.environment.Set("KUBECONFIG", "/etc/kube/config");
  machine.files.Set(
      "/etc/kube/config",
      OneContext(Https() + "\n    certificate-authority: pki/ca.crt",
                 "    client-certificate: ../other/me.crt\n    client-key: /abs/me.key"));
  machine.files.Set("/etc/kube/pki/ca.crt", OtherPair().certificate);
  machine.files.Set("/etc/other/me.crt", GoodPair().certificate);
  machine.files.Set("/abs/me.key", GoodPair().key);
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->endpoint->ca_pem, OtherPair().certificate);
  EXPECT_EQ(config->endpoint->client_cert_pem, GoodPair().certificate);
  EXPECT_EQ(config->endpoint->client_key_pem.Reveal(), GoodPair().key);
}

TEST(LoadRestConfig, ExpiredClientCertificateLoadsAndTellsItsEnd) {
  FakeMachine machine;
  PemPair expired = MakePemPair("old", ParseTime("2020-02-03T04:05:06Z").value());
  machine.SetHome(
      OneContext(Https(), "    client-certificate-data: " + EncodeBase64(expired.certificate) +
                              "\n    client-key-data: " + EncodeBase64(expired.key)));
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->client_certificate_not_after, ParseTime("2020-02-03T04:05:06Z").value());
  EXPECT_EQ(config->client_certificate_trouble,
            "your client certificate expired on 2020-02-03T04:05:06Z");
  machine.clock.Set(ParseTime("1960-01-01T00:00:00Z").value());
  EXPECT_EQ(machine.Load()->client_certificate_trouble,
            "your client certificate is not valid before 1970-01-01T00:00:00Z");
}

TEST(LoadRestConfig, NothingSecretGoesToPlainHttp) {
  FakeMachine machine;
  machine.SetHome(OneContext("    server: http://10.0.0.1:8080\n    tls-server-name: x",
                             AdminUser() + "\n    token: abc\n    as: jane"));
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "http://10.0.0.1:8080");
  EXPECT_EQ(AuthorizationOf(*config), "");
  EXPECT_EQ(config->endpoint->client_cert_pem, "");
  EXPECT_TRUE(config->endpoint->client_key_pem.empty());
  EXPECT_FALSE(config->endpoint->allow_plain_credentials);
  EXPECT_EQ(config->impersonation.user, "jane");
}

TEST(LoadRestConfig, NoAuthorityMeansSystemRoots) {
  FakeMachine machine;
  machine.SetHome(OneContext(Https(), ""));
  EXPECT_EQ(machine.Load()->endpoint->ca_file, "");
  machine.files.Set("/etc/pki/tls/certs/ca-bundle.crt", "x");
  EXPECT_EQ(machine.Load()->endpoint->ca_file, "/etc/pki/tls/certs/ca-bundle.crt");
  machine.files.Set("/etc/ssl/certs/ca-certificates.crt", "x");
  EXPECT_EQ(machine.Load()->endpoint->ca_file, "/etc/ssl/certs/ca-certificates.crt");
  machine.environment.Set("SSL_CERT_FILE", "/opt/roots.pem");
  EXPECT_EQ(machine.Load()->endpoint->ca_file, "/opt/roots.pem");
  EXPECT_EQ(machine.Load()->endpoint->ca_pem, "");
}

TEST(LoadRestConfig, InsecureNeedsNoRoots) {
  FakeMachine machine;
  machine.files.Set("/etc/ssl/certs/ca-certificates.crt", "x");
  machine.SetHome(OneContext(Https() + "\n    insecure-skip-tls-verify: true", ""));
  auto config = machine.Load();
  EXPECT_TRUE(config->endpoint->insecure_skip_tls_verify);
  EXPECT_EQ(config->endpoint->ca_file, "");
}

struct AuthorizationCase {
  const char* name;
  const char* user_fields;
  const char* flag_token;
  const char* expected;
};

class AuthorizationTest : public testing::TestWithParam<AuthorizationCase> {};

TEST_P(AuthorizationTest, Gives) {
  FakeMachine machine;
  machine.files.Set("/run/token", " from-file\n");
  machine.files.Set("/run/empty", "\n");
  machine.files.Set("/run/bad", "a\nb");
  machine.SetHome(OneContext(Https(), GetParam().user_fields));
  ConnectionFlags flags;
  if (GetParam().flag_token != nullptr) flags.token = SecretString(GetParam().flag_token);
  auto config = machine.Load(flags);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(AuthorizationOf(*config), HasSubstr(GetParam().expected));
  EXPECT_TRUE(machine.processes.commands().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Users, AuthorizationTest,
    testing::Values(
        AuthorizationCase{"Token", "    token: abc", nullptr, "Bearer abc"},
        AuthorizationCase{"NumericToken", "    token: 123456", nullptr, "Bearer 123456"},
        AuthorizationCase{"TokenFile", "    tokenFile: /run/token", nullptr, "Bearer from-file"},
        AuthorizationCase{"FileBeatsToken", "    token: abc\n    tokenFile: /run/token", nullptr,
                          "Bearer from-file"},
        AuthorizationCase{"MissingFileFallsBack", "    token: abc\n    tokenFile: /run/none",
                          nullptr, "Bearer abc"},
        AuthorizationCase{"EmptyFileFallsBack", "    token: abc\n    tokenFile: /run/empty",
                          nullptr, "Bearer abc"},
        AuthorizationCase{"MissingFileAlone", "    tokenFile: /run/none", nullptr,
                          "error: failed to read token file \"/run/none\""},
        AuthorizationCase{"EmptyFileAlone", "    tokenFile: /run/empty", nullptr,
                          "error: read empty token from file \"/run/empty\""},
        AuthorizationCase{"LineBreakInFile", "    tokenFile: /run/bad", nullptr,
                          "error: the token in file \"/run/bad\" holds control characters"},
        AuthorizationCase{"Basic", "    username: jane\n    password: s3cret", nullptr,
                          "Basic amFuZTpzM2NyZXQ="},
        AuthorizationCase{"FlagBeatsToken", "    token: abc", "flag", "Bearer flag"},
        AuthorizationCase{"FlagBeatsTokenFile", "    tokenFile: /run/token", "flag", "Bearer flag"},
        AuthorizationCase{"FlagKeepsPluginFromRunning",
                          "    exec: {apiVersion: client.authentication.k8s.io/v1, command: x, "
                          "interactiveMode: Never}",
                          "flag", "Bearer flag"},
        AuthorizationCase{"TokenKeepsPluginFromRunning",
                          "    token: abc\n    exec: {apiVersion: "
                          "client.authentication.k8s.io/v1, command: x, interactiveMode: Never}",
                          nullptr, "Bearer abc"},
        AuthorizationCase{"FlagKeepsAuthProvider", "    auth-provider: {name: oidc}", "flag",
                          "Bearer flag"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(TokenFile, IsReadAgainAfterItsLifeAndAfterA401) {
  FakeMachine machine;
  machine.files.Set("/run/token", "one");
  machine.SetHome(OneContext(Https(), "    tokenFile: /run/token"));
  auto config = machine.Load();
  EXPECT_EQ(AuthorizationOf(*config), "Bearer one");
  machine.files.Set("/run/token", "two");
  machine.clock.Advance(Millis{49000});
  EXPECT_EQ(AuthorizationOf(*config), "Bearer one");
  machine.clock.Advance(Millis{1000});
  EXPECT_EQ(AuthorizationOf(*config), "Bearer two");
  EXPECT_FALSE(config->credentials->Refresh()) << "the same token would be refused again";
  machine.files.Set("/run/token", "three");
  EXPECT_TRUE(config->credentials->Refresh());
  EXPECT_EQ(AuthorizationOf(*config), "Bearer three");
  machine.files.Remove("/run/token");
  machine.clock.Advance(Millis{60000});
  EXPECT_EQ(AuthorizationOf(*config), "Bearer three") << "the last good token stays";
}

TEST(LoadRestConfig, CertificateAndTokenAreBothSent) {
  FakeMachine machine;
  machine.SetHome(OneContext(Https(), AdminUser()));
  ConnectionFlags flags;
  flags.token = SecretString("flag");
  auto config = machine.Load(flags);
  EXPECT_EQ(AuthorizationOf(*config), "Bearer flag");
  EXPECT_EQ(config->endpoint->client_cert_pem, GoodPair().certificate);
}

TEST(LoadRestConfig, ImpersonationFromFileAndFlags) {
  FakeMachine machine;
  machine.SetHome(OneContext(Https(),
                             "    token: t\n    as: jane\n    as-uid: u1\n    as-groups: [a, b]\n"
                             "    as-user-extra: {scopes: [x, y], dept: [z]}"));
  using Extra = std::vector<std::pair<std::string, std::string>>;
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->impersonation.user, "jane");
  EXPECT_EQ(config->impersonation.uid, "u1");
  EXPECT_EQ(config->impersonation.groups, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config->impersonation.extra, (Extra{{"dept", "z"}, {"scopes", "x"}, {"scopes", "y"}}));
  ConnectionFlags flags;
  flags.as = "root";
  flags.as_groups = {"system:masters"};
  flags.as_user_extra = {"scopes=v=1"};
  config = machine.Load(flags);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->impersonation.user, "root");
  EXPECT_EQ(config->impersonation.groups, std::vector<std::string>{"system:masters"});
  EXPECT_EQ(config->impersonation.extra, (Extra{{"dept", "z"}, {"scopes", "v=1"}}));
}

TEST(LoadRestConfig, RequestTimeout) {
  FakeMachine machine;
  machine.SetHome(OneContext(Https(), ""));
  for (const auto& [text, millis] : std::map<std::string, int>{
           {"0", 0}, {"30", 30000}, {"1m", 60000}, {"1h30m", 5400000}, {"", 0}}) {
    ConnectionFlags flags;
    flags.request_timeout = text;
    auto config = machine.Load(flags);
    ASSERT_TRUE(config) << text;
    EXPECT_EQ(config->request_timeout, Millis{millis}) << text;
  }
  ConnectionFlags flags;
  flags.request_timeout = "soon";
  EXPECT_THAT(machine.Load(flags).error().message, HasSubstr("Invalid timeout value"));
}

TEST(LoadRestConfig, CompressionIsOffWhereItDoesNotHelp) {
  FakeMachine machine;
  machine.SetHome(OneContext("    server: https://127.0.0.1:6443", ""));
  EXPECT_FALSE(machine.Load()->endpoint->compression);
  machine.SetHome(OneContext(Https() + "\n    disable-compression: true", ""));
  EXPECT_FALSE(machine.Load()->endpoint->compression);
  machine.SetHome(OneContext(Https(), ""));
  EXPECT_TRUE(machine.Load()->endpoint->compression);
  ConnectionFlags flags;
  flags.disable_compression = true;
  EXPECT_FALSE(machine.Load(flags)->endpoint->compression);
}

TEST(LoadRestConfig, ProxyUrlBeatsTheEnvironment) {
  FakeMachine machine;
  machine.environment.Set("HTTPS_PROXY", "proxy.corp:3128");
  machine.SetHome(OneContext(Https(), ""));
  EXPECT_EQ(machine.Load()->endpoint->proxy_url, "http://proxy.corp:3128");
  machine.environment.Set("NO_PROXY", "10.0.0.0/8");
  EXPECT_EQ(machine.Load()->endpoint->proxy_url, "");
  machine.SetHome(OneContext(Https() + "\n    proxy-url: socks5://127.0.0.1:1080", ""));
  EXPECT_EQ(machine.Load()->endpoint->proxy_url, "socks5h://127.0.0.1:1080");
}

TEST(LoadRestConfig, FlagsReplaceTrustAndNameAsAWhole) {
  FakeMachine machine;
  machine.SetHome(
      OneContext(Https() + "\n    tls-server-name: api.internal\n" + CaData(), AdminUser()));
  machine.files.Set("ca.crt", GoodPair().certificate);
  ConnectionFlags flags;
  flags.server = "https://other:443/prefix/";
  auto config = machine.Load(flags);
  EXPECT_EQ(config->server, "https://other:443/prefix");
  EXPECT_EQ(config->endpoint->tls_server_name, "") << "--server clears the file's name";
  EXPECT_EQ(config->endpoint->ca_pem, OtherPair().certificate);
  flags.tls_server_name = "given";
  EXPECT_EQ(machine.Load(flags)->endpoint->tls_server_name, "given");
  flags.insecure_skip_tls_verify = true;
  EXPECT_TRUE(machine.Load(flags)->endpoint->insecure_skip_tls_verify);
  EXPECT_EQ(machine.Load(flags)->endpoint->ca_pem, "");
  flags.insecure_skip_tls_verify = false;
  flags.certificate_authority = "ca.crt";
  EXPECT_EQ(machine.Load(flags)->endpoint->ca_pem, GoodPair().certificate);
}

TEST(LoadRestConfig, ServerFlagAloneIsEnough) {
  FakeMachine machine;
  ConnectionFlags flags;
  flags.server = "https://h:6443";
  flags.token = SecretString("t");
  auto config = machine.Load(flags);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server, "https://h:6443");
  EXPECT_EQ(AuthorizationOf(*config), "Bearer t");
}

TEST(LoadRestConfig, KubernetesMasterIsTheLastResort) {
  FakeMachine machine;
  machine.environment.Set("KUBERNETES_MASTER", "http://master:8080");
  EXPECT_EQ(machine.Load()->server, "http://master:8080");
  machine.SetHome(OneContext(Https(), ""));
  EXPECT_EQ(machine.Load()->server, "https://10.0.0.1:6443");
}

}  // namespace
}  // namespace datafly::kube

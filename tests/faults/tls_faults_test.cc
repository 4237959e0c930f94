#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/harness.h"
#include "tests/faults/private_machine.h"

namespace datafly::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::TestWithParam;

Reply Ok() {
  Reply reply;
  reply.body = "hello";
  return reply;
}

ScriptedServer::Script AlwaysOk() {
  return [](const SeenRequest&) { return Ok(); };
}

const TestCa& StrangeCa() {
  static const TestCa ca("somebody else's CA");
  return ca;
}

struct TlsCase {
  std::string name;
  std::function<void(ServerOptions&)> server;
  std::function<void(http::Endpoint&)> client;
  std::string error;  ///< part of the message; empty = the request succeeds
  std::string remedy = {};
};

void Nothing(ServerOptions&) {}
void Plainly(http::Endpoint&) {}

LeafSpec Days(int from, int to) {
  LeafSpec spec;
  spec.from_days = from;
  spec.to_days = to;
  return spec;
}

LeafSpec Names(std::vector<std::string> names) {
  LeafSpec spec;
  spec.names = std::move(names);
  return spec;
}

void Present(http::Endpoint& endpoint, const Identity& identity) {
  endpoint.client_cert_pem = identity.cert_pem;
  endpoint.client_key_pem = SecretString(identity.key_pem);
}

class TlsHandshake : public TestWithParam<std::tuple<TlsCase, bool>> {};

TEST_P(TlsHandshake, EndsAsTheCertificatesSay) {
  const auto& [tls, http2] = GetParam();
  ServerOptions options = Trusted(http2);
  tls.server(options);
  ScriptedServer server(options, AlwaysOk());
  HttpHarness harness;
  auto endpoint = TrustingEndpoint();
  tls.client(endpoint);
  const auto result =
      harness.Fetch(harness.Get(fmt::format("https://127.0.0.1:{}/", server.port()), endpoint));
  if (tls.error.empty()) {
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return;
  }
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(ToString(result.error().kind), "tls") << result.error().message;
  EXPECT_THAT(result.error().message, HasSubstr(tls.error));
  EXPECT_THAT(result.error().remedy, HasSubstr(tls.remedy));
  EXPECT_EQ(server.Count(), 0);
}

const TlsCase kTlsCases[] = {
    {"OwnAuthority", Nothing, Plainly, ""},
    {"WrongAuthority", [](ServerOptions& o) { o.identity = StrangeCa().Issue(); }, Plainly,
     "the server's certificate is not signed by the kubeconfig's certificate authority",
     "certificate-authority"},
    {"WrongAuthorityInsecurely", [](ServerOptions& o) { o.identity = StrangeCa().Issue(); },
     [](http::Endpoint& e) { e.insecure_skip_tls_verify = true; }, ""},
    {"UnknownToTheMachine", Nothing, [](http::Endpoint& e) { e.ca_pem.clear(); },
     "which this machine does not trust", "certificate-authority-data"},
    {"Expired", [](ServerOptions& o) { o.identity = Ca().Issue(Days(-3, -1)); }, Plainly,
     "the certificate \"server\" of 127.0.0.1", "renew"},
    {"ExpiredTellsTheDay", [](ServerOptions& o) { o.identity = Ca().Issue(Days(-3, -1)); }, Plainly,
     "has expired on 20"},
    {"NotYetValid", [](ServerOptions& o) { o.identity = Ca().Issue(Days(1, 3)); }, Plainly,
     "is valid only from 20", "clock"},
    {"WrongName",
     [](ServerOptions& o) {
       o.identity = Ca().Issue(Names({"DNS:kubernetes.example", "IP:10.0.0.1"}));
     },
     Plainly, "is not valid for 127.0.0.1, only for kubernetes.example, 10.0.0.1",
     "tls-server-name"},
    {"NoName", [](ServerOptions& o) { o.identity = Ca().Issue(Names({})); }, Plainly,
     "only for no name at all"},
    {"ServerNameOfTheKubeconfig",
     [](ServerOptions& o) { o.identity = Ca().Issue(Names({"DNS:kubernetes.example"})); },
     [](http::Endpoint& e) { e.tls_server_name = "kubernetes.example"; }, ""},
    {"ServerNameIsVerified", Nothing,
     [](http::Endpoint& e) { e.tls_server_name = "kubernetes.example"; },
     "is not valid for kubernetes.example, only for 127.0.0.1, localhost"},
    {"ClientCertificate", [](ServerOptions& o) { o.client_ca_pem = Ca().pem(); },
     [](http::Endpoint& e) { Present(e, Ca().Issue()); }, ""},
    {"ClientCertificateMissing", [](ServerOptions& o) { o.client_ca_pem = Ca().pem(); }, Plainly,
     "refused the TLS connection", "client certificate"},
    {"ClientCertificateOfAnotherAuthority", [](ServerOptions& o) { o.client_ca_pem = Ca().pem(); },
     [](http::Endpoint& e) { Present(e, StrangeCa().Issue()); }, "refused the TLS connection",
     "client certificate"},
    {"ClientKeyOfAnotherCertificate", Nothing,
     [](http::Endpoint& e) {
       Present(e, {Ca().Issue().cert_pem, Ca().Issue().key_pem});
     },
     "client certificate and key cannot be used"},
    {"ClientKeyIsNoPem", Nothing,
     [](http::Endpoint& e) {
       Present(e, {Ca().Issue().cert_pem, "nonsense"});
     },
     "client certificate and key cannot be used"},
    {"AuthorityIsNoPem", Nothing, [](http::Endpoint& e) { e.ca_pem = "nonsense"; },
     "certificate authority is not a PEM certificate"},
    {"PlainHttpPort", [](ServerOptions& o) { o.tls = false; }, Plainly, "does not speak TLS",
     "http://"},
};

INSTANTIATE_TEST_SUITE_P(Faults, TlsHandshake,
                         ::testing::Combine(::testing::ValuesIn(kTlsCases), ::testing::Bool()),
                         [](const auto& param) {
                           return std::get<0>(param.param).name +
                                  (std::get<1>(param.param) ? "Http2" : "Http11");
                         });

TEST(TlsServerName, KeepsTheHostHeader) {
  ServerOptions options = Trusted();
  options.identity = Ca().Issue(Names({"DNS:kubernetes.example"}));
  ScriptedServer server(options, AlwaysOk());
  HttpHarness harness;
  auto endpoint = TrustingEndpoint();
  endpoint.tls_server_name = "kubernetes.example";
  ASSERT_TRUE(harness.Fetch(harness.Get(server.Url("/"), endpoint)).has_value());
  EXPECT_EQ(server.requests().at(0).Header(":authority"),
            fmt::format("127.0.0.1:{}", server.port()));
}

// The trap of CAINFO_BLOB: without more, every authority in the machine's directory can vouch for
// the API server, too.
TEST(TlsTrust, MachineStoreDoesNotVouchForTheKubeconfigsServer) {
  ServerOptions options = Trusted();
  options.identity = StrangeCa().Issue();
  ScriptedServer server(options, AlwaysOk());
  const bool ran = OnPrivateMachine(
      {{"/etc/ssl/certs/" + StrangeCa().HashName(), StrangeCa().pem()},
       {"/etc/ssl/certs/ca-certificates.crt", TestCa("unused").pem()}},
      [&] {
        HttpHarness harness;
        auto by_machine = TrustingEndpoint();
        by_machine.ca_pem.clear();
        const auto trusted = harness.Fetch(harness.Get(server.Url("/"), by_machine));
        EXPECT_TRUE(trusted.has_value())
            << trusted.error().message;  // The store does hold the authority.
        const auto refused = harness.Fetch(harness.Get(server.Url("/")));
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().kind, ErrorKind::Tls);
      });
  if (!ran) GTEST_SKIP() << "needs root for a private /etc/ssl/certs";
}

TEST(TlsTrust, EnvironmentDoesNotVouchForTheKubeconfigsServer) {
  char folder[] = "/tmp/signal-ca-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::string path = fmt::format("{}/{}", folder, StrangeCa().HashName());
  WriteFile(path, StrangeCa().pem());
  setenv("SSL_CERT_DIR", folder, 1);
  setenv("SSL_CERT_FILE", path.c_str(), 1);
  ServerOptions options = Trusted();
  options.identity = StrangeCa().Issue();
  ScriptedServer server(options, AlwaysOk());
  HttpHarness harness;
  const auto refused = harness.Fetch(harness.Get(server.Url("/")));
  unsetenv("SSL_CERT_DIR");
  unsetenv("SSL_CERT_FILE");
  unlink(path.c_str());
  rmdir(folder);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::Tls);
}

TEST(TlsTrust, BundleFileIsTheOnlyTrustWhenNamed) {
  char path[] = "/tmp/signal-ca-XXXXXX";
  close(mkstemp(path));
  WriteFile(path, Ca().pem());
  ScriptedServer ours(Trusted(), AlwaysOk());
  ServerOptions options = Trusted();
  options.identity = StrangeCa().Issue();
  ScriptedServer strange(options, AlwaysOk());
  HttpHarness harness;
  http::Endpoint endpoint;
  endpoint.ca_file = path;
  EXPECT_TRUE(harness.Fetch(harness.Get(ours.Url("/"), endpoint)).has_value());
  EXPECT_FALSE(harness.Fetch(harness.Get(strange.Url("/"), endpoint)).has_value());
  unlink(path);
}

}  // namespace
}  // namespace datafly::testing

#include "common/core/base/base64.h"
#include "common/io/kube/kubeconfig.h"
#include "common/io/system/fakes.h"
#include "tests/faults/connect_proxy.h"
#include "tests/faults/harness.h"

/// The API server behind a forward proxy, as a kubeconfig's proxy-url or the environment names it.
namespace datafly::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Known to the proxy alone.
constexpr const char* kServer = "https://api.cluster.example:6443";
constexpr const char* kTunnel = "CONNECT api.cluster.example:6443 HTTP/1.1\r\n";

std::string Kubeconfig(const std::string& cluster_fields) {
  return fmt::format(
      "apiVersion: v1\nkind: Config\ncurrent-context: prod\n"
      "contexts: [{{name: prod, context: {{cluster: prod, user: ann}}}}]\n"
      "users: [{{name: ann, user: {{token: hunter2}}}}]\n"
      "clusters:\n- name: prod\n  cluster:\n    server: {}\n"
      "    certificate-authority-data: {}\n{}",
      kServer, EncodeBase64(Ca().pem()), cluster_fields);
}

/// An API server under the name of kServer, and the proxy that leads to it.
class BehindAProxy : public ::testing::Test {
 protected:
  static ServerOptions Named(const std::string& name) {
    ServerOptions options;
    options.identity = Ca().Issue({.names = {"DNS:" + name}});
    return options;
  }
  Result<std::string> GetVersion() {
    FakeClock clock;
    FakeProcessRunner processes;
    Loop loop;
    const System system{files_, environment_, clock, processes, loop};
    auto config = kube::LoadRestConfig({}, system);
    if (!config) return Fail(config.error());
    http::Client http(loop);
    kube::Client client(loop, http, *std::move(config));
    auto first = client.StartGet("/version");
    auto second = client.StartGet("/apis");
    TRY(loop.Wait(loop.Now() + kPatience, first, second));
    TRY(second.Take());
    return first.Take();
  }
  void SetKubeconfig(const std::string& cluster_fields) {
    files_.Set("/home/u/.kube/config", Kubeconfig(cluster_fields));
  }

  ScriptedServer server_{Named("api.cluster.example"), [](const SeenRequest& request) {
                           Reply reply;
                           reply.body = request.Header("authorization");
                           return reply;
                         }};
  ConnectProxy proxy_{server_.port()};
  FakeFileSystem files_;
  FakeEnvironment environment_{{{"HOME", "/home/u"}}};
};

TEST_F(BehindAProxy, RequestsShareOneTunnelAndTheProxyLearnsNoCredential) {
  SetKubeconfig(fmt::format("    proxy-url: http://127.0.0.1:{}\n", proxy_.port()));
  const auto got = GetVersion();
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(*got, "Bearer hunter2");
  ASSERT_THAT(proxy_.heads(), SizeIs(1));
  EXPECT_THAT(proxy_.heads()[0], StartsWith(kTunnel));
  EXPECT_THAT(proxy_.heads()[0], Not(HasSubstr("uthorization")));
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(BehindAProxy, ItsOwnCredentialGoesToItAlone) {
  SetKubeconfig(fmt::format("    proxy-url: http://squid:s3same@127.0.0.1:{}\n", proxy_.port()));
  const auto got = GetVersion();
  ASSERT_TRUE(got.has_value()) << got.error().message;
  ASSERT_THAT(proxy_.heads(), SizeIs(1));
  EXPECT_THAT(proxy_.heads()[0],
              HasSubstr("Proxy-Authorization: Basic " + EncodeBase64("squid:s3same")));
  for (const SeenRequest& request : server_.requests())
    EXPECT_EQ(request.Header("proxy-authorization"), "");
}

TEST_F(BehindAProxy, TheEnvironmentsIsUsedAndNoProxyLeavesItOut) {
  SetKubeconfig("");
  environment_.Set("HTTPS_PROXY", fmt::format("http://127.0.0.1:{}", proxy_.port()));
  const auto got = GetVersion();
  EXPECT_TRUE(got.has_value()) << got.error().message;
  EXPECT_THAT(proxy_.heads(), SizeIs(1));
  environment_.Set("NO_PROXY", ".cluster.example");
  EXPECT_FALSE(GetVersion().has_value()) << "the name is known to the proxy alone";
  EXPECT_THAT(proxy_.heads(), SizeIs(1));
}

TEST_F(BehindAProxy, TheServersCertificateIsHeldToTheServersName) {
  SetKubeconfig(
      fmt::format("    proxy-url: http://127.0.0.1:{}\n"
                  "    tls-server-name: other.example\n",
                  proxy_.port()));
  const auto got = GetVersion();
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, ErrorKind::Tls);
  EXPECT_THAT(got.error().message, HasSubstr("other.example"));
  EXPECT_THAT(proxy_.heads().at(0), StartsWith(kTunnel)) << "the tunnel leads to the server";
}

}  // namespace
}  // namespace datafly::testing

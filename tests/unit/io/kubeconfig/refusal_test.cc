#include <gmock/gmock.h>

#include "common/io/kube/client.h"
#include "tests/unit/io/kubeconfig/fixture.h"

/// A kubeconfig through to the client's requests: what goes on the wire, and what a refusal says.
namespace datafly::kube {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Records the requests; refuses them all.
class RefusingHttp final : public http::Client {
 public:
  explicit RefusingHttp(Loop& loop) : http::Client(loop) {}
  Pending<http::Response> Start(http::Request request) override {
    requests.push_back(std::move(request));
    http::Response response;
    response.status = 401;
    response.body =
        R"({"kind":"Status","status":"Failure","reason":"Unauthorized","message":"Unauthorized","code":401})";
    return Pending<http::Response>::Of(std::move(response));
  }
  std::vector<http::Request> requests;
};

Error RefusalOf(FakeMachine& machine, RefusingHttp& http) {
  auto config = machine.Load();
  EXPECT_TRUE(config) << config.error().message;
  Client client(machine.loop, http, *config);
  auto reply = client.StartGet("/version");
  EXPECT_TRUE(machine.loop.Wait(machine.loop.Now() + std::chrono::minutes(1), reply));
  auto result = reply.Take();
  EXPECT_FALSE(result);
  return result ? Error::Internal("not refused") : result.error();
}

TEST(Refusal, AnExpiredCertificateIsNamedWithItsDate) {
  FakeMachine machine;
  RefusingHttp http(machine.loop);
  PemPair expired = MakePemPair("old", ParseTime("2020-02-03T04:05:06Z").value());
  machine.SetHome(
      OneContext(Https(), "    client-certificate-data: " + EncodeBase64(expired.certificate) +
                              "\n    client-key-data: " + EncodeBase64(expired.key)));
  Error error = RefusalOf(machine, http);
  EXPECT_EQ(error.kind, ErrorKind::Unauthorized);
  EXPECT_THAT(error.message, HasSubstr("your client certificate expired on 2020-02-03T04:05:06Z"));
  EXPECT_THAT(error.remedy, HasSubstr("get a new client certificate"));
}

TEST(Refusal, AGoodCertificateIsNotBlamed) {
  FakeMachine machine;
  RefusingHttp http(machine.loop);
  machine.SetHome(OneContext(Https(), AdminUser()));
  EXPECT_THAT(RefusalOf(machine, http).message, Not(HasSubstr("certificate")));
}

TEST(Refusal, APluginRunsOnceMoreAndItsNewCertificateIsUsed) {
  FakeMachine machine;
  RefusingHttp http(machine.loop);
  machine.SetHome(OneContext(
      Https(), "    exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}"));
  auto reply = [](const std::string& status) {
    return CommandOutput{0,
                         R"({"kind":"ExecCredential","apiVersion":)"
                         R"("client.authentication.k8s.io/v1beta1","status":)" +
                             status + "}",
                         ""};
  };
  machine.processes.Reply(reply(R"({"token":"one"})"));
  machine.processes.Reply(reply(R"({"token":"two"})"));
  RefusalOf(machine, http);
  ASSERT_EQ(http.requests.size(), 2U);
  EXPECT_EQ(http.requests[0].authorization.Reveal(), "Bearer one");
  EXPECT_EQ(http.requests[1].authorization.Reveal(), "Bearer two");
  EXPECT_EQ(machine.processes.commands().size(), 2U);
}

}  // namespace
}  // namespace datafly::kube

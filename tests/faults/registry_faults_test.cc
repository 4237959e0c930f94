#include "common/io/registry/client.h"
#include "tests/faults/harness.h"

/// Which registries may be asked without TLS. A plain proxy stands for the network: it sees
/// "GET http://host/…" of what would go out in the clear, and "CONNECT host" of what is in TLS.
namespace datafly::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

registry::ImageReference Image(const std::string& text) {
  return registry::ImageReference::Parse(text).value();
}

registry::PullCredential Ann() { return {"ann", SecretString("hunter2"), {}}; }

class RegistryHarness : public HttpHarness {
 public:
  explicit RegistryHarness(std::string plain_http_host) {
    ServerOptions options;
    options.tls = options.http2 = false;
    server_ = std::make_unique<ScriptedServer>(options, [](const SeenRequest& request) {
      Reply reply;
      reply.body = R"({"tags":["1.2.0","1.3.0"]})";
      if (request.method == "CONNECT") reply.status = 502;
      return reply;
    });
    registry::Trust trust;
    trust.plain_http_host = std::move(plain_http_host);
    trust.proxy_for = [url = server_->Url()](const std::string&) { return url; };
    client_ = std::make_unique<registry::Client>(http, trust);
  }
  Result<registry::ImageAnswer> LookUp(const std::string& image) {
    auto pending = client_->StartLookUp(Image(image), Ann());
    return Await(pending);
  }
  Result<std::vector<std::string>> Tags(const std::string& repository) {
    auto pending = client_->StartTags(Image(repository), std::nullopt);
    return Await(pending);
  }
  [[nodiscard]] std::vector<SeenRequest> requests() const { return server_->requests(); }

 private:
  std::unique_ptr<ScriptedServer> server_;
  std::unique_ptr<registry::Client> client_;
};

TEST(PlainHttpRegistry, IsAskedInTheClear) {
  RegistryHarness harness("charts.example:5000");
  const auto answer = harness.LookUp("charts.example:5000/datafly/x:v1");
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, registry::ImageAnswer::State::Exists);
  const auto tags = harness.Tags("charts.example:5000/datafly/charts/datafly");
  ASSERT_TRUE(tags.has_value()) << tags.error().message;
  EXPECT_EQ(tags->size(), 2U);
  for (const SeenRequest& request : harness.requests())
    EXPECT_THAT(request.path, StartsWith("http://charts.example:5000/v2/datafly/"));
}

TEST(PlainHttpRegistry, LeavesEveryOtherRegistryInTls) {
  for (const char* image :
       {"charts.example:5001/x:v1", "charts.example/x:v1", "other.example:5000/x:v1"}) {
    RegistryHarness harness("charts.example:5000");
    EXPECT_FALSE(harness.LookUp(image).has_value()) << image;
    for (const SeenRequest& request : harness.requests()) {
      EXPECT_EQ(request.method, "CONNECT") << image;
      EXPECT_EQ(request.Header("authorization"), "") << image;
    }
    EXPECT_FALSE(harness.requests().empty()) << image;
  }
}

TEST(PlainHttpRegistry, IsNoneUnlessTheUserSaysSo) {
  RegistryHarness harness("");
  EXPECT_FALSE(harness.LookUp("charts.example:5000/x:v1").has_value());
  for (const SeenRequest& request : harness.requests()) EXPECT_EQ(request.method, "CONNECT");
}

}  // namespace
}  // namespace datafly::testing

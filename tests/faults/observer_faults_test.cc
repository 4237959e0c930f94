#include "common/io/http/observer.h"

#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

/// Keeps what it was told.
class Recorder : public http::Observer {
 public:
  std::vector<http::Exchange> exchanges;
  void OnExchange(const http::Exchange& exchange) override { exchanges.push_back(exchange); }
};

http::Request To(const ScriptedServer& server, const std::string& path) {
  http::Request request;
  request.endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  request.url = server.Url(path);
  request.authorization = SecretString("Bearer s3cret");
  return request;
}

TEST(Observer, IsToldOfEachRequestOnceWhateverBecameOfIt) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    Reply reply;
    reply.status = 404;
    reply.body = "{}";
    if (request.path.starts_with("/late")) reply.then = Reply::Then::Stall;
    if (request.path.starts_with("/late")) reply.send_headers = false;
    if (request.path.starts_with("/cut")) reply.then = Reply::Then::ResetStream;
    if (request.path.starts_with("/cut")) reply.cut_at = 1;
    return reply;
  });
  Recorder recorder;
  Loop loop;
  http::Client client(loop, &recorder);
  for (const char* path : {"/gone?continue=x", "/cut"}) {
    auto pending = client.Start(To(server, path));
    ASSERT_TRUE(loop.Wait(loop.Now() + kPatience, pending).has_value());
  }
  {
    auto late = client.Start(To(server, "/late"));
    ASSERT_TRUE(loop.Wait(loop.Now() + Millis(200), late).has_value());
  }
  ASSERT_EQ(recorder.exchanges.size(), 3U);
  const http::Exchange& gone = recorder.exchanges[0];
  EXPECT_EQ(gone.method, "GET");
  EXPECT_EQ(gone.origin, server.Url());
  EXPECT_EQ(gone.path, "/gone");
  EXPECT_EQ(gone.query, "continue=x");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.bytes, 2U);
  EXPECT_EQ(gone.http_version, 2);
  EXPECT_EQ(gone.failure, "");
  EXPECT_EQ(recorder.exchanges[1].status, 0);
  EXPECT_NE(recorder.exchanges[1].failure, "");
  EXPECT_EQ(recorder.exchanges[2].failure, "given up");
  for (const http::Exchange& exchange : recorder.exchanges) {
    for (const std::string& text :
         {exchange.origin, exchange.path, exchange.query, exchange.failure})
      EXPECT_EQ(text.find("s3cret"), std::string::npos);
  }
}

TEST(Observer, IsToldOnceOfAConnectionThatIsKeptUntilTheClientEnds) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Reply{}; });
  Recorder recorder;
  Loop loop;
  {
    http::Client client(loop, &recorder);
    http::Request request = To(server, "/exec");
    request.connect_only = true;
    auto pending = client.Start(std::move(request));
    ASSERT_TRUE(loop.Wait(loop.Now() + kPatience, pending).has_value());
    ASSERT_TRUE(pending.Take().has_value());
  }
  EXPECT_EQ(recorder.exchanges.size(), 1U);
}

}  // namespace
}  // namespace datafly::testing

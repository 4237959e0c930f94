#include <unistd.h>
#include <zlib.h>

#include "tests/faults/delaying_proxy.h"
#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

using Then = Reply::Then;
using ::testing::TestWithParam;

std::string Gzip(const std::string& plain) {
  std::string out(compressBound(plain.size()) + 64, '\0');
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

ScriptedServer::Script Always(Reply reply) {
  return [reply](const SeenRequest&) { return reply; };
}

Reply Ok(std::string body = "hello") {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

Reply Broken(Then then, std::size_t cut_at, bool send_headers = true) {
  Reply reply = Ok(std::string(100000, 'x'));
  reply.then = then;
  reply.cut_at = cut_at;
  reply.send_headers = send_headers;
  return reply;
}

// What a reply that breaks off becomes, over HTTP/1.1 and HTTP/2.

struct BreakCase {
  std::string name;
  Reply reply;
  ErrorKind kind;
  bool connection_lost;
};

class ReplyThatBreaksOff : public TestWithParam<std::tuple<BreakCase, bool>> {};

TEST_P(ReplyThatBreaksOff, IsAnErrorAndNeverAResponse) {
  const auto& [broken, http2] = GetParam();
  ScriptedServer server(Trusted(http2), Always(broken.reply));
  HttpHarness harness;
  auto request = harness.Get(server.Url("/x"));
  request.timeout = Millis(1500);
  const auto result = harness.Fetch(request);
  ASSERT_FALSE(result.has_value()) << result->status << " " << result->body.size();
  EXPECT_EQ(ToString(result.error().kind), ToString(broken.kind)) << result.error().message;
  EXPECT_EQ(http::IsConnectionLost(result.error()), broken.connection_lost)
      << result.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Faults, ReplyThatBreaksOff,
    ::testing::Combine(
        ::testing::Values(
            BreakCase{"ResetBeforeTheReply", Broken(Then::Reset, 0, false), ErrorKind::Unreachable,
                      true},
            BreakCase{"ResetInMidBody", Broken(Then::Reset, 5000), ErrorKind::Unreachable, true},
            BreakCase{"ClosedBeforeTheReply", Broken(Then::Close, 0, false), ErrorKind::Unreachable,
                      true},
            BreakCase{"TruncatedBody", Broken(Then::Close, 5000), ErrorKind::Unreachable, true},
            BreakCase{"StreamResetInMidBody", Broken(Then::ResetStream, 5000),
                      ErrorKind::Unreachable, true},
            BreakCase{"SilenceBeforeTheReply", Broken(Then::Stall, 0, false), ErrorKind::TimedOut,
                      false},
            BreakCase{"SilenceInMidBody", Broken(Then::Stall, 5000), ErrorKind::TimedOut, false}),
        ::testing::Bool()),
    [](const auto& param) {
      return std::get<0>(param.param).name + (std::get<1>(param.param) ? "Http2" : "Http11");
    });

TEST(HttpReply, ComesWholeOverBothVersions) {
  for (const bool http2 : {false, true}) {
    for (const bool declared : {false, true}) {
      Reply reply = Ok(std::string(300000, 'y'));
      reply.declare_length = declared;
      ScriptedServer server(Trusted(http2), Always(reply));
      HttpHarness harness;
      const auto result = harness.Fetch(harness.Get(server.Url("/a?b=c")));
      ASSERT_TRUE(result.has_value()) << result.error().message;
      EXPECT_EQ(result->body, reply.body);
      EXPECT_EQ(result->http_version, http2 ? 2 : 11);
      EXPECT_EQ(result->FindHeader("content-type"), "application/json");
      EXPECT_EQ(server.requests().at(0).path, "/a?b=c");
    }
  }
}

TEST(HttpReply, SlowBytesArriveInTheEnd) {
  Reply reply = Ok(std::string(200, 'z'));
  reply.bytes_per_tick = 7;
  ScriptedServer server(Trusted(), Always(reply));
  HttpHarness harness;
  std::string got;
  auto request = harness.Get(server.Url("/"));
  request.on_data = [&](std::string_view data) {
    got += data;
    return true;
  };
  const auto result = harness.Fetch(request);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(got, reply.body);
  EXPECT_TRUE(result->body.empty());
}

TEST(HttpReply, ErrorBodyDoesNotGoToTheSink) {
  Reply reply = Ok("forbidden");
  reply.status = 403;
  ScriptedServer server(Trusted(), Always(reply));
  HttpHarness harness;
  auto request = harness.Get(server.Url("/"));
  request.on_data = [](std::string_view) { return false; };
  const auto result = harness.Fetch(request);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->body, "forbidden");
}

TEST(HttpReply, SinkThatHasEnoughEndsIt) {
  ScriptedServer server(Trusted(), Always(Ok(std::string(500000, 'x'))));
  HttpHarness harness;
  auto request = harness.Get(server.Url("/"));
  request.on_data = [](std::string_view) { return false; };
  const auto result = harness.Fetch(request);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::Interrupted);
}

TEST(HttpReply, LongerThanAllowedIsRefused) {
  for (const bool declared : {false, true}) {
    Reply reply = Ok(std::string(300000, 'x'));
    reply.declare_length = declared;
    ScriptedServer server(Trusted(), Always(reply));
    HttpHarness harness;
    auto request = harness.Get(server.Url("/"));
    request.max_body = 200000;
    const auto result = harness.Fetch(request);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::TooLarge) << result.error().message;
  }
}

TEST(HttpReply, GzipBombIsMeasuredUnpacked) {
  Reply reply = Ok(Gzip(std::string(64U << 20U, '\0')));
  reply.headers.emplace_back("content-encoding", "gzip");
  ASSERT_LT(reply.body.size(), 200000U);
  ScriptedServer server(Trusted(), Always(reply));
  HttpHarness harness;
  auto request = harness.Get(server.Url("/"));
  request.max_body = 1U << 20U;
  const auto result = harness.Fetch(request);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::TooLarge);
}

TEST(HttpReply, GzipIsUnpackedAndItsWireSizeKnown) {
  const std::string plain(1U << 20U, 'a');
  Reply reply = Ok(Gzip(plain));
  reply.headers.emplace_back("content-encoding", "gzip");
  ScriptedServer server(Trusted(), Always(reply));
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get(server.Url("/")));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->body, plain);
  EXPECT_EQ(result->wire_bytes, reply.body.size());
  EXPECT_EQ(server.requests().at(0).Header("accept-encoding"), "gzip");
}

TEST(HttpReply, FalseGzipIsAnError) {
  Reply reply = Ok("this is not gzip");
  reply.headers.emplace_back("content-encoding", "gzip");
  ScriptedServer server(Trusted(), Always(reply));
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get(server.Url("/")));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::Protocol) << result.error().message;
}

TEST(HttpReply, EndlessHeadersAreRefused) {
  for (const bool http2 : {false, true}) {
    Reply reply = Ok();
    for (int i = 0; i < 6000; ++i)
      reply.headers.emplace_back(fmt::format("x-{}", i), std::string(90, 'v'));
    ScriptedServer server(Trusted(http2), Always(reply));
    HttpHarness harness;
    const auto result = harness.Fetch(harness.Get(server.Url("/")));
    EXPECT_FALSE(result.has_value());
  }
}

TEST(HttpReply, RedirectIsNotFollowed) {
  Reply reply = Ok();
  reply.status = 302;
  reply.headers = {{"location", "https://127.0.0.1:1/elsewhere"}};
  ScriptedServer server(Trusted(), Always(reply));
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get(server.Url("/")));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(server.Count(), 1);
}

// Connections.

TEST(HttpConnection, BurstSharesOneConnection) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) { return Ok(request.path); });
  HttpHarness harness;
  const auto endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  std::vector<Pending<http::Response>> burst;
  for (int i = 0; i < 20; ++i) {
    auto request = harness.Get(server.Url(fmt::format("/{}", i)));
    request.endpoint = endpoint;
    burst.push_back(harness.http.Start(request));
  }
  ASSERT_TRUE(harness.loop.WaitAll(harness.loop.Now() + kPatience, burst).has_value());
  for (int i = 0; i < 20; ++i) {
    const auto result = burst[static_cast<std::size_t>(i)].Take();
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ(result->body, fmt::format("/{}", i));
  }
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(harness.http.connections_opened(), 1U);
}

TEST(HttpConnection, BurstTakesOneRoundTripBehindTheHandshake) {
  std::atomic<const DelayingProxy*> seen_by{nullptr};
  std::atomic<int> latest_flight{0};
  ScriptedServer server(Trusted(), [&](const SeenRequest&) {
    latest_flight = std::max(latest_flight.load(), seen_by.load()->client_flights());
    return Ok();
  });
  DelayingProxy proxy(server.port(), std::chrono::milliseconds(200));
  seen_by = &proxy;
  HttpHarness harness;
  const auto endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  std::vector<Pending<http::Response>> burst;
  for (int i = 0; i < 12; ++i) {
    auto request = harness.Get(fmt::format("https://127.0.0.1:{}/{}", proxy.port(), i));
    request.endpoint = endpoint;
    burst.push_back(harness.http.Start(request));
  }
  ASSERT_TRUE(harness.loop.WaitAll(harness.loop.Now() + kPatience, burst).has_value());
  EXPECT_EQ(server.Count(), 12);
  EXPECT_EQ(server.connections(), 1);
  // Flight 1 is the ClientHello; Finished and every request of the burst are flight 2.
  EXPECT_EQ(latest_flight, 2);
}

TEST(HttpConnection, EndpointsDoNotShare) {
  ScriptedServer server(Trusted(), Always(Ok()));
  HttpHarness harness;
  EXPECT_TRUE(harness.Fetch(harness.Get(server.Url("/"))).has_value());
  EXPECT_TRUE(harness.Fetch(harness.Get(server.Url("/"))).has_value());
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpConnection, RefusedStreamIsSentAgain) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return request.attempt == 1 ? Broken(Then::Refuse, 0, false) : Ok();
  });
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get(server.Url("/")));
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(server.Count(), 2);
}

TEST(HttpConnection, GoAwayOverARequestIsALostConnection) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return request.attempt == 1 ? Broken(Then::GoAway, 0, false) : Ok();
  });
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get(server.Url("/")));
  ASSERT_FALSE(result.has_value());
  EXPECT_TRUE(http::IsConnectionLost(result.error())) << result.error().message;
}

struct DeadConnectionCase {
  std::string name;
  std::string method;
  bool replayable;
  int posts;  ///< how often the server reads it
};

class WriteOnDeadConnection : public TestWithParam<DeadConnectionCase> {};

// libcurl re-sends any method when a kept connection dies without a byte; a write must reach the
// server once.
TEST_P(WriteOnDeadConnection, IsNotSentTwice) {
  ScriptedServer server(Trusted(false), [](const SeenRequest& request) {
    if (request.path == "/write" && request.attempt == 1) return Broken(Then::Close, 0, false);
    return Ok();
  });
  HttpHarness harness;
  const auto endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  auto first = harness.Get(server.Url("/first"));
  first.endpoint = endpoint;
  ASSERT_TRUE(harness.Fetch(first).has_value());
  auto write = harness.Get(server.Url("/write"));
  write.endpoint = endpoint;
  write.method = GetParam().method;
  write.replayable = GetParam().replayable;
  write.body = "{}";
  const auto result = harness.Fetch(write);
  EXPECT_EQ(result.has_value(), GetParam().posts == 2);
  EXPECT_EQ(server.Count(GetParam().method), GetParam().posts);
}

INSTANTIATE_TEST_SUITE_P(Writes, WriteOnDeadConnection,
                         ::testing::Values(DeadConnectionCase{"Post", "POST", false, 1},
                                           DeadConnectionCase{"Patch", "PATCH", false, 1},
                                           DeadConnectionCase{"Delete", "DELETE", false, 1},
                                           DeadConnectionCase{"ReplayablePost", "POST", true, 2}),
                         [](const auto& param) { return param.param.name; });

TEST(HttpConnection, CancelledRequestLeavesTheOthersAlone) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return request.path == "/stuck" ? Broken(Then::Stall, 10) : Ok();
  });
  HttpHarness harness;
  const auto endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  auto stuck = harness.Get(server.Url("/stuck"));
  stuck.endpoint = endpoint;
  auto good = harness.Get(server.Url("/good"));
  good.endpoint = endpoint;
  {
    auto dropped = harness.http.Start(stuck);
    EXPECT_TRUE(harness.Fetch(good).has_value());
  }
  EXPECT_TRUE(harness.Fetch(good).has_value());
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpConnection, RequestsMayBeStartedAndDroppedInsideTheSink) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return request.path == "/stuck" ? Broken(Then::Stall, 10) : Ok(std::string(100000, 'x'));
  });
  HttpHarness harness;
  const auto endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  auto request = harness.Get(server.Url("/a"));
  request.endpoint = endpoint;
  auto stuck = request;
  stuck.url = server.Url("/stuck");
  auto inner = request;
  inner.url = server.Url("/inner");
  auto dropped = std::make_optional(harness.http.Start(stuck));
  Pending<http::Response> second;
  request.on_data = [&](std::string_view) {
    dropped.reset();
    if (!second.state()) second = harness.http.Start(inner);
    return true;
  };
  ASSERT_TRUE(harness.Fetch(request).has_value());
  const auto result = harness.Await(second);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->body.size(), 100000U);
}

TEST(HttpConnection, SilentServerIsNamedWhenTheDeadlineComes) {
  ServerOptions options = Trusted();
  options.mute = true;
  ScriptedServer server(options, Always(Ok()));
  HttpHarness harness;
  auto pending = harness.http.Start(harness.Get(server.Url("/")));
  ASSERT_TRUE(harness.loop.Wait(harness.loop.Now() + Millis(200), pending).has_value());
  const auto result = pending.Take();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::TimedOut);
  EXPECT_EQ(result.error().message,
            fmt::format("no answer from 127.0.0.1:{} within the deadline (it does not complete the "
                        "TLS handshake)",
                        server.port()));
}

TEST(HttpConnection, ConnectTimeoutCoversTheHandshakeAndEndsTheWholeBurst) {
  ServerOptions options = Trusted();
  options.mute = true;
  ScriptedServer server(options, Always(Ok()));
  HttpHarness harness;
  auto endpoint = TrustingEndpoint();
  endpoint.connect_timeout = Millis(200);
  const auto shared = std::make_shared<const http::Endpoint>(endpoint);
  std::vector<Pending<http::Response>> burst;
  for (int i = 0; i < 5; ++i) {
    auto request = harness.Get(server.Url("/"));
    request.endpoint = shared;
    burst.push_back(harness.http.Start(request));
  }
  ASSERT_TRUE(harness.loop.WaitAll(harness.loop.Now() + kPatience, burst).has_value());
  for (auto& pending : burst) {
    const auto result = pending.Take();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::TimedOut);
  }
  // libcurl may have begun a second one before we learn of the first's end; not one for each.
  EXPECT_LE(server.connections(), 2);
}

TEST(HttpConnection, RefusedPortIsNamed) {
  int port = 0;
  close(ListenOnLoopback(port));
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get(fmt::format("https://127.0.0.1:{}/", port)));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, fmt::format("connection refused by 127.0.0.1:{}", port));
  EXPECT_EQ(result.error().kind, ErrorKind::Unreachable);
  EXPECT_FALSE(http::IsConnectionLost(result.error()));
}

// Credentials and headers.

TEST(HttpHeaders, CredentialsDoNotGoOverPlainHttp) {
  for (const bool allowed : {false, true}) {
    ServerOptions options;
    options.tls = false;
    ScriptedServer server(options, Always(Ok()));
    HttpHarness harness;
    auto endpoint = TrustingEndpoint();
    endpoint.allow_plain_credentials = allowed;
    auto request = harness.Get(server.Url("/"), endpoint);
    request.authorization = SecretString("Bearer secret");
    ASSERT_TRUE(harness.Fetch(request).has_value());
    EXPECT_EQ(server.requests().at(0).Header("authorization"), allowed ? "Bearer secret" : "");
  }
}

TEST(HttpHeaders, LineBreaksAreRefused) {
  ScriptedServer server(Trusted(), Always(Ok()));
  HttpHarness harness;
  auto in_value = harness.Get(server.Url("/"));
  in_value.headers.emplace_back("Impersonate-User", "ann\r\nX-Evil: 1");
  auto in_name = harness.Get(server.Url("/"));
  in_name.headers.emplace_back("A\nB", "c");
  auto in_token = harness.Get(server.Url("/"));
  in_token.authorization = SecretString("Bearer a\nb");
  auto in_url = harness.Get(server.Url("/\r\nx"));
  for (const auto& request : {in_value, in_name, in_token, in_url}) {
    const auto result = harness.Fetch(request);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::InvalidInput);
    EXPECT_EQ(result.error().message.find("Bearer"), std::string::npos);
  }
  EXPECT_EQ(server.Count(), 0);
}

TEST(HttpHeaders, BodyAndMethodArriveAsGiven) {
  ScriptedServer server(Trusted(), Always(Ok()));
  HttpHarness harness;
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
    auto request = harness.Get(server.Url("/" + method));
    request.method = method;
    request.body = std::string("{\"a\":\0 1}", 9);
    request.headers.emplace_back("Content-Type", "application/json");
    ASSERT_TRUE(harness.Fetch(request).has_value());
    const auto seen = server.requests().back();
    EXPECT_EQ(seen.method, method);
    EXPECT_EQ(seen.body, request.body);
    EXPECT_EQ(seen.Header("content-type"), "application/json");
    EXPECT_EQ(seen.Header("expect"), "");
  }
}

}  // namespace
}  // namespace datafly::testing

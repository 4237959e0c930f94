#include "common/io/http/upgrade.h"
#include "common/io/http/websocket.h"
#include "common/io/kube/exec_protocol.h"
#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

constexpr const char* kProtocol = "v5.channel.k8s.io";

std::string Frame(int opcode, const std::string& data) {
  return std::string{static_cast<char>(0x80 | opcode), static_cast<char>(data.size())} + data;
}

/// An upgrade that is granted; `frames` follow.
Reply Upgraded(const SeenRequest& request, std::string frames,
               Reply::Then then = Reply::Then::Stall) {
  Reply reply;
  reply.status = 101;
  reply.headers = {{"upgrade", "websocket"},
                   {"connection", "Upgrade"},
                   {"sec-websocket-protocol", request.Header("sec-websocket-protocol")},
                   {"sec-websocket-accept", http::AcceptOf(request.Header("sec-websocket-key"))}};
  reply.body = std::move(frames);
  reply.then = then;
  return reply;
}

class SocketHarness : public HttpHarness {
 public:
  std::vector<std::string> messages;
  Result<http::Response> Run(const ScriptedServer& server) {
    http::WebSocket socket(loop, Get(server.Url("/exec?command=a")), kProtocol,
                           [this](std::string_view message) { messages.emplace_back(message); });
    auto pending = socket.Start();
    return Await(pending);
  }
};

TEST(WebSocket, MessagesComeAndTheCloseEndsIt) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    Reply reply = Upgraded(
        request, Frame(2, "\x01hello") + Frame(9, "") + Frame(2, "\x03{}") + Frame(8, "\x03\xe8"));
    reply.bytes_per_tick = 5;
    return reply;
  });
  SocketHarness harness;
  const auto result = harness.Run(server);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->status, 101);
  EXPECT_THAT(harness.messages, ::testing::ElementsAre("\x01hello", "\x03{}"));
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/exec?command=a");
  EXPECT_EQ(seen.http_version, 11);
  EXPECT_EQ(seen.Header("sec-websocket-version"), "13");
  EXPECT_EQ(seen.Header("sec-websocket-protocol"), kProtocol);
}

TEST(WebSocket, RefusalIsTheServersReplyWithItsBody) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) {
    Reply reply;
    reply.status = 403;
    reply.body = "{\"kind\":\"Status\"}";
    return reply;
  });
  SocketHarness harness;
  const auto result = harness.Run(server);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->status, 403);
  EXPECT_EQ(result->body, "{\"kind\":\"Status\"}");
}

struct SocketCase {
  std::string name;
  ScriptedServer::Script script;
  ErrorKind kind;
};

class SocketFaults : public ::testing::TestWithParam<SocketCase> {};

TEST_P(SocketFaults, AreErrors) {
  ScriptedServer server(Trusted(), GetParam().script);
  SocketHarness harness;
  const auto result = harness.Run(server);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(ToString(result.error().kind), ToString(GetParam().kind)) << result.error().message;
}

INSTANTIATE_TEST_SUITE_P(Faults, SocketFaults,
                         ::testing::Values(SocketCase{"WrongAccept",
                                                      [](const SeenRequest& request) {
                                                        Reply reply = Upgraded(request, "");
                                                        reply.headers.back().second = "wrong";
                                                        return reply;
                                                      },
                                                      ErrorKind::Protocol},
                                           SocketCase{"AnotherSubprotocol",
                                                      [](const SeenRequest& request) {
                                                        Reply reply = Upgraded(request, "");
                                                        reply.headers[2].second =
                                                            "v1.channel.k8s.io";
                                                        return reply;
                                                      },
                                                      ErrorKind::Unsupported},
                                           SocketCase{"BadFrame",
                                                      [](const SeenRequest& request) {
                                                        return Upgraded(request, Frame(3, "x"));
                                                      },
                                                      ErrorKind::Protocol},
                                           SocketCase{"ResetInMidFrame",
                                                      [](const SeenRequest& request) {
                                                        return Upgraded(request,
                                                                        "\x82\x7d"
                                                                        "abc",
                                                                        Reply::Then::Reset);
                                                      },
                                                      ErrorKind::Unreachable},
                                           SocketCase{"ClosedWithoutCloseFrame",
                                                      [](const SeenRequest& request) {
                                                        return Upgraded(request, Frame(2, "x"),
                                                                        Reply::Then::Close);
                                                      },
                                                      ErrorKind::Unreachable},
                                           SocketCase{"EndlessHead",
                                                      [](const SeenRequest& request) {
                                                        Reply reply = Upgraded(request, "");
                                                        reply.headers.emplace_back(
                                                            "x", std::string(100000, 'y'));
                                                        return reply;
                                                      },
                                                      ErrorKind::Protocol}),
                         [](const auto& param) { return param.param.name; });

TEST(ExecOutput, SortsChannelsAndReadsTheExitCode) {
  struct Case {
    std::string status;
    int code;  ///< -1: an error
  };
  const Case cases[] = {
      {R"({"kind":"Status","status":"Success"})", 0},
      {R"({"kind":"Status","status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}})",
       3},
      {R"({"kind":"Status","status":"Failure","reason":"InternalError","message":"no such program","code":500})",
       -1},
      {"", -1},
      {R"({"status":"Failure","reason":"InternalError","message":"no kind is given"})", -1},
      {"{}", -1},
      {"garbage", -1},
  };
  for (const auto& c : cases) {
    kube::ExecOutput output(10);
    for (const std::string message : {"\x01"
                                      "abc",
                                      "\x02"
                                      "de",
                                      "\x01"
                                      "fgh",
                                      "", "\x07?",
                                      "\x01"
                                      "too much"}) {
      output.Take(message);
    }
    output.Take("\x03" + c.status);
    EXPECT_EQ(output.out(), "abcfghto");
    EXPECT_EQ(output.err(), "de");
    EXPECT_TRUE(output.truncated());
    EXPECT_EQ(output.ExitCode().value_or(-1), c.code) << c.status;
  }
}

}  // namespace
}  // namespace datafly::testing

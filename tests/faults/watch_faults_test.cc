#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::TestWithParam;

std::string Event(const std::string& type, const std::string& version) {
  return fmt::format(
      R"({{"type":"{}","object":{{"kind":"Pod","metadata":{{"name":"p","resourceVersion":"{}"}}}}}})"
      "\n",
      type, version);
}

Reply Stream(std::string body, Reply::Then then = Reply::Then::Stall) {
  Reply reply;
  reply.body = std::move(body);
  reply.then = then;
  reply.declare_length = false;
  return reply;
}

struct Seen {
  std::vector<std::string> events;
  Result<void> Take(const kube::WatchEvent& event) {
    static constexpr std::string_view kNames[] = {"added", "modified", "deleted", "bookmark"};
    events.emplace_back(kNames[static_cast<int>(event.type)]);
    return {};
  }
};

class WatchHarness : public KubeHarness {
 public:
  using KubeHarness::KubeHarness;
  Seen seen;
  Pending<std::string> Start() {
    return client.StartWatch({"v1", "pods", "x"}, {}, "5",
                             [this](const kube::WatchEvent& event) { return seen.Take(event); });
  }
  bool WaitForEvents(std::size_t count) {
    return loop.RunUntil(loop.Now() + kPatience, [&] { return seen.events.size() >= count; })
               .has_value() &&
           seen.events.size() >= count;
  }
};

TEST(Watch, EventsMayBeSplitAnywhere) {
  for (const bool http2 : {false, true}) {
    ScriptedServer server(Trusted(http2), [](const SeenRequest&) {
      Reply reply = Stream(Event("ADDED", "6") + "\n" + Event("MODIFIED", "7") +
                           Event("NEWTYPE", "8") + Event("DELETED", "9") + Event("BOOKMARK", "10"));
      reply.bytes_per_tick = 13;
      return reply;
    });
    WatchHarness harness(server);
    const auto watch = harness.Start();
    ASSERT_TRUE(harness.WaitForEvents(4));
    EXPECT_THAT(harness.seen.events, ElementsAre("added", "modified", "deleted", "bookmark"));
    EXPECT_FALSE(watch.Done());
    EXPECT_THAT(server.requests().at(0).path,
                HasSubstr("watch=1&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds="));
  }
}

TEST(Watch, GoesOnFromTheLastBookmark) {
  for (const auto then : {Reply::Then::End, Reply::Then::Close}) {
    ScriptedServer server(Trusted(), [then](const SeenRequest& request) {
      if (request.path.find("resourceVersion=5&") != std::string::npos) {
        return Stream(Event("ADDED", "6") + Event("BOOKMARK", "40"), then);
      }
      return Stream(Event("MODIFIED", "41"));
    });
    WatchHarness harness(server);
    const auto watch = harness.Start();
    ASSERT_TRUE(harness.WaitForEvents(3));
    EXPECT_THAT(harness.seen.events, ElementsAre("added", "bookmark", "modified"));
    EXPECT_THAT(server.requests().back().path, HasSubstr("resourceVersion=40&"));
  }
}

TEST(Watch, IsTakenUpAgainHoweverItBroke) {
  // A reset may take with it what was sent before: the events come with the second stream.
  for (const auto then : {Reply::Then::Reset, Reply::Then::ResetStream, Reply::Then::GoAway}) {
    std::atomic<int> streams{0};
    ScriptedServer server(Trusted(), [&](const SeenRequest&) {
      if (++streams == 1) return Stream("", then);
      return Stream(Event("ADDED", "6"));
    });
    WatchHarness harness(server);
    const auto watch = harness.Start();
    ASSERT_TRUE(harness.WaitForEvents(1));
    EXPECT_EQ(server.Count(), 2);
  }
}

Reply Busy(int status, const std::string& retry_after) {
  Reply reply;
  reply.status = status;
  reply.body = fmt::format(R"({{"kind":"Status","message":"busy","code":{}}})", status);
  if (!retry_after.empty()) reply.headers.emplace_back("retry-after", retry_after);
  return reply;
}

TEST(Watch, GoesOnWhenABusyServerAsksForPatience) {
  for (const int status : {429, 503}) {
    std::atomic<int> asked{0};
    ScriptedServer server(Trusted(), [&](const SeenRequest&) {
      return ++asked <= 3 ? Busy(status, "0") : Stream(Event("ADDED", "6"));
    });
    WatchHarness harness(server);
    const auto watch = harness.Start();
    ASSERT_TRUE(harness.WaitForEvents(1)) << status;
    EXPECT_THAT(harness.seen.events, ElementsAre("added"));
    EXPECT_EQ(server.Count(), 4);
  }
}

TEST(Watch, KeepsItsPlaceWhenTheServerIsBusyInBetween) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path.find("resourceVersion=5&") != std::string::npos)
      return Stream(Event("BOOKMARK", "40"), Reply::Then::Close);
    return request.attempt == 1 ? Busy(503, "0") : Stream(Event("MODIFIED", "41"));
  });
  WatchHarness harness(server);
  const auto watch = harness.Start();
  ASSERT_TRUE(harness.WaitForEvents(2));
  EXPECT_THAT(harness.seen.events, ElementsAre("bookmark", "modified"));
}

struct BusyWithoutEnd {
  Reply reply;
  int requests;
};

TEST(Watch, EndsWithTheServersWordsWhenItStaysBroken) {
  // With Retry-After a request is made ten times; without, nothing promises that it may pass.
  for (const auto& [reply, requests] :
       {BusyWithoutEnd{Busy(503, "0"), 10}, BusyWithoutEnd{Busy(429, "0"), 10},
        BusyWithoutEnd{Busy(500, ""), 1}, BusyWithoutEnd{Busy(503, "3600"), 1}}) {
    SCOPED_TRACE(reply.status);
    ScriptedServer server(Trusted(), [&](const SeenRequest&) { return reply; });
    WatchHarness harness(server);
    auto watch = harness.Start();
    const auto result = harness.Await(watch);
    ASSERT_FALSE(result.has_value());
    EXPECT_THAT(result.error().message, HasSubstr("busy"));
    EXPECT_EQ(server.Count(), requests);
  }
}

// Each new connection waits a second: this is the one test that takes a dozen.
TEST(Watch, EndsAfterTenStreamsThatBrokeInARow) {
  ScriptedServer server(Trusted(),
                        [](const SeenRequest&) { return Stream("", Reply::Then::Reset); });
  WatchHarness harness(server);
  auto watch = harness.Start();
  ASSERT_TRUE(harness.loop.Wait(harness.loop.Now() + 3 * kPatience, watch).has_value());
  ASSERT_TRUE(watch.Done());
  EXPECT_EQ(watch.Take().error().kind, ErrorKind::Unreachable);
  EXPECT_EQ(server.Count(), 11);
}

struct WatchEndCase {
  std::string name;
  Reply reply;
  ErrorKind kind;
};

class WatchEnds : public TestWithParam<WatchEndCase> {};

TEST_P(WatchEnds, WithTheReason) {
  ScriptedServer server(Trusted(), [&](const SeenRequest&) { return GetParam().reply; });
  WatchHarness harness(server);
  auto watch = harness.Start();
  const auto result = harness.Await(watch);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(ToString(result.error().kind), ToString(GetParam().kind)) << result.error().message;
  EXPECT_EQ(server.Count(), 1);
}

Reply WithStatus(Reply reply, int status) {
  reply.status = status;
  reply.then = Reply::Then::End;
  return reply;
}

constexpr const char* kExpiredStatus =
    R"({"kind":"Status","reason":"Expired","message":"too old resource version","code":410})";

INSTANTIATE_TEST_SUITE_P(
    Faults, WatchEnds,
    ::testing::Values(
        WatchEndCase{"ExpiredAsStatus", WithStatus(Stream(kExpiredStatus), 410),
                     ErrorKind::Expired},
        WatchEndCase{"ExpiredAsEvent",
                     Stream(fmt::format("{{\"type\":\"ERROR\",\"object\":{}}}\n", kExpiredStatus)),
                     ErrorKind::Expired},
        WatchEndCase{"GoneWithoutReason",
                     Stream(R"({"type":"ERROR","object":{"kind":"Status","code":410}})"
                            "\n"),
                     ErrorKind::Expired},
        WatchEndCase{"Garbage", Stream("garbage\n"), ErrorKind::Protocol},
        WatchEndCase{"ObjectIsNoObject", Stream("{\"type\":\"ADDED\",\"object\":[]}\n"),
                     ErrorKind::Protocol},
        WatchEndCase{"ErrorWithoutStatus", Stream("{\"type\":\"ERROR\",\"object\":{}}\n"),
                     ErrorKind::Protocol},
        WatchEndCase{"Deep",
                     Stream("{\"type\":\"ADDED\",\"object\":" + std::string(100000, '[') + "\n"),
                     ErrorKind::Protocol},
        WatchEndCase{"LineWithoutEnd", Stream(std::string(17U << 20U, 'x')), ErrorKind::TooLarge},
        WatchEndCase{"Forbidden", WithStatus(Stream(R"({"kind":"Status","code":403})"), 403),
                     ErrorKind::Forbidden}),
    [](const auto& param) { return param.param.name; });

TEST(Watch, FailureOfTheReaderEndsIt) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Stream(Event("ADDED", "6")); });
  KubeHarness harness(server);
  auto watch = harness.client.StartWatch(
      {"v1", "pods", "x"}, {}, "5",
      [](const kube::WatchEvent&) -> Result<void> { return Fail(Error::Protocol("unreadable")); });
  const auto result = harness.Await(watch);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "unreadable");
}

TEST(Watch, HolderMayGoAwayFromInside) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path == "/after") return Stream("{}", Reply::Then::End);
    return Stream(Event("ADDED", "6") + Event("ADDED", "7"));
  });
  KubeHarness harness(server);
  int events = 0;
  Pending<std::string> watch;
  watch = harness.client.StartWatch({"v1", "pods", "x"}, {}, "5",
                                    [&](const kube::WatchEvent&) -> Result<void> {
                                      ++events;
                                      watch = {};
                                      return {};
                                    });
  EXPECT_TRUE(harness.loop.RunUntil(harness.loop.Now() + kPatience, [&] { return events > 0; }));
  EXPECT_TRUE(harness.Get("/after").has_value());
  EXPECT_EQ(events, 1);
}

TEST(Watch, DoesNotHoldUpTheLists) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path.find("watch=1") != std::string::npos) return Stream(Event("ADDED", "6"));
    return Stream("{}", Reply::Then::End);
  });
  WatchHarness harness(server);
  std::vector<Pending<std::string>> watches;
  for (int i = 0; i < 70; ++i) watches.push_back(harness.Start());
  EXPECT_TRUE(harness.Get("/version").has_value());
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace datafly::testing

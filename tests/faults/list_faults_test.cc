#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::TestWithParam;

Reply Json(std::string body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

std::string PageText(int number, const std::string& next, const std::string& filler = "") {
  return fmt::format(
      R"({{"kind":"PodList","apiVersion":"v1","metadata":{{"resourceVersion":"7","continue":"{}"}},"items":[{{"n":{}}}{}]}})",
      next, number, filler);
}

bool Asks(const SeenRequest& request, const std::string& part) {
  return request.path.find(part) != std::string::npos;
}

/// Three pages: "" -> "t2" -> "t3".
Reply ThreePages(const SeenRequest& request) {
  if (Asks(request, "continue=t2")) return Json(PageText(2, "t3"));
  if (Asks(request, "continue=t3")) return Json(PageText(3, ""));
  return Json(PageText(1, "t2"));
}

class ListHarness : public KubeHarness {
 public:
  using KubeHarness::KubeHarness;
  std::vector<std::string> pages;
  int restarts = 0;

  Result<kube::ListOutcome> List(kube::ListOptions options = {}) {
    auto pending = client.StartList(
        {"v1", "pods", "x"}, std::move(options),
        [this](kube::Client::PageBuffer page) -> Result<void> {
          EXPECT_GE(page.capacity, page.size + 64);
          pages.emplace_back(page.data, page.size);
          return {};
        },
        [this] {
          ++restarts;
          pages.clear();
        });
    return Await(pending);
  }
};

TEST(List, BringsPagesInOrder) {
  ScriptedServer server(Trusted(), ThreePages);
  ListHarness harness(server);
  kube::ListOptions options;
  options.label_selector = "app in (a,b)";
  options.page_size = 2;
  const auto outcome = harness.List(options);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome->pages, 3U);
  EXPECT_EQ(outcome->resource_version, "7");
  EXPECT_THAT(harness.pages, ElementsAre(PageText(1, "t2"), PageText(2, "t3"), PageText(3, "")));
  EXPECT_EQ(server.Count(), 3);
  EXPECT_EQ(server.requests().at(1).path,
            "/api/v1/namespaces/x/pods?limit=2&labelSelector=app%20in%20%28a%2Cb%29&continue=t2");
}

TEST(List, AsksForTheNextPageBeforeItHandsThisOneOver) {
  ScriptedServer server(Trusted(), ThreePages);
  KubeHarness harness(server);
  int handed = 0;
  auto pending = harness.client.StartList(
      {"v1", "pods", "x"}, {}, [&](kube::Client::PageBuffer) -> Result<void> {
        ++handed;
        // The loop does not turn in here: what the server sees was sent before.
        const auto limit = std::chrono::steady_clock::now() + kPatience;
        while (server.Count() < std::min(handed + 1, 3)) {
          if (std::chrono::steady_clock::now() > limit) return Fail(Error::Internal("not asked"));
          std::this_thread::sleep_for(
              Millis(1));  // A tight loop would keep the server off its lock.
        }
        return {};
      });
  const auto outcome = harness.Await(pending);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(handed, 3);
}

TEST(List, AsksForTheNextPageWhileThisOneComesIn) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (Asks(request, "continue=t2")) return Json(PageText(2, ""));
    Reply reply = Json(PageText(1, "t2", ",{}" + std::string(100000, ' ')));
    reply.then = Reply::Then::Stall;  // The first page never ends.
    reply.cut_at = 90000;
    return reply;
  });
  ListHarness harness(server);
  auto pending = harness.client.StartList(
      {"v1", "pods", "x"}, {}, [](kube::Client::PageBuffer) -> Result<void> { return {}; });
  EXPECT_TRUE(
      harness.loop.RunUntil(harness.loop.Now() + kPatience, [&] { return server.Count() == 2; }));
  EXPECT_EQ(server.Count(), 2);
}

TEST(List, ReadsTheTokenWhereverMetadataStands) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (Asks(request, "continue=t%22%2F2")) return Json(PageText(2, ""));
    return Json(
        R"({"items":[],"metadata":{"continue":"t\"/2","resourceVersion":"5"},"kind":"PodList"})");
  });
  ListHarness harness(server);
  const auto outcome = harness.List();
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome->pages, 2U);
}

TEST(List, ExpiredTokenRestartsUnpaged) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (Asks(request, "continue=t2")) {
      return Json(R"({"kind":"Status","reason":"Expired","message":"too old","code":410,
                      "metadata":{"continue":"inconsistent"}})",
                  410);
    }
    if (Asks(request, "limit=")) return Json(PageText(1, "t2"));
    return Json(PageText(9, ""));
  });
  ListHarness harness(server);
  const auto outcome = harness.List();
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(harness.restarts, 1);
  EXPECT_THAT(harness.pages, ElementsAre(PageText(9, "")));
}

TEST(List, ExpiredAllTheTimeIsAnError) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (Asks(request, "limit=") && !Asks(request, "continue")) return Json(PageText(1, "t2"));
    return Json(R"({"kind":"Status","reason":"Expired","message":"too old","code":410})", 410);
  });
  ListHarness harness(server);
  const auto outcome = harness.List();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::Expired);
  EXPECT_EQ(server.Count(), 3);
}

TEST(List, PageThatIsCutIsAskedForAgain) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    Reply reply = ThreePages(request);
    if (Asks(request, "continue=t2") && request.attempt == 1) {
      reply.then = Reply::Then::ResetStream;
      reply.cut_at = reply.body.size() - 5;
    }
    return reply;
  });
  ListHarness harness(server);
  const auto outcome = harness.List();
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_THAT(harness.pages, ElementsAre(PageText(1, "t2"), PageText(2, "t3"), PageText(3, "")));
}

TEST(List, RefusalInMidListEndsIt) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (!Asks(request, "continue")) return Json(PageText(1, "t2"));
    return Json(
        R"({"kind":"Status","reason":"Forbidden","code":403,"message":"pods is forbidden: User \"ann\" cannot list resource \"pods\" in API group \"\" in the namespace \"x\""})",
        403);
  });
  ListHarness harness(server);
  const auto outcome = harness.List();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().message, "forbidden: needs list on pods in x, as user ann");
}

TEST(List, FailureOfTheReaderEndsIt) {
  ScriptedServer server(Trusted(), ThreePages);
  KubeHarness harness(server);
  auto pending = harness.client.StartList(
      {"v1", "pods", "x"}, {},
      [](kube::Client::PageBuffer) -> Result<void> { return Fail(Error::Protocol("unreadable")); });
  const auto outcome = harness.Await(pending);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().message, "unreadable");
}

TEST(List, HolderMayGoAwayFromInside) {
  ScriptedServer server(Trusted(), ThreePages);
  KubeHarness harness(server);
  bool seen = false;
  Pending<kube::ListOutcome> pending;
  pending = harness.client.StartList({"v1", "pods", "x"}, {},
                                     [&](kube::Client::PageBuffer) -> Result<void> {
                                       seen = true;
                                       pending = {};
                                       return {};
                                     });
  EXPECT_TRUE(harness.loop.RunUntil(harness.loop.Now() + kPatience, [&] { return seen; }));
  EXPECT_TRUE(harness.loop.RunUntil(harness.loop.Now() + Millis(50), [] { return false; }));
}

TEST(List, MetadataOnlyAsksForIt) {
  ScriptedServer server(Trusted(), ThreePages);
  ListHarness harness(server);
  kube::ListOptions options;
  options.metadata_only = true;
  ASSERT_TRUE(harness.List(options).has_value());
  EXPECT_EQ(server.requests().at(0).Header("accept"),
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
}

struct BadListCase {
  std::string name;
  std::string body;
  std::string part_of_message;
};

class BadLists : public TestWithParam<BadListCase> {};

TEST_P(BadLists, AreErrors) {
  ScriptedServer server(Trusted(), [&](const SeenRequest&) { return Json(GetParam().body); });
  ListHarness harness(server);
  const auto outcome = harness.List();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::Protocol);
  EXPECT_THAT(outcome.error().message, HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, BadLists,
    ::testing::Values(BadListCase{"Empty", "", "not JSON"},
                      BadListCase{"Html", "<html>", "not JSON"},
                      BadListCase{"CutInMetadata", R"({"kind":"PodList","metadata":{"con)",
                                  "not JSON"},
                      BadListCase{"Array", "[1,2]", "not JSON"},
                      BadListCase{"Deep", std::string(200000, '['), "not JSON"},
                      BadListCase{"AnotherKind", R"({"kind":"Pod","items":{}})", "not a list"}),
    [](const auto& param) { return param.param.name; });

TEST(List, ThatNeverEndsHitsTheCap) {
  // Every page names a next one: only the reader or the deadline can end it, and the deadline does.
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Json(PageText(1, "again")); });
  KubeHarness harness(server);
  auto pending = harness.client.StartList(
      {"v1", "pods", "x"}, {}, [](kube::Client::PageBuffer) -> Result<void> { return {}; });
  ASSERT_TRUE(harness.loop.Wait(harness.loop.Now() + Millis(300), pending).has_value());
  const auto outcome = pending.Take();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::TimedOut);
}

}  // namespace
}  // namespace datafly::testing

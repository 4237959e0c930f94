#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

using Then = Reply::Then;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::TestWithParam;

Reply Ok(std::string body = "{}") {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

Reply Failure(int status, const std::string& retry_after = "") {
  Reply reply = Ok(fmt::format(
      R"({{"kind":"Status","status":"Failure","message":"said by the script","code":{}}})",
      status));
  reply.status = status;
  if (!retry_after.empty()) reply.headers.emplace_back("retry-after", retry_after);
  return reply;
}

Reply Lost(Then then = Then::Reset) {
  Reply reply;
  reply.then = then;
  reply.send_headers = false;
  return reply;
}

struct RetryCase {
  std::string name;
  Reply first;   ///< to the first attempt
  Reply later;   ///< to all others
  int attempts;  ///< that the server counts
  bool succeeds;
};

class Retries : public TestWithParam<RetryCase> {};

TEST_P(Retries, AreAsClientGoMakesThem) {
  const auto& c = GetParam();
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    return request.attempt == 1 ? c.first : c.later;
  });
  KubeHarness harness(server);
  const auto result = harness.Get("/version");
  EXPECT_EQ(result.has_value(), c.succeeds) << (result ? *result : result.error().message);
  EXPECT_EQ(server.Count(), c.attempts);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, Retries,
    ::testing::Values(RetryCase{"TooManyRequestsWithRetryAfter", Failure(429, "0"), Ok(), 2, true},
                      RetryCase{"TooManyRequestsWithout", Failure(429), Ok(), 1, false},
                      RetryCase{"UnavailableWithRetryAfter", Failure(503, "0"), Ok(), 2, true},
                      RetryCase{"UnavailableWithout", Failure(503), Ok(), 1, false},
                      RetryCase{"InternalError", Failure(500), Ok(), 1, false},
                      RetryCase{"RetryAfterIsADate", Failure(503, "Wed, 21 Oct 2026 07:28:00 GMT"),
                                Ok(), 1, false},
                      RetryCase{"RetryAfterIsNegative", Failure(503, "-1"), Ok(), 1, false},
                      RetryCase{"RetryAfterTooLongToWaitFor", Failure(429, "3600"), Ok(), 1, false},
                      RetryCase{"NeverBetter", Failure(503, "0"), Failure(503, "0"), 10, false},
                      RetryCase{"ForbiddenWithRetryAfter", Failure(403, "0"), Ok(), 1, false},
                      RetryCase{"ConnectionLost", Lost(), Ok(), 2, true},
                      RetryCase{"GoAway", Lost(Then::GoAway), Ok(), 2, true}),
    [](const auto& param) { return param.param.name; });

TEST(KubeRetries, ShareOneBudget) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Failure(429, "0"); });
  KubeHarness harness(server);
  std::vector<Pending<std::string>> burst;
  for (int i = 0; i < 10; ++i) burst.push_back(harness.client.StartGet(fmt::format("/{}", i)));
  ASSERT_TRUE(harness.loop.WaitAll(harness.loop.Now() + kPatience, burst).has_value());
  for (auto& pending : burst) {
    const auto result = pending.Take();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::TooManyRequests);
  }
  EXPECT_EQ(server.Count(), 10 + 40);
}

TEST(KubeRetries, DeadlineTellsWhatWasWaitedFor) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Failure(429, "20"); });
  KubeHarness harness(server);
  auto pending = harness.client.StartGet("/version");
  ASSERT_TRUE(
      harness.loop.RunUntil(harness.loop.Now() + kPatience, [&] { return server.Count() > 0; }));
  ASSERT_TRUE(harness.loop.Wait(harness.loop.Now() + Millis(300), pending));
  const auto result = pending.Take();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "no time left for another attempt: said by the script");
}

TEST(KubeCredentials, AreRenewedOnceAfterUnauthorized) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return request.Header("authorization") == "Bearer new" ? Ok() : Failure(401);
  });
  KubeHarness harness(server, {"Bearer old", "Bearer new"});
  EXPECT_TRUE(harness.Get("/version").has_value());
  EXPECT_EQ(server.Count(), 2);
}

TEST(KubeCredentials, ThatStayRefusedAreNotTriedForever) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Failure(401); });
  KubeHarness harness(server, {"Bearer a", "Bearer b", "Bearer c"});
  const auto result = harness.Get("/version");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::Unauthorized);
  EXPECT_EQ(
      result.error().message,
      fmt::format("{} does not accept the credentials of user ann of the kubeconfig (context lab)",
                  server.Url()));
  EXPECT_EQ(server.Count(), 2);
}

TEST(KubeCredentials, ExpiredClientCertificateIsSaidSo) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Failure(401); });
  HttpHarness harness;
  kube::RestConfig config;
  config.server = server.Url();
  config.user_name = "ann";
  config.endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  config.client_certificate_trouble = "your client certificate expired on 2026-01-02T03:04:05Z";
  kube::Client client(harness.loop, harness.http, config);
  auto pending = client.StartGet("/version");
  const auto result = harness.Await(pending);
  ASSERT_FALSE(result.has_value());
  EXPECT_TRUE(result.error().message.starts_with(config.client_certificate_trouble))
      << result.error().message;
}

TEST(KubeRequests, CarryWhoAsksAndWhoFor) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Ok(); });
  HttpHarness harness;
  kube::RestConfig config;
  config.server = server.Url("/k8s/clusters/c-x");
  config.endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  config.credentials = std::make_shared<ScriptedCredentials>(std::vector<std::string>{"Bearer t"});
  config.user_agent = "kubectl-signal/v1";
  config.impersonation = {"eve", "42", {"devs", "ops"}, {{"example.org/scope", "a b"}}};
  kube::Client client(harness.loop, harness.http, config);
  auto pending = client.StartGet("/api/v1/namespaces/x/pods");
  ASSERT_TRUE(harness.Await(pending).has_value());
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/k8s/clusters/c-x/api/v1/namespaces/x/pods");
  EXPECT_EQ(seen.Header("authorization"), "Bearer t");
  EXPECT_EQ(seen.Header("user-agent"), "kubectl-signal/v1");
  EXPECT_EQ(seen.Header("impersonate-user"), "eve");
  EXPECT_EQ(seen.Header("impersonate-uid"), "42");
  EXPECT_EQ(seen.Header("impersonate-group"), "devs");
  EXPECT_EQ(seen.Header("impersonate-extra-example.org%2fscope"), "a b");
}

TEST(KubeRequests, WritesOfAReviewAndADryRun) {
  ScriptedServer server(
      Trusted(), [](const SeenRequest& request) { return request.attempt == 1 ? Lost() : Ok(); });
  KubeHarness harness(server);
  auto review =
      harness.client.StartReview("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "{}");
  auto apply = harness.client.StartDryRunApply("/api/v1/namespaces/x/configmaps/y", "{\"a\":1}",
                                               "signal", false);
  ASSERT_TRUE(harness.Await(review).has_value());
  ASSERT_TRUE(harness.Await(apply).has_value());
  EXPECT_EQ(server.Count("POST"), 2);
  const auto seen = server.requests();
  const auto patch =
      std::find_if(seen.begin(), seen.end(), [](const auto& r) { return r.method == "PATCH"; });
  ASSERT_NE(patch, seen.end());
  EXPECT_EQ(patch->path,
            "/api/v1/namespaces/x/configmaps/y?dryRun=All&fieldManager=signal&force=false");
  EXPECT_EQ(patch->Header("content-type"), "application/apply-patch+yaml");
}

TEST(KubeRequests, PathsThatLeadElsewhereAreNotSent) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Ok(); });
  KubeHarness harness(server);
  for (const std::string name : {"..", ".", ""}) {
    const auto result =
        harness.Get(kube::Resource{"v1", "pods", name.empty() ? "n" : name}.Path("x" + name) +
                    (name.empty() ? "//" : "/" + name));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::InvalidInput);
  }
  EXPECT_EQ(server.Count(), 0);
}

TEST(KubeRequests, MoreThanTheLimitAtATimeAllComeBack) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Ok(); });
  KubeHarness harness(server);
  std::vector<Pending<std::string>> burst;
  for (int i = 0; i < 150; ++i) burst.push_back(harness.client.StartGet(fmt::format("/{}", i)));
  burst.erase(burst.begin() + 20,
              burst.begin() + 110);  // Some in flight and some waiting are dropped.
  ASSERT_TRUE(harness.loop.WaitAll(harness.loop.Now() + kPatience, burst).has_value());
  for (auto& pending : burst) EXPECT_TRUE(pending.Take().has_value());
  EXPECT_EQ(server.connections(), 1);
}

TEST(KubeReplies, WarningsAreCollectedOnce) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) {
    Reply reply = Ok();
    reply.headers.emplace_back("warning", R"(299 - "batch/v1beta1 \"CronJob\" is deprecated")");
    reply.headers.emplace_back("warning", R"(299 - "second")");
    reply.headers.emplace_back("warning", R"(110 - "stale")");
    return reply;
  });
  KubeHarness harness(server);
  ASSERT_TRUE(harness.Get("/a").has_value());
  ASSERT_TRUE(harness.Get("/b").has_value());
  EXPECT_THAT(harness.client.warnings(),
              ElementsAre("batch/v1beta1 \"CronJob\" is deprecated", "second"));
}

struct StrangeReplyCase {
  std::string name;
  int status;
  std::string content_type;
  std::string body;
  ErrorKind kind;
  std::string part_of_message;
};

class StrangeReplies : public TestWithParam<StrangeReplyCase> {};

TEST_P(StrangeReplies, BecomeOneClearLine) {
  const auto& c = GetParam();
  ScriptedServer server(Trusted(), [&](const SeenRequest&) {
    Reply reply = Ok(c.body);
    reply.status = c.status;
    reply.headers = {{"content-type", c.content_type}, {"location", "https://login.example/"}};
    return reply;
  });
  KubeHarness harness(server);
  const auto result = harness.Get("/apis/apps/v1/namespaces/x/deployments");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(ToString(result.error().kind), ToString(c.kind));
  EXPECT_THAT(result.error().message, HasSubstr(c.part_of_message));
  EXPECT_EQ(result.error().message.find('\n'), std::string::npos);
  EXPECT_LT(result.error().message.size(), 2500U);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, StrangeReplies,
    ::testing::Values(
        StrangeReplyCase{"ApiNotServed", 404, "text/plain; charset=utf-8", "404 page not found\n",
                         ErrorKind::NotFound, "the server does not serve apps/v1 deployments"},
        StrangeReplyCase{"LoginPage", 200, "text/html", "<html>log in</html>", ErrorKind::Protocol,
                         "answers with a web page"},
        StrangeReplyCase{"GatewayError", 502, "text/html", "<html>\n<b>502</b></html>",
                         ErrorKind::Unavailable, "HTTP status 502"},
        StrangeReplyCase{"PlainTextError", 503, "text/plain", "upstream\nis down\x1b[31m",
                         ErrorKind::Unavailable, "HTTP status 503: upstream is down"},
        StrangeReplyCase{"Redirect", 302, "text/html", "", ErrorKind::Protocol,
                         "redirects to https://login.example/"},
        StrangeReplyCase{"TruncatedStatus", 500, "application/json", R"({"kind":"Status","mess)",
                         ErrorKind::Unavailable, "HTTP status 500"},
        StrangeReplyCase{"DeepStatus", 500, "application/json", std::string(100000, '['),
                         ErrorKind::Unavailable, "HTTP status 500"},
        StrangeReplyCase{
            "HugeMessage", 422, "application/json",
            R"({"kind":"Status","reason":"Invalid","message":")" + std::string(100000, 'x') + "\"}",
            ErrorKind::InvalidInput, "xxx"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace datafly::testing

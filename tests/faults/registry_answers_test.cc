#include "common/core/base/base64.h"
#include "common/io/registry/client.h"
#include "tests/faults/connect_proxy.h"
#include "tests/faults/harness.h"

/// What becomes of a registry's answers about an image: definite ones, those that decide nothing,
/// the way from a challenge to a token, and hostile manifests.
namespace datafly::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::TestWithParam;
using State = registry::ImageAnswer::State;

const std::string kBasic = "Basic " + EncodeBase64("ann:hunter2");
const std::string kDigest = "sha256:" + std::string(64, 'a');

Reply Answer(int status, std::string body = {}) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply Challenged(const std::string& challenge) {
  Reply reply = Answer(401);
  reply.headers.emplace_back("www-authenticate", challenge);
  return reply;
}

/// A registry under a name of its own, since one on the loopback may also be asked in the clear.
class Harness : public HttpHarness {
 public:
  explicit Harness(ScriptedServer::Script script)
      : server(Named("registry.example"), std::move(script)) {}

  Result<registry::ImageAnswer> LookUp(bool with_credential = true) {
    registry::Trust trust;
    trust.ca_pem = Ca().pem();
    trust.proxy_for = [this](const std::string&) {
      return fmt::format("http://127.0.0.1:{}", proxy.port());
    };
    registry::Client client(http, trust);
    const auto image = registry::ImageReference::Parse("registry.example/datafly/x:v1");
    std::optional<registry::PullCredential> credential;
    if (with_credential) credential = registry::PullCredential{"ann", SecretString("hunter2"), {}};
    auto pending = client.StartLookUp(image.value(), credential);
    return Await(pending);
  }

  ScriptedServer server;
  ConnectProxy proxy{server.port()};

 private:
  static ServerOptions Named(const std::string& name) {
    ServerOptions options;
    options.identity = Ca().Issue({.names = {"DNS:" + name}});
    return options;
  }
};

struct StatusCase {
  std::string name;
  Reply reply;
  std::optional<State> state;  ///< none: an Error, nothing is known
  std::string words;
};

class StatusOfTheManifest : public TestWithParam<StatusCase> {};

TEST_P(StatusOfTheManifest, IsTakenForWhatItProves) {
  Harness harness([](const SeenRequest&) { return GetParam().reply; });
  const auto answer = harness.LookUp();
  ASSERT_EQ(answer.has_value(), GetParam().state.has_value());
  if (answer) {
    EXPECT_EQ(answer->state, *GetParam().state);
    EXPECT_EQ(answer->http_status, GetParam().reply.status);
    EXPECT_THAT(answer->detail, HasSubstr(GetParam().words));
  } else {
    EXPECT_EQ(answer.error().kind, ErrorKind::Unreachable);
    EXPECT_THAT(answer.error().message, HasSubstr(GetParam().words));
  }
  EXPECT_EQ(harness.server.Count(), 1) << "a preflight does not wait for a registry's patience";
}

Reply Limited() {
  Reply reply = Answer(429);
  reply.headers.emplace_back("retry-after", "60");
  return reply;
}

INSTANTIATE_TEST_SUITE_P(
    All, StatusOfTheManifest,
    ::testing::Values(StatusCase{"NotFound", Answer(404), State::NotFound, "HTTP 404"},
                      StatusCase{"Forbidden", Answer(403), State::Refused, "HTTP 403"},
                      StatusCase{"NoChallenge", Answer(401), State::Refused, "HTTP 401"},
                      StatusCase{"OddChallenge", Challenged("Negotiate"), State::Refused, "401"},
                      StatusCase{"RateLimit", Limited(), std::nullopt, "HTTP 429"},
                      StatusCase{"Broken", Answer(500), std::nullopt, "HTTP 500"},
                      StatusCase{"Away", Answer(503), std::nullopt, "HTTP 503"},
                      StatusCase{"Elsewhere", Answer(307), std::nullopt, "HTTP 307"}),
    [](const auto& param) { return param.param.name; });

/// Only who brings this gets the image.
ScriptedServer::Script Guarded(const std::string& authorization, const std::string& challenge) {
  return [=](const SeenRequest& request) {
    if (request.Header("authorization") != authorization) return Challenged(challenge);
    return Answer(200, request.method == "HEAD" ? "" : "{}");
  };
}

TEST(BasicChallenge, GetsTheCredentialAfterItAndNotBefore) {
  Harness harness(Guarded(kBasic, "Basic realm=\"registry\""));
  const auto answer = harness.LookUp();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Exists);
  const auto seen = harness.server.requests();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].Header("authorization"), "");
  EXPECT_EQ(seen[2].Header("authorization"), kBasic) << "the GET is not challenged again";
}

TEST(BasicChallenge, AWrongPasswordIsRefusedOnce) {
  Harness harness(Guarded("Basic of somebody else", "Basic realm=\"registry\""));
  const auto answer = harness.LookUp();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Refused);
  EXPECT_EQ(harness.server.Count(), 2);
}

/// A registry that is its own token server; `token_reply` answers the token's request.
class TokenHarness : public Harness {
 public:
  explicit TokenHarness(std::function<Reply(const SeenRequest&)> token_reply)
      : Harness([token_reply = std::move(token_reply)](const SeenRequest& request) {
          if (request.path.starts_with("/token")) return token_reply(request);
          return Guarded("Bearer t0ken",
                         "Bearer realm=\"https://registry.example/token\",service=\"registry\","
                         "scope=\"repository:datafly/x:pull\"")(request);
        }) {}
  /// The request for the token.
  SeenRequest Asked() {
    for (const SeenRequest& request : server.requests())
      if (request.path.starts_with("/token")) return request;
    return {};
  }
};

TEST(BearerChallenge, TheTokenIsAskedForWithThePullSecretsPassword) {
  TokenHarness harness([](const SeenRequest& request) {
    return request.Header("authorization") == kBasic ? Answer(200, R"({"token":"t0ken"})")
                                                     : Answer(401);
  });
  const auto answer = harness.LookUp();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Exists);
  EXPECT_THAT(harness.Asked().path, AllOf(HasSubstr("service=registry"), HasSubstr("account=ann"),
                                          HasSubstr("scope=repository%3Adatafly%2Fx%3Apull")));
  for (const SeenRequest& request : harness.server.requests()) {
    if (request.path.starts_with("/token")) continue;
    EXPECT_NE(request.Header("authorization"), kBasic) << "the password is the token server's";
  }
  EXPECT_EQ(harness.server.Count(), 4) << "HEAD, token, HEAD, GET";
}

TEST(BearerChallenge, WithoutACredentialTheTokenIsAskedForWithoutOne) {
  TokenHarness harness(
      [](const SeenRequest&) { return Answer(200, R"({"access_token":"t0ken"})"); });
  const auto answer = harness.LookUp(false);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Exists);
  EXPECT_EQ(harness.Asked().Header("authorization"), "");
}

TEST(BearerChallenge, AWrongPasswordIsTheRegistrysRefusal) {
  for (const int status : {401, 403}) {
    TokenHarness harness([=](const SeenRequest&) { return Answer(status); });
    const auto answer = harness.LookUp();
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->state, State::Refused);
    EXPECT_EQ(harness.server.Count(), 2) << "HEAD, token";
  }
}

TEST(BearerChallenge, ATokenThatOpensNothingIsNotAskedForAgain) {
  TokenHarness harness([](const SeenRequest&) { return Answer(200, R"({"token":"other"})"); });
  const auto answer = harness.LookUp();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Refused);
  EXPECT_EQ(harness.server.Count(), 3) << "HEAD, token, HEAD";
}

TEST(BearerChallenge, ATokenServerThatGivesNoneDecidesNothing) {
  for (const Reply& reply :
       {Answer(500), Answer(200, "<html>"), Answer(200, "[]"), Answer(200, R"({"token":7})"),
        Answer(200, std::string(2U << 20U, ' '))}) {
    TokenHarness harness([&](const SeenRequest&) { return reply; });
    const auto answer = harness.LookUp();
    ASSERT_FALSE(answer.has_value()) << reply.body.substr(0, 20);
    EXPECT_THAT(answer.error().message, HasSubstr("token server"));
    EXPECT_EQ(harness.server.Count(), 2);
  }
}

TEST(BearerChallenge, NothingIsAskedOfARealmWithoutTls) {
  Harness harness(Guarded("Bearer t0ken", "Bearer realm=\"http://registry.example/token\""));
  const auto answer = harness.LookUp();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Refused);
  EXPECT_EQ(harness.server.Count(), 1);
  for (const std::string& head : harness.proxy.heads())
    EXPECT_THAT(head, StartsWith("CONNECT registry.example:443 "));
}

struct ManifestCase {
  std::string name;
  std::string manifest;
  std::vector<std::string> platforms;
  std::string config = "{}";  ///< what the blob of kDigest holds
};

class Manifest : public TestWithParam<ManifestCase> {};

TEST_P(Manifest, NamesItsPlatformsOrNone) {
  Harness harness([](const SeenRequest& request) {
    if (request.method == "HEAD") return Answer(200);
    const bool blob = request.path == "/v2/datafly/x/blobs/" + kDigest;
    return Answer(200, blob ? GetParam().config : GetParam().manifest);
  });
  const auto answer = harness.LookUp();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->state, State::Exists) << "the HEAD has said so";
  EXPECT_EQ(answer->platforms, GetParam().platforms);
  for (const SeenRequest& request : harness.server.requests())
    EXPECT_THAT(request.path, StartsWith("/v2/datafly/x/"));
}

std::string SingleManifest(const std::string& digest) {
  return fmt::format(R"({{"config":{{"digest":"{}"}}}})", digest);
}

INSTANTIATE_TEST_SUITE_P(
    All, Manifest,
    ::testing::Values(
        ManifestCase{"Index",
                     R"({"manifests":[{"platform":{"os":"linux","architecture":"amd64"}},)"
                     R"({"platform":{"os":"linux","architecture":"arm64","variant":"v8"}},)"
                     R"({"platform":{"os":"unknown","architecture":"unknown"}}]})",
                     {"linux/amd64", "linux/arm64/v8"}},
        ManifestCase{"Single",
                     SingleManifest(kDigest),
                     {"linux/amd64"},
                     R"({"os":"linux","architecture":"amd64"})"},
        ManifestCase{"Huge", std::string(5U << 20U, ' ') + "{}", {}},
        ManifestCase{"NotJson", "<html>log in</html>", {}}, ManifestCase{"NoObject", "[]", {}},
        ManifestCase{"Deep", std::string(100000, '[') + std::string(100000, ']'), {}},
        ManifestCase{"WrongTypes", R"({"manifests":7,"config":[]})", {}},
        ManifestCase{"WrongTypesWithin",
                     R"({"manifests":[7,{"platform":[]},{"platform":{"os":1,"architecture":{}}}]})",
                     {}},
        ManifestCase{"DigestThatClimbs", SingleManifest("sha256:../../../../token"), {}},
        ManifestCase{"DigestOfNumbers", R"({"config":{"digest":7}})", {}},
        ManifestCase{"ConfigIsNotJson", SingleManifest(kDigest), {}, "<html>"},
        ManifestCase{"ConfigOfWrongTypes", SingleManifest(kDigest), {}, R"({"os":[]})"},
        ManifestCase{
            "HugeConfig", SingleManifest(kDigest), {}, std::string(5U << 20U, ' ') + "{}"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace datafly::testing

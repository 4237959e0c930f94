#include "common/core/base/base64.h"
#include "common/core/base/digest.h"
#include "common/gather/chart_source.h"
#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

/// What a chart's source may do to us: registries and repositories that answer badly, send us on,
/// or want to know who we are.
namespace datafly::testing {
namespace {

using gather::ChartListing;
using gather::ChartSource;
using gather::ChartSourceRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kChart = "/v2/charts/datafly";

std::string ConfigOf(const std::string& version) {
  return fmt::format(R"({{"name":"datafly","version":"{0}","appVersion":"{0}"}})", version);
}
std::string DigestOf(const std::string& blob) { return "sha256:" + Sha256Hex(blob); }
std::string ManifestOf(const std::string& blob,
                       const char* type = "application/vnd.cncf.helm.config.v1+json") {
  return fmt::format(
      R"({{"config":{{"mediaType":"{}","digest":"{}"}},)"
      R"("annotations":{{"org.opencontainers.image.created":"2026-10-01T08:00:00Z"}}}})",
      type, DigestOf(blob));
}

Reply Answer(std::string body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}
Reply SendOn(const std::string& url, int status = 307) {
  Reply reply = Answer("", status);
  reply.headers.emplace_back("location", url);
  return reply;
}

/// A registry that holds 1.2.0 and 1.3.0; a script may answer otherwise.
Reply Registry(const SeenRequest& request) {
  if (request.path.starts_with(std::string(kChart) + "/tags/list"))
    return Answer(R"({"name":"charts/datafly","tags":["1.2.0","1.3.0","latest"]})");
  for (const char* version : {"1.2.0", "1.3.0"}) {
    const std::string blob = ConfigOf(version);
    if (request.path == fmt::format("{}/manifests/{}", kChart, version))
      return Answer(ManifestOf(blob));
    if (request.path == fmt::format("{}/blobs/{}", kChart, DigestOf(blob))) return Answer(blob);
  }
  return Answer(R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such thing"}]})", 404);
}

class SourceHarness : public HttpHarness {
 public:
  SourceHarness() { files.Set("/ca.pem", Ca().pem()); }

  Result<std::unique_ptr<ChartSource>> Start(const std::string& chart,
                                             const std::string& repo = {}) {
    request.chart = chart;
    request.repo = repo;
    request.ca_file = "/ca.pem";
    return ChartSource::Start(http, system, Profile{}, request);
  }
  Result<ChartListing> List(const std::string& chart, const std::string& repo = {}) {
    ASSIGN_OR_RETURN(source, Start(chart, repo));
    TRY(loop.Wait(loop.Now() + patience, *source));
    return source->Take();
  }
  /// The first offers' metadata; after List().
  Fact<charts::ChartMetadata> Describe(ChartListing& listing) {
    EXPECT_TRUE(gather::DescribeOffers(loop, loop.Now() + patience, *source, 30, listing.offers));
    return listing.offers.back().metadata;
  }

  std::chrono::milliseconds patience = kPatience;
  FakeFileSystem files;
  FakeEnvironment environment;
  FakeClock clock;
  FakeProcessRunner processes;
  System system{files, environment, clock, processes, loop};
  ChartSourceRequest request;
  std::unique_ptr<ChartSource> source;
};

std::string OciOf(const ScriptedServer& server) {
  return fmt::format("oci://127.0.0.1:{}/charts/datafly", server.port());
}

// --- registries -----------------------------------------------------------------------------

TEST(ChartRegistry, IsAskedForTagsAndThenForEachChart) {
  ScriptedServer server(Trusted(), Registry);
  SourceHarness harness;
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  ASSERT_EQ(listing->offers.size(), 2U);
  const auto chart = harness.Describe(*listing);
  ASSERT_TRUE(chart.Known()) << chart.absence().reason;
  EXPECT_EQ(chart->version, "1.3.0");
  EXPECT_EQ(chart->app_version, "1.3.0");
  EXPECT_EQ(FormatTime(chart->created.value()), "2026-10-01T08:00:00Z");
  EXPECT_EQ(server.Count(), 5);
  EXPECT_EQ(server.connections(), 1);
}

TEST(ChartRegistry, DescribesNoMoreThanItWasAskedFor) {
  ScriptedServer server(Trusted(), Registry);
  SourceHarness harness;
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value());
  ASSERT_TRUE(gather::DescribeOffers(harness.loop, harness.loop.Now() + kPatience, *harness.source,
                                     1, listing->offers));
  EXPECT_TRUE(listing->offers[0].metadata.Known());
  EXPECT_EQ(listing->offers[1].metadata.absence().kind, AbsenceKind::NotAsked);
  EXPECT_EQ(server.Count(), 3);
}

TEST(ChartRegistry, TellsItsTagsOnSeveralPages) {
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    Reply reply = Answer(R"({"tags":["1.2.0"]})");
    if (request.path == std::string(kChart) + "/tags/list")
      reply.headers.emplace_back("link",
                                 std::string("<") + kChart + "/tags/list?last=a>; rel=\"next\"");
    else if (request.path.ends_with("last=a"))
      reply.headers.emplace_back(
          "link", fmt::format("<https://{}{}/tags/list?last=b>; rel=\"next\"",
                              request.Header("host").empty() ? request.Header(":authority")
                                                             : request.Header("host"),
                              kChart));
    if (request.path.ends_with("last=b")) reply.body = R"({"tags":["1.3.0"]})";
    return reply;
  });
  SourceHarness harness;
  const auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  EXPECT_EQ(listing->offers.size(), 3U);
}

// Half of the list may lack the newest version.
TEST(ChartRegistry, WhoseListGoesOnElsewhereIsNotTakenForTheWhole) {
  ScriptedServer other(Trusted(), Registry);
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    Reply reply = Registry(request);
    reply.headers.emplace_back("link",
                               fmt::format("<{}>; rel=\"next\"", other.Url("/v2/x/tags/list")));
    return reply;
  });
  SourceHarness harness;
  const auto listing = harness.List(OciOf(server));
  ASSERT_FALSE(listing.has_value());
  EXPECT_EQ(listing.error().kind, ErrorKind::Protocol);
  EXPECT_EQ(other.Count(), 0);
}

TEST(ChartRegistry, WhoseListDoesNotEndIsGivenUp) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    Reply reply = Registry(request);
    reply.headers.emplace_back("link", std::string("<") + kChart + "/tags/list?n=1>; rel=\"next\"");
    return reply;
  });
  SourceHarness harness;
  const auto listing = harness.List(OciOf(server));
  ASSERT_FALSE(listing.has_value());
  EXPECT_EQ(listing.error().kind, ErrorKind::TooLarge);
  EXPECT_EQ(server.Count(), 100);
}

// The token that the first request fetched serves all others.
TEST(ChartRegistry, ThatWantsATokenGivesOneForAll) {
  std::string realm;
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (request.path.starts_with("/token")) return Answer(R"({"token":"t0ken"})");
    if (request.Header("authorization") == "Bearer t0ken") return Registry(request);
    Reply reply = Answer("", 401);
    reply.headers.emplace_back("www-authenticate",
                               fmt::format("Bearer realm=\"{}\",service=\"r\"", realm));
    return reply;
  });
  realm = server.Url("/token");
  SourceHarness harness;
  harness.files.Set("/login.json", fmt::format(R"({{"auths":{{"127.0.0.1:{}":{{"auth":"{}"}}}}}})",
                                               server.port(), EncodeBase64("ann:hunter2")));
  harness.request.login_files = {"/none.json", "/login.json"};
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  EXPECT_TRUE(harness.Describe(*listing).Known());
  int tokens = 0;
  for (const SeenRequest& request : server.requests()) {
    if (!request.path.starts_with("/token")) continue;
    ++tokens;
    EXPECT_EQ(request.Header("authorization"), "Basic " + EncodeBase64("ann:hunter2"));
  }
  EXPECT_EQ(tokens, 1);
}

TEST(ChartRegistry, ThatRefusesSaysSoWithTheWayIn) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) {
    return Answer(R"({"errors":[{"code":"DENIED","message":"no entry"}]})", 403);
  });
  SourceHarness harness;
  const auto listing = harness.List(OciOf(server));
  ASSERT_FALSE(listing.has_value());
  EXPECT_THAT(listing.error().message, HasSubstr("HTTP 403: DENIED: no entry"));
  EXPECT_EQ(listing.error().remedy,
            fmt::format("log in: helm registry login 127.0.0.1:{}", server.port()));
}

TEST(ChartRegistry, ThatIsTiredIsNotAskedTwice) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path.find("/manifests/1.3.0") == std::string::npos) return Registry(request);
    return Answer(R"({"errors":[{"code":"TOOMANYREQUESTS"}]})", 429);
  });
  SourceHarness harness;
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value());
  const auto chart = harness.Describe(*listing);
  EXPECT_THAT(chart.absence().reason, HasSubstr("HTTP 429: TOOMANYREQUESTS"));
  EXPECT_TRUE(listing->offers[0].metadata.Known()) << "the others are told";
  EXPECT_EQ(server.Count(), 4);
}

TEST(ChartRegistry, ThatTalksGarbageIsAnError) {
  for (const char* body : {"", "<html>", "[1]", "{\"tags\":"}) {
    ScriptedServer server(Trusted(), [&](const SeenRequest&) { return Answer(body); });
    SourceHarness harness;
    const auto listing = harness.List(OciOf(server));
    ASSERT_FALSE(listing.has_value()) << body;
    EXPECT_EQ(listing.error().kind, ErrorKind::Protocol) << body;
  }
}

struct BadChart {
  const char* what;
  std::string manifest;
  std::string blob;
  const char* reason;
};

TEST(ChartRegistry, IsHeldToWhatItPromised) {
  const std::string good = ConfigOf("1.3.0");
  for (
      const BadChart& bad : std::vector<BadChart>{
          {"an image", ManifestOf(good, "application/vnd.oci.image.config.v1+json"), good,
           "no chart"},
          {"another blob", ManifestOf(good), ConfigOf("1.3.0") + " ", "does not have its digest"},
          {"another version", ManifestOf(ConfigOf("9.9.9")), ConfigOf("9.9.9"), "another version"},
          {"no digest", R"({"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"}})",
           good, "names no config"},
          {"a path for a digest",
           R"({"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json",)"
           R"("digest":"sha256:../../../../../../../../../../../../../../../../../../../etc/passwd1"}})",
           good, "names no config"},
          {"garbage", "][", good, "cannot be read"},
          {"no chart's config", ManifestOf("[]"), "[]", "not a Chart.yaml"},
      }) {
    ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
      if (request.path.ends_with("/manifests/1.3.0")) return Answer(bad.manifest);
      if (request.path.find("/blobs/") != std::string::npos) return Answer(bad.blob);
      return Answer(R"({"tags":["1.3.0"]})");
    });
    SourceHarness harness;
    auto listing = harness.List(OciOf(server));
    ASSERT_TRUE(listing.has_value()) << bad.what;
    const auto chart = harness.Describe(*listing);
    ASSERT_FALSE(chart.Known()) << bad.what;
    EXPECT_THAT(chart.absence().reason, HasSubstr(bad.reason)) << bad.what;
  }
}

// Large registries keep their blobs elsewhere. That place gets no credential, and its answer counts
// only by its digest.
TEST(ChartRegistry, MaySendOnForABlobWithoutTheCredential) {
  ScriptedServer store(Trusted(), [](const SeenRequest&) { return Answer(ConfigOf("1.3.0")); });
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (request.Header("authorization").empty()) {
      Reply reply = Answer("", 401);
      reply.headers.emplace_back("www-authenticate", "Basic realm=\"r\"");
      return reply;
    }
    if (request.path.find("/blobs/") != std::string::npos) return SendOn(store.Url("/b?sig=1"));
    return Registry(request);
  });
  SourceHarness harness;
  harness.request.username = "ann";
  harness.request.password = SecretString("hunter2");
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  const auto chart = harness.Describe(*listing);
  ASSERT_TRUE(chart.Known()) << chart.absence().reason;
  EXPECT_EQ(chart->version, "1.3.0");
  ASSERT_GT(store.Count(), 0);
  for (const SeenRequest& request : store.requests())
    EXPECT_EQ(request.Header("authorization"), "");
  // 1.2.0 was promised, and what the store gave is another text.
  EXPECT_THAT(listing->offers[0].metadata.absence().reason, HasSubstr("digest"));
}

TEST(ChartRegistry, IsNotFollowedToAnythingButHttps) {
  for (const char* place : {"http://store.example/b", "file:///etc/passwd", "", "ftp://x/y",
                            "https://ann:hunter2@store.example/b"}) {
    ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
      if (request.path.find("/blobs/") != std::string::npos) return SendOn(place);
      return Registry(request);
    });
    SourceHarness harness;
    auto listing = harness.List(OciOf(server));
    ASSERT_TRUE(listing.has_value());
    const auto chart = harness.Describe(*listing);
    ASSERT_FALSE(chart.Known()) << place;
    EXPECT_THAT(chart.absence().reason, HasSubstr("not followed")) << place;
    EXPECT_THAT(chart.absence().reason, Not(HasSubstr("hunter2")));
  }
}

TEST(ChartRegistry, IsFollowedOnce) {
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (request.path.find("/blobs/") != std::string::npos) return SendOn(request.path);
    return Registry(request);
  });
  SourceHarness harness;
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value());
  EXPECT_THAT(harness.Describe(*listing).absence().reason, HasSubstr("HTTP 307"));
  EXPECT_EQ(server.Count(), 1 + 2 * 3);
}

TEST(ChartRegistry, ThatIsMuteIsNotWaitedForBeyondTheDeadline) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    Reply reply = Registry(request);
    if (request.path.find("/manifests/") != std::string::npos) reply.then = Reply::Then::Stall;
    if (request.path.find("/manifests/") != std::string::npos) reply.send_headers = false;
    return reply;
  });
  SourceHarness harness;
  auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value());
  harness.patience = std::chrono::milliseconds(200);
  EXPECT_EQ(harness.Describe(*listing).absence().kind, AbsenceKind::TimedOut);
}

// --- repositories ---------------------------------------------------------------------------

constexpr const char* kIndex =
    "apiVersion: v1\nentries:\n  datafly:\n  - version: 1.3.0\n    kubeVersion: '>=1.28'\n"
    "  - version: 1.2.0\ngenerated: \"2026-11-01T00:00:00Z\"\n";

TEST(ChartIndex, TellsAllInOneRequest) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return request.path == "/signal/index.yaml" ? Answer(kIndex) : Answer("", 404);
  });
  SourceHarness harness;
  auto listing = harness.List("datafly", server.Url("/signal/"));
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  ASSERT_EQ(listing->offers.size(), 2U);
  EXPECT_EQ(listing->offers[0].metadata->kube_version, ">=1.28");
  EXPECT_EQ(listing->stale, "");
  harness.Describe(*listing);
  EXPECT_EQ(server.Count(), 1);
}

std::string RepositoriesYaml(const std::string& url) {
  return fmt::format(
      "repositories:\n- name: signal\n  url: {}\n  username: ann\n  password: hunter2\n"
      "  caFile: /ca.pem\n",
      url);
}

TEST(ChartIndex, OfANamedRepositoryIsAskedWithItsLogin) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Answer(kIndex); });
  SourceHarness harness;
  harness.files.Set("/r.yaml", RepositoriesYaml(server.Url()));
  harness.request.repository_config = "/r.yaml";
  const auto listing = harness.List("signal/datafly");
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  EXPECT_EQ(server.requests()[0].Header("authorization"), "Basic " + EncodeBase64("ann:hunter2"));
  EXPECT_THAT(harness.source->shown(), Not(HasSubstr("hunter2")));
}

TEST(ChartIndex, OfARepositoryThatIsSilentIsHelmsCachedOne) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) { return Answer("busy", 503); });
  SourceHarness harness;
  harness.files.Set("/r.yaml", RepositoriesYaml(server.Url()));
  harness.files.Set("/cache/signal-index.yaml", kIndex);
  harness.request.repository_config = "/r.yaml";
  harness.request.repository_cache = "/cache";
  const auto listing = harness.List("signal/datafly");
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  EXPECT_EQ(listing->offers.size(), 2U);
  EXPECT_THAT(listing->stale, HasSubstr("HTTP 503"));
  EXPECT_THAT(listing->stale, HasSubstr("as of 2026-11-01T00:00:00Z"));
}

TEST(ChartIndex, OfARepositoryThatRefusesIsNoCachedOne) {
  for (const int status : {401, 403, 404, 301}) {
    ScriptedServer server(Trusted(), [&](const SeenRequest&) { return Answer("", status); });
    SourceHarness harness;
    harness.files.Set("/r.yaml", RepositoriesYaml(server.Url()));
    harness.files.Set("/cache/signal-index.yaml", kIndex);
    harness.request.repository_config = "/r.yaml";
    harness.request.repository_cache = "/cache";
    EXPECT_FALSE(harness.List("signal/datafly").has_value()) << status;
  }
}

TEST(ChartIndex, ThatLiesElsewhereIsNamedAndNotFollowed) {
  ScriptedServer other(Trusted(), [](const SeenRequest&) { return Answer(kIndex); });
  ScriptedServer server(Trusted(), [&](const SeenRequest&) {
    return SendOn(other.Url("/index.yaml?token=hunter2"), 301);
  });
  SourceHarness harness;
  const auto listing = harness.List("datafly", server.Url());
  ASSERT_FALSE(listing.has_value());
  EXPECT_THAT(listing.error().message, HasSubstr(other.Url("/index.yaml")));
  EXPECT_THAT(listing.error().message, Not(HasSubstr("hunter2")));
  EXPECT_EQ(other.Count(), 0);
}

TEST(ChartIndex, ThatIsNoIndexIsAnError) {
  for (const char* body : {"", "<html></html>", "entries: []\n", "entries:\n  other:\n  - 1\n"}) {
    ScriptedServer server(Trusted(), [&](const SeenRequest&) { return Answer(body); });
    SourceHarness harness;
    EXPECT_FALSE(harness.List("datafly", server.Url()).has_value()) << body;
  }
}

TEST(ChartSourceFlags, SendNoPasswordInTheClear) {
  SourceHarness harness;
  harness.request.username = "ann";
  harness.request.password = SecretString("hunter2");
  const auto source = harness.Start("datafly", "http://charts.example");
  ASSERT_FALSE(source.has_value());
  EXPECT_THAT(source.error().message, HasSubstr("without https"));
}

TEST(ChartSourceFlags, ThatNameNoListAreRefused) {
  SourceHarness harness;
  harness.files.Set("signal/folder", "");
  for (const char* chart : {"./chart", "/charts/x", "x.tgz", "datafly", "signal/folder",
                            "https://charts.example/x-1.2.0.tgz"}) {
    const auto source = harness.Start(chart);
    ASSERT_FALSE(source.has_value()) << chart;
    EXPECT_THAT(source.error().message, HasSubstr("has no list of versions")) << chart;
  }
  EXPECT_FALSE(harness.Start("a/b", "https://charts.example").has_value());
  EXPECT_FALSE(harness.Start("datafly", "https://ann:hunter2@charts.example").has_value());
}

// --- credential helpers ---------------------------------------------------------------------

TEST(ChartLogin, AsksTheHelperThatTheFileNames) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.Header("authorization") == "Basic " + EncodeBase64("ann:hunter2"))
      return Registry(request);
    Reply reply = Answer("", 401);
    reply.headers.emplace_back("www-authenticate", "Basic realm=\"r\"");
    return reply;
  });
  SourceHarness harness;
  harness.files.Set("/login.json", R"({"auths":{},"credsStore":"desktop"})");
  harness.request.login_files = {"/login.json"};
  harness.processes.Reply({0, R"({"ServerURL":"x","Username":"ann","Secret":"hunter2"})", ""});
  const auto listing = harness.List(OciOf(server));
  ASSERT_TRUE(listing.has_value()) << listing.error().message;
  ASSERT_EQ(harness.processes.commands().size(), 1U);
  const Command& command = harness.processes.commands()[0];
  EXPECT_THAT(command.argv, ElementsAre("docker-credential-desktop", "get"));
  EXPECT_EQ(command.stdin_bytes, fmt::format("127.0.0.1:{}", server.port()));
}

TEST(ChartLogin, ThatCannotBeUsedIsSaid) {
  struct Bad {
    const char* file;
    const char* word;
  };
  for (const Bad& bad : std::vector<Bad>{
           {"not json hunter2", "is not JSON"},
           {R"({"credsStore":"../../evil"})", "not that of a program"},
           {R"({"credHelpers":{"r.example":"missing"}})", "credential helper missing"},
           {R"({"auths":{"r.example":{"identitytoken":"hunter2"}}})", "identity token"},
       }) {
    SourceHarness harness;
    harness.files.Set("/login.json", bad.file);
    harness.request.login_files = {"/login.json"};
    const auto source = harness.Start("oci://r.example/charts/datafly");
    ASSERT_FALSE(source.has_value()) << bad.file;
    EXPECT_THAT(source.error().message, HasSubstr(bad.word));
    EXPECT_THAT(source.error().message + source.error().remedy, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace datafly::testing

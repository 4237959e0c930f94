#include "common/core/base/base64.h"
#include "common/gather/gather.h"
#include "common/gather/target.h"
#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

/// What the gatherers ask an API server for, in which burst, and what becomes of refusals.
namespace datafly::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Reply Json(std::string body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply Refusal(int status, std::string_view reason) {
  return Json(fmt::format(R"({{"kind":"Status","status":"Failure","reason":"{}",)"
                          R"("message":"said by the script","code":{}}})",
                          reason, status),
              status);
}
Reply Forbidden() { return Refusal(403, "Forbidden"); }
Reply NoSuchThing() { return Refusal(404, "NotFound"); }

bool Asks(const SeenRequest& request, const std::string& part) {
  return request.path.find(part) != std::string::npos;
}

/// A namespace without anything; what has no list is not found.
Reply EmptyCluster(const SeenRequest& request) {
  if (request.path == "/version") return Json(R"({"gitVersion":"v1.36.3"})");
  if (request.path == "/api") return Json(R"({"kind":"APIVersions","versions":["v1"]})");
  if (request.path == "/apis") return Json(R"({"kind":"APIGroupList","groups":[]})");
  if (Asks(request, "selfsubject")) {
    return Json(R"({"status":{"resourceRules":[],"nonResourceRules":[],"incomplete":false}})");
  }
  const bool is_list = Asks(request, "limit=");
  return is_list ? Json(R"({"metadata":{"resourceVersion":"1"},"items":[]})") : NoSuchThing();
}

std::string ReleaseJson(int revision, const std::string& status) {
  return fmt::format(
      R"({{"name":"datafly","namespace":"datafly","version":{},"info":{{"status":"{}"}},)"
      R"("chart":{{"metadata":{{"name":"datafly","version":"1.{}.0"}}}},"manifest":""}})",
      revision, status, revision);
}

std::string RecordItem(int revision, const std::string& status) {
  return fmt::format(
      R"({{"metadata":{{"name":"sh.helm.release.v1.datafly.v{0}","namespace":"datafly","labels":)"
      R"({{"owner":"helm","name":"datafly","version":"{0}","status":"{1}"}}}}}})",
      revision, status);
}

class GatherHarness : public KubeHarness {
 public:
  using KubeHarness::KubeHarness;
  FakeFileSystem files;
  FakeEnvironment environment;
  FakeClock clock;
  FakeProcessRunner processes;
  System system{files, environment, clock, processes, loop};

  gather::Io Io(Millis patience = kPatience) {
    return {loop, http, client, system, loop.Now() + patience};
  }
  gather::Gathered Gather(const std::string& release = "") {
    gather::Io io = Io();
    auto gathered = gather::GatherCluster(io, DefaultProfile(), {"datafly", release, false});
    EXPECT_TRUE(gathered.has_value()) << (gathered ? "" : gathered.error().message);
    return gathered ? *std::move(gathered) : gather::Gathered{};
  }
};

std::vector<std::string> PathsOf(const ScriptedServer& server) {
  std::vector<std::string> paths;
  for (const SeenRequest& request : server.requests()) {
    paths.push_back(request.method + " " + request.path.substr(0, request.path.find('?')));
  }
  return paths;
}

constexpr const char* kProfilePath = "/api/v1/namespaces/datafly/configmaps/signal-profile";

TEST(GatherCluster, ReadsTheClustersProfileInTheFirstBurst) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path == kProfilePath)
      return Json(R"({"data":{"profile.yaml":"backups: {maxAge: 15m}\nhistory: {max: 1}"}})");
    if (request.path == "/version") {
      Reply reply = EmptyCluster(request);
      reply.then = Reply::Then::Stall;  // A second burst would never begin.
      reply.send_headers = false;
      return reply;
    }
    return EmptyCluster(request);
  });
  GatherHarness harness(server);
  gather::Io io = harness.Io(Millis(1500));
  EXPECT_FALSE(gather::GatherCluster(io, DefaultProfile(), {"datafly", "", false}).has_value());
  EXPECT_THAT(PathsOf(server), Contains(std::string("GET ") + kProfilePath));
}

TEST(GatherCluster, TakesWhatTheProfileAsksFor) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path == kProfilePath)
      return Json(R"({"data":{"profile.yaml":"backups: {maxAge: 15m}\nhistory: {max: 1}"}})");
    return EmptyCluster(request);
  });
  GatherHarness harness(server);
  const Facts facts = harness.Gather().facts;
  ASSERT_TRUE(facts.cluster_profile.Known()) << facts.cluster_profile.absence().reason;
  EXPECT_EQ(facts.cluster_profile->asks, "backups:\n  maxAge: \"15m\"\n");
  EXPECT_EQ(facts.cluster_profile->refused.size(), 1U);
  EXPECT_EQ(server.Count(), 14) << "one GET more than before there was a profile to read";
}

TEST(GatherCluster, AProfileThatIsNotThereOrForbiddenFailsNothing) {
  for (const bool forbidden : {false, true}) {
    ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
      return request.path == kProfilePath && forbidden ? Forbidden() : EmptyCluster(request);
    });
    GatherHarness harness(server);
    const Absence why = harness.Gather().facts.cluster_profile.absence();
    EXPECT_EQ(why.kind, forbidden ? AbsenceKind::Forbidden : AbsenceKind::NotFound);
    EXPECT_EQ(why.needs, "get configmaps/signal-profile in datafly");
  }
}

TEST(GatherCluster, KeepsWhyAKindOfWorkloadsIsMissing) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return Asks(request, "/statefulsets") ? Forbidden() : EmptyCluster(request);
  });
  GatherHarness harness(server);
  const Facts facts = harness.Gather().facts;
  EXPECT_TRUE(facts.workloads.Known());
  ASSERT_EQ(facts.unlisted_workload_kinds.size(), 1U);
  const Absence& why = facts.unlisted_workload_kinds.at("StatefulSet");
  EXPECT_EQ(why.kind, AbsenceKind::Forbidden);
  EXPECT_EQ(why.needs, "list statefulsets in datafly");
}

struct Kept {
  const char* driver;
  const char* resource;
  bool in_secret;
};

/// Revision 2 failed, 1 is deployed.
Reply WithRecords(const SeenRequest& request, const Kept& kept) {
  const std::string folder = fmt::format("/api/v1/namespaces/datafly/{}", kept.resource);
  if (Asks(request, folder + "?")) {
    EXPECT_THAT(request.path, HasSubstr("labelSelector=owner%3Dhelm"));
    return Json(fmt::format(R"({{"metadata":{{"resourceVersion":"1"}},"items":[{},{}]}})",
                            RecordItem(2, "failed"), RecordItem(1, "deployed")));
  }
  for (const int revision : {1, 2}) {
    if (request.path != fmt::format("{}/sh.helm.release.v1.datafly.v{}", folder, revision))
      continue;
    std::string data = EncodeBase64(ReleaseJson(revision, revision == 1 ? "deployed" : "failed"));
    if (kept.in_secret) data = EncodeBase64(data);
    return Json(fmt::format(R"({{"kind":"{}","data":{{"release":"{}"}}}})",
                            kept.in_secret ? "Secret" : "ConfigMap", data));
  }
  return EmptyCluster(request);
}

TEST(GatherCluster, ReadsRecordsWhereHelmsDriverKeepsThem) {
  for (const Kept& kept :
       {Kept{"", "secrets", true}, Kept{"secrets", "secrets", true},
        Kept{"configmap", "configmaps", false}, Kept{"configmaps", "configmaps", false}}) {
    SCOPED_TRACE(kept.driver);
    ScriptedServer server(Trusted(),
                          [&](const SeenRequest& request) { return WithRecords(request, kept); });
    GatherHarness harness(server);
    harness.environment.Set("HELM_DRIVER", kept.driver);
    const Facts facts = harness.Gather().facts;
    EXPECT_EQ(release::ResourceOf(facts.record_store), kept.resource);
    ASSERT_TRUE(facts.release.Known()) << facts.release.absence().reason;
    EXPECT_EQ(facts.release->revision, 2);
    EXPECT_EQ(facts.release->status, "failed");
    EXPECT_EQ(facts.release->chart_version, "1.1.0") << "what runs is the deployed one";
    EXPECT_EQ(facts.release->rollback_revision, 1) << "as release/history.h says";
    EXPECT_EQ(facts.release->history.size(), 2U);
  }
}

TEST(GatherCluster, RecordsOutsideTheClusterAreNotSaidToBeMissing) {
  for (const char* driver : {"sql", "memory", "nonsense"}) {
    SCOPED_TRACE(driver);
    ScriptedServer server(Trusted(), EmptyCluster);
    GatherHarness harness(server);
    harness.environment.Set("HELM_DRIVER", driver);
    const Absence why = harness.Gather().facts.release.absence();
    EXPECT_NE(why.kind, AbsenceKind::NotFound);
    EXPECT_THAT(why.reason, HasSubstr(driver));
    EXPECT_THAT(PathsOf(server), Not(Contains("GET /api/v1/namespaces/datafly/secrets")));
  }
}

/// `helm upgrade --dry-run=server -o json` of a chart with one Deployment and one CRD.
std::string TargetJson() {
  const std::string crd = EncodeBase64(
      "kind: CustomResourceDefinition\nmetadata: {name: pipelines.datafly.io}\nspec: {versions: "
      "[{name: v1}]}\n");
  return fmt::format(
      R"({{"name":"datafly","namespace":"datafly","version":3,"info":{{"status":"pending-upgrade"}},)"
      R"("chart":{{"metadata":{{"name":"datafly","version":"1.3.0"}},"files":[{{"name":"crds/a.yaml","data":"{}"}}]}},)"
      R"("manifest":"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n      imagePullSecrets: [{{name: pull}}]\n      containers: [{{name: c, image: \"127.0.0.1:1/x:v1\"}}]\n"}})",
      crd);
}

gather::Gathered WithRelease() {
  gather::Gathered cluster;
  cluster.facts.scope.name_space = "datafly";
  cluster.facts.scope.release = "datafly";
  return cluster;
}

Result<Fact<TargetFacts>> GatherTarget(GatherHarness& harness, Millis patience) {
  harness.processes.Reply({0, TargetJson(), ""});
  gather::Io io = harness.Io(patience);
  gather::TargetRequest request;
  request.to = "./chart";
  request.helm = "helm";
  return gather::GatherTarget(io, DefaultProfile(), WithRelease(), request);
}

TEST(GatherTarget, OneMuteAnswerHoldsUpNothingElse) {
  for (const char* mute : {"customresourcedefinitions", "dryRun=All", "serviceaccounts"}) {
    SCOPED_TRACE(mute);
    ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
      Reply reply = Asks(request, "dryRun=All") ? Json("{}") : NoSuchThing();
      if (Asks(request, mute)) {
        reply.then = Reply::Then::Stall;
        reply.send_headers = false;
      }
      return reply;
    });
    GatherHarness harness(server);
    const auto target = GatherTarget(harness, Millis(1500));
    ASSERT_TRUE(target.has_value() && target->Known());
    const TargetFacts& facts = **target;
    const bool crds_mute = std::string_view(mute) == "customresourcedefinitions";
    EXPECT_EQ(facts.crds.Known(), !crds_mute);
    ASSERT_TRUE(facts.dry_run.Known());
    ASSERT_EQ(facts.dry_run->size(), 1U);
    EXPECT_EQ(facts.dry_run->front().ok, std::string_view(mute) != "dryRun=All");
    EXPECT_THAT(PathsOf(server),
                AllOf(Contains("GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
                               "pipelines.datafly.io"),
                      Contains("PATCH /apis/apps/v1/namespaces/datafly/deployments/api"),
                      Contains("GET /api/v1/namespaces/datafly/serviceaccounts/default"),
                      Contains("GET /api/v1/namespaces/datafly/secrets/pull")));
  }
}

TEST(GatherTarget, WatchesTheKeysThatTheClusterAdds) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    return Asks(request, "dryRun=All") ? Json("{}") : NoSuchThing();
  });
  GatherHarness harness(server);
  const auto record = [](const char* pepper) {
    return fmt::format(
        R"({{"name":"datafly","version":1,"chart":{{"metadata":{{"name":"datafly","version":"1.2.0"}}}},)"
        R"("manifest":"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: c\n        image: x\n        env: [{{name: PEPPER, value: {}}}]\n"}})",
        pepper);
  };
  gather::Gathered cluster = WithRelease();
  cluster.newest = release::DecodeReleaseJson(record("old")).value();
  cluster.facts.cluster_profile = ReadClusterProfile("continuity: {env: [PEPPER]}").value();
  harness.processes.Reply({0, record("new"), ""});
  gather::Io io = harness.Io(Millis(3000));
  gather::TargetRequest request;
  request.to = "./chart";
  request.helm = "helm";
  const auto target = gather::GatherTarget(io, DefaultProfile(), cluster, request);
  ASSERT_TRUE(target.has_value() && target->Known());
  ASSERT_EQ((**target).values.continuity.size(), 1U);
  EXPECT_EQ((**target).values.continuity[0].key, "c/PEPPER");
  EXPECT_NE((**target).values.continuity[0].state, ContinuityFacts::State::Same);
}

/// A chart that draws a random value, as it was rendered.
std::string RandomRecord(int revision, const char* status, const char* pepper) {
  return fmt::format(
      R"({{"name":"datafly","version":{},"info":{{"status":"{}"}},"chart":{{"metadata":{{"name":"datafly","version":"1.2.0"}},)"
      R"("templates":[{{"name":"templates/a.yaml","data":"{}"}}]}},)"
      R"("manifest":"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: c\n        image: x\n        env: [{{name: PEPPER, value: {}}}]\n"}})",
      revision, status, EncodeBase64("{{ randAlphaNum 5 }}"), pepper);
}

ScriptedServer::Script AnsweringDryRuns() {
  return [](const SeenRequest& request) {
    return Asks(request, "dryRun=All") ? Json("{}") : NoSuchThing();
  };
}

gather::TargetRequest ALocalChart() {
  gather::TargetRequest request;
  request.to = "./chart";
  request.helm = "helm";
  request.diff.live = false;
  return request;
}

TEST(GatherTarget, AChartThatDrewRandomValuesIsRenderedTwiceAtOnce) {
  ScriptedServer server(Trusted(), AnsweringDryRuns());
  GatherHarness harness(server);
  gather::Gathered cluster = WithRelease();
  cluster.newest = release::DecodeReleaseJson(RandomRecord(1, "deployed", "installed")).value();
  cluster.facts.cluster_profile = ReadClusterProfile("continuity: {env: [PEPPER]}").value();
  for (const char* pepper : {"first", "second"})
    harness.processes.Reply({0, RandomRecord(2, "pending-upgrade", pepper), ""});
  gather::Io io = harness.Io(Millis(3000));
  const auto target = gather::GatherTarget(io, DefaultProfile(), cluster, ALocalChart());
  ASSERT_TRUE(target.has_value() && target->Known());
  EXPECT_EQ(harness.processes.commands().size(), 2U) << "the one that was foretold is used";
  ASSERT_EQ((**target).values.continuity.size(), 1U);
  EXPECT_EQ((**target).values.continuity[0].state, ContinuityFacts::State::Rotates);
}

TEST(GatherTarget, OneWhoseReleaseIsPendingIsRenderedWithoutTheCluster) {
  ScriptedServer server(Trusted(), AnsweringDryRuns());
  GatherHarness harness(server);
  gather::Gathered cluster = WithRelease();
  cluster.deployed = release::DecodeReleaseJson(RandomRecord(1, "deployed", "a")).value();
  cluster.newest = release::DecodeReleaseJson(RandomRecord(2, "pending-upgrade", "b")).value();
  harness.processes.Reply({0, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n", ""});
  harness.processes.Reply({0,
                           "name: datafly\nversion: 1.3.0\nappVersion: 1.3.0\n"
                           "annotations: {datafly.io/migrations: \"0007_a.sql\"}\n",
                           ""});
  // Rendered again, since no templates tell whether it rotates; and the defaults, to be hidden.
  harness.processes.Reply({0, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n", ""});
  harness.processes.Reply({0, "password: of-the-defaults\n", ""});
  gather::Io io = harness.Io(Millis(3000));
  const auto target = gather::GatherTarget(io, DefaultProfile(), cluster, ALocalChart());
  ASSERT_TRUE(target.has_value() && target->Known());
  const auto& commands = harness.processes.commands();
  ASSERT_EQ(commands.size(), 4U);
  EXPECT_EQ(commands[0].argv[1], "template");
  EXPECT_EQ(commands[1].argv[2], "chart");
  EXPECT_EQ(commands[2].argv[1], "template");
  EXPECT_EQ(commands[3].argv[2], "values");
  const TargetFacts& facts = **target;
  EXPECT_EQ(facts.chart_version, "1.3.0");
  EXPECT_EQ(facts.migration_files, std::vector<std::string>{"0007_a.sql"});
  ASSERT_TRUE(facts.changes.Known()) << facts.changes.absence().reason;
  EXPECT_TRUE(facts.changes->rendered_offline);
  EXPECT_EQ(facts.changes->resources.size(), 2U) << "one goes, one comes";
  EXPECT_FALSE(facts.crds.Known());
}

}  // namespace
}  // namespace datafly::testing

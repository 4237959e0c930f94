#include "common/gather/installations.h"

#include "common/core/base/base64.h"
#include "common/core/profile/profile.h"
#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Reply Json(std::string body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

Reply ForbiddenTo(const std::string& verb, const std::string& resource, const std::string& space) {
  return Json(
      fmt::format(
          R"({{"kind":"Status","reason":"Forbidden","code":403,"message":"{1} is forbidden: User \"ann\" cannot {0} resource \"{1}\" in API group \"\" {2}"}})",
          verb, resource,
          space.empty() ? "at the cluster scope"
                        : fmt::format(R"(in the namespace \"{}\")", space)),
      403);
}

std::string Meta(const std::string& space, const std::string& release, int revision,
                 const std::string& more = R"("status":"deployed")") {
  return fmt::format(
      R"({{"metadata":{{"namespace":"{0}","name":"sh.helm.release.v1.{1}.v{2}","labels":{{"owner":"helm","name":"{1}","version":"{2}",{3}}}}}}})",
      space, release, revision, more);
}

std::string Items(const std::vector<std::string>& items) {
  return fmt::format(
      R"({{"kind":"PartialObjectMetadataList","metadata":{{"resourceVersion":"1"}},"items":[{}]}})",
      fmt::join(items, ","));
}

/// A record as Helm stores it; gzip is optional in the format.
std::string Payload(const std::string& chart) {
  const std::string record = fmt::format(
      R"({{"name":"r","namespace":"n","version":1,"info":{{"status":"deployed"}},"chart":{{"metadata":{{"name":"{}","version":"1.2.0"}}}},"manifest":""}})",
      chart);
  return fmt::format(R"({{"kind":"Secret","metadata":{{"name":"x"}},"data":{{"release":"{}"}}}})",
                     EncodeBase64(EncodeBase64(record)));
}

/// Releases a/datafly (two revisions), b/datafly (may not be read), c/other (another chart),
/// d/gone (pruned between the bursts), e/old (uninstalled, history kept).
Reply Cluster(const SeenRequest& request) {
  const std::string& path = request.path;
  if (path.starts_with("/api/v1/secrets?")) {
    return Json(Items({Meta("a", "datafly", 9), Meta("a", "datafly", 10, R"("team":"data")"),
                       Meta("b", "datafly", 1), Meta("c", "other", 3), Meta("d", "gone", 1),
                       Meta("e", "old", 2, R"("status":"uninstalled")")}));
  }
  if (path.starts_with("/api/v1/namespaces?")) {
    return Json(Items({R"({"metadata":{"name":"a","labels":{"env":"prod","team":"web"}}})",
                       R"({"metadata":{"name":"b","labels":{"env":"stage"}}})"}));
  }
  if (path == "/api/v1/namespaces/a") {
    return Json(R"({"kind":"Namespace","metadata":{"name":"a","labels":{"env":"prod"}}})");
  }
  if (path.starts_with("/api/v1/namespaces/a/secrets?"))
    return Json(Items({Meta("a", "datafly", 10)}));
  if (path == "/api/v1/namespaces/a/secrets/sh.helm.release.v1.datafly.v10")
    return Json(Payload("datafly"));
  if (path.starts_with("/api/v1/namespaces/b/secrets/")) return ForbiddenTo("get", "secrets", "b");
  if (path.starts_with("/api/v1/namespaces/c/secrets/")) return Json(Payload("other"));
  return Json(R"({"kind":"Status","reason":"NotFound","code":404,"message":"not found"})", 404);
}

class Searcher : public KubeHarness {
 public:
  using KubeHarness::KubeHarness;
  FakeEnvironment environment;

  Result<std::vector<gather::InstallationFound>> Find(gather::InstallationQuery query) {
    const System system{files_, environment, clock_, processes_, loop};
    gather::Io io{loop, http, client, system, loop.Now() + kPatience};
    return gather::FindInstallations(io, DefaultProfile(), query);
  }

 private:
  FakeFileSystem files_;
  FakeClock clock_;
  FakeProcessRunner processes_;
};

kinds::LabelSelector Labelled(const std::string& key, const std::string& value) {
  kinds::LabelSelector selector;
  selector.match_labels[key] = value;
  return selector;
}

std::vector<std::string> Names(const std::vector<gather::InstallationFound>& found) {
  std::vector<std::string> names;
  for (const auto& one : found) names.push_back(one.name_space + "/" + one.release);
  return names;
}

TEST(Installations, AreFoundByOneListAndTheNewestRecordOfEach) {
  ScriptedServer server(Trusted(), Cluster);
  Searcher searcher(server);
  const auto found = searcher.Find({});
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_THAT(Names(*found), ElementsAre("a/datafly", "b/datafly"));
  EXPECT_FALSE(found->at(0).unreadable.has_value());
  ASSERT_TRUE(found->at(1).unreadable.has_value());
  EXPECT_EQ(found->at(1).unreadable->message, "forbidden: needs get on secrets in b, as user ann");
  // One list, and one payload each of a, b, c and d; none of a's older revision or of e.
  EXPECT_EQ(server.Count(), 5);
  EXPECT_EQ(server.connections(), 1);
}

TEST(Installations, ANamedReleaseNeedsNoPayload) {
  ScriptedServer server(Trusted(), Cluster);
  Searcher searcher(server);
  const auto found = searcher.Find({"", "other", {}});
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_THAT(Names(*found), ElementsAre("c/other"));
  EXPECT_EQ(server.Count(), 1);
}

TEST(Installations, WithoutTheRightToListTheErrorNamesIt) {
  ScriptedServer server(Trusted(),
                        [](const SeenRequest&) { return ForbiddenTo("list", "secrets", ""); });
  Searcher searcher(server);
  const auto found = searcher.Find({});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, ErrorKind::Forbidden);
  EXPECT_EQ(found.error().message,
            "forbidden: needs list on secrets in the whole cluster, as user ann");
  EXPECT_THAT(found.error().remedy, HasSubstr("-n"));
}

TEST(Installations, AreSelectedByTheRecordsLabelsOverThoseOfTheNamespace) {
  ScriptedServer server(Trusted(), Cluster);
  Searcher searcher(server);
  for (const auto& [key, value, expected] :
       std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>{
           {"env", "prod", {"a/datafly"}},
           {"env", "stage", {"b/datafly"}},
           {"team", "data", {"a/datafly"}},  // the record's
           {"team", "web", {}},              // the namespace's, which the record's hides
       }) {
    const auto found = searcher.Find({"", "", Labelled(key, value)});
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_EQ(Names(*found), expected) << key << "=" << value;
  }
}

TEST(Installations, OfOneNamespaceAreSelectedWithoutClusterWideRights) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (request.path.starts_with("/api/v1/namespaces/a")) return Cluster(request);
    return ForbiddenTo("list", "everything", "");
  });
  Searcher searcher(server);
  const auto found = searcher.Find({"a", "", Labelled("env", "prod")});
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_THAT(Names(*found), ElementsAre("a/datafly"));
}

TEST(Installations, CannotBeSearchedForInAStoreThatKeepsNoObjects) {
  ScriptedServer server(Trusted(), Cluster);
  Searcher searcher(server);
  searcher.environment.Set("HELM_DRIVER", "sql");
  const auto found = searcher.Find({});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, ErrorKind::Unsupported);
  EXPECT_EQ(server.Count(), 0);
}

}  // namespace
}  // namespace datafly::testing

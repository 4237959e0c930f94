#include "common/core/base/base64.h"
#include "common/core/facts/snapshot.h"
#include "common/gather/gather.h"
#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

/// Which Secrets are read for the dates of certificates, and what is kept of them.
namespace datafly::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kRecords = "/api/v1/namespaces/datafly/secrets?";
constexpr const char* kSecret = "/api/v1/namespaces/datafly/secrets/";

Reply Json(std::string body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

std::string List(const std::string& items) {
  return fmt::format(R"({{"metadata":{{"resourceVersion":"1"}},"items":[{}]}})", items);
}

/// An Ingress of a Helm release ("" = of none) with TLS from these Secrets.
std::string Ingress(const std::string& name, const std::string& release,
                    const std::vector<std::string>& secrets, const std::string& part_of = "other") {
  std::string tls;
  for (const std::string& secret : secrets)
    tls += fmt::format(R"({}{{"secretName":"{}"}})", tls.empty() ? "" : ",", secret);
  const std::string owner =
      release.empty() ? "" : fmt::format(R"("meta.helm.sh/release-name":"{}")", release);
  return fmt::format(R"({{"metadata":{{"name":"{}","annotations":{{{}}},)"
                     R"("labels":{{"app.kubernetes.io/part-of":"{}"}}}},"spec":{{"tls":[{}]}}}})",
                     name, owner, part_of, tls);
}

std::string TlsSecret(const Identity& identity, std::string_view type = "kubernetes.io/tls") {
  return fmt::format(R"({{"kind":"Secret","type":"{}","data":{{"tls.crt":"{}","tls.key":"{}"}}}})",
                     type, EncodeBase64(identity.cert_pem), EncodeBase64(identity.key_pem));
}

/// A cluster of nothing but these Ingresses and a release by the name of "datafly".
Reply Cluster(const SeenRequest& request, const std::string& ingresses) {
  const auto asks = [&](std::string_view part) {
    return request.path.find(part) != std::string::npos;
  };
  if (request.path == "/version") return Json(R"({"gitVersion":"v1.36.3"})");
  if (request.path == "/api") return Json(R"({"kind":"APIVersions","versions":["v1"]})");
  if (request.path == "/apis") return Json(R"({"kind":"APIGroupList","groups":[]})");
  if (asks("selfsubject")) return Json(R"({"status":{"resourceRules":[],"incomplete":false}})");
  if (asks("/ingresses?")) return Json(List(ingresses));
  if (request.path.starts_with(kRecords)) {
    return Json(List(R"({"metadata":{"name":"sh.helm.release.v1.datafly.v1","labels":)"
                     R"({"owner":"helm","name":"datafly","version":"1","status":"deployed"}}})"));
  }
  if (asks("secrets/sh.helm.release.v1.datafly.v1")) {
    const std::string record = EncodeBase64(
        R"({"name":"datafly","namespace":"datafly","version":1,"info":{"status":"deployed"},)"
        R"("chart":{"metadata":{"name":"datafly","version":"1.2.0"}},"manifest":""})");
    return Json(
        fmt::format(R"({{"kind":"Secret","data":{{"release":"{}"}}}})", EncodeBase64(record)));
  }
  if (asks("limit=")) return Json(List(""));
  return Json(R"({"kind":"Status","reason":"NotFound","code":404})", 404);
}

class Harness : public KubeHarness {
 public:
  using KubeHarness::KubeHarness;
  Facts Gather(bool certificates = true, const std::string& release = "") {
    gather::Io io{loop, http, client, system, loop.Now() + kPatience};
    gather::ClusterRequest request{"datafly", release};
    request.certificates = certificates;
    auto gathered = gather::GatherCluster(io, DefaultProfile(), request);
    EXPECT_TRUE(gathered.has_value()) << (gathered ? "" : gathered.error().message);
    EXPECT_TRUE(!gathered || gathered->facts.release) << gathered->facts.release.absence().reason;
    return gathered ? std::move(gathered->facts) : Facts{};
  }
  FakeFileSystem files;
  FakeEnvironment environment;
  FakeClock clock;
  FakeProcessRunner processes;
  System system{files, environment, clock, processes, loop};
};

std::vector<std::string> SecretsAskedFor(const ScriptedServer& server) {
  std::vector<std::string> names;
  for (const SeenRequest& request : server.requests()) {
    if (request.path.starts_with(kSecret) && request.path.find("helm") == std::string::npos)
      names.push_back(request.path.substr(std::string_view(kSecret).size()));
  }
  return names;
}

TEST(TlsSecrets, DatesAndNamesAreKeptAndNothingElse) {
  const Identity identity =
      Ca().Issue({"data.example.com", {"DNS:data.example.com", "DNS:*.example.com"}, -1, 30});
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (request.path == std::string(kSecret) + "web") return Json(TlsSecret(identity));
    return Cluster(request,
                   Ingress("a", "datafly", {"web"}) + "," + Ingress("b", "datafly", {"web"}));
  });
  Harness harness(server);
  const Facts facts = harness.Gather();
  ASSERT_TRUE(facts.tls_secrets) << facts.tls_secrets.absence().reason;
  ASSERT_EQ(facts.tls_secrets->size(), 1U);
  const TlsSecretFacts& web = facts.tls_secrets->front();
  EXPECT_THAT(web.used_by, ElementsAre("Ingress/a", "Ingress/b"));
  ASSERT_TRUE(web.certificate) << web.certificate.absence().reason;
  EXPECT_THAT(web.certificate->dns_names, ElementsAre("data.example.com", "*.example.com"));
  const auto life = web.certificate->not_after - web.certificate->not_before;
  EXPECT_EQ(life, std::chrono::days(31));
  EXPECT_THAT(SecretsAskedFor(server), ElementsAre("web"));

  const std::string text = SaveSnapshot({facts, {}}, SnapshotForm::Plain).value();
  EXPECT_THAT(text, HasSubstr("data.example.com"));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("BEGIN")), Not(HasSubstr("LS0tLS1")),
                          Not(HasSubstr(EncodeBase64(identity.key_pem).substr(60, 40)))));
}

TEST(TlsSecrets, WhatIsNoCertificateIsSaidForEach) {
  const Identity identity = Ca().Issue();
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    const auto is = [&](const char* name) { return request.path == std::string(kSecret) + name; };
    if (is("opaque")) return Json(TlsSecret(identity, "Opaque"));
    if (is("garbage")) return Json(TlsSecret({"not PEM", "not PEM"}));
    if (is("empty")) return Json(R"({"type":"kubernetes.io/tls"})");
    if (is("mine")) return Json(R"({"kind":"Status","reason":"Forbidden","code":403})", 403);
    return Cluster(request,
                   Ingress("a", "datafly", {"opaque", "garbage", "empty", "mine", "gone"}));
  });
  Harness harness(server);
  const Facts facts = harness.Gather();
  ASSERT_TRUE(facts.tls_secrets);
  std::map<std::string, Absence> why;
  for (const TlsSecretFacts& secret : *facts.tls_secrets)
    why[secret.secret] = secret.certificate.absence();
  ASSERT_EQ(why.size(), 5U);
  EXPECT_THAT(why["opaque"].reason, HasSubstr("type \"Opaque\", not kubernetes.io/tls"));
  EXPECT_EQ(why["garbage"].reason, "tls.crt is no PEM certificate");
  EXPECT_EQ(why["empty"].reason, "the Secret has no tls.crt");
  EXPECT_EQ(why["gone"].kind, AbsenceKind::NotFound);
  EXPECT_EQ(why["mine"].kind, AbsenceKind::Forbidden);
  EXPECT_EQ(why["mine"].needs, "get secrets/mine in datafly");
}

TEST(TlsSecrets, OnlyTheReleasesOwnIngressesCount) {
  const Identity identity = Ca().Issue();
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (request.path.starts_with(kSecret) && request.path.find("helm") == std::string::npos)
      return Json(TlsSecret(identity));
    return Cluster(request, Ingress("ours", "datafly", {"ours"}) + "," +
                                Ingress("theirs", "shop", {"theirs"}) + "," +
                                Ingress("by-hand", "", {"by-hand"}));
  });
  Harness harness(server);
  const Facts facts = harness.Gather();
  ASSERT_TRUE(facts.tls_secrets);
  ASSERT_EQ(facts.tls_secrets->size(), 1U);
  EXPECT_EQ(facts.tls_secrets->front().secret, "ours");
  EXPECT_THAT(SecretsAskedFor(server), Not(Contains("by-hand")));
  Harness named(server);
  const auto before = SecretsAskedFor(server).size();
  EXPECT_EQ(named.Gather(true, "datafly").tls_secrets->size(), 1U);
  EXPECT_EQ(SecretsAskedFor(server).size(), before + 1) << "it is known whose they are";
}

// The Secrets go out with the release's payload: one that is mute does not hold up the other.
TEST(TlsSecrets, AreReadBesideTheReleasesPayload) {
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    Reply reply = Cluster(request, Ingress("a", "datafly", {"web"}));
    if (request.path.find("release.v1.datafly.v1") != std::string::npos) {
      reply.then = Reply::Then::Stall;
      reply.send_headers = false;
    }
    return reply;
  });
  Harness harness(server);
  gather::Io io{harness.loop, harness.http, harness.client, harness.system,
                harness.loop.Now() + std::chrono::milliseconds(1500)};
  gather::ClusterRequest request{"datafly", ""};
  request.certificates = true;
  (void)gather::GatherCluster(io, DefaultProfile(), request);
  EXPECT_THAT(SecretsAskedFor(server), ElementsAre("web"));
}

TEST(TlsSecrets, NothingIsAskedForWhereNobodyWantsToKnow) {
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    return Cluster(request, Ingress("a", "datafly", {"web"}));
  });
  Harness harness(server);
  EXPECT_EQ(harness.Gather(false).tls_secrets.absence().kind, AbsenceKind::NotAsked);
  EXPECT_THAT(SecretsAskedFor(server), IsEmpty());
  for (const SeenRequest& request : server.requests())
    EXPECT_THAT(request.path, Not(HasSubstr("ingresses")));
}

TEST(TlsSecrets, IngressesThatMayNotBeListedAreSaid) {
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (request.path.find("/ingresses?") != std::string::npos)
      return Json(R"({"kind":"Status","reason":"Forbidden","code":403})", 403);
    return Cluster(request, "");
  });
  Harness harness(server);
  const Facts facts = harness.Gather();
  EXPECT_EQ(facts.tls_secrets.absence().needs, "list ingresses in datafly");
}

}  // namespace
}  // namespace datafly::testing

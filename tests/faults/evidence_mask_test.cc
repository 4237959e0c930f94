#include "common/gather/evidence_mask.h"
#include "common/core/base/base64.h"
#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

/// What is masked of pods' words, and what is said where the namespace's Secrets cannot be read.
namespace datafly::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kOfTheRelease = "word-of-the-release";
constexpr const char* kOfTheNamespace = "word-of-the-namespace";

release::ReleaseRecord Record() {
  release::ReleaseRecord record;
  record.name = "datafly";
  record.name_space = "datafly";
  record.manifest = fmt::format(
      "apiVersion: v1\nkind: Secret\nmetadata: {{name: own}}\nstringData: {{token: {}}}\n",
      kOfTheRelease);
  return record;
}

Reply Answer(std::string body, int status = 200) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

class Harness : public KubeHarness {
 public:
  using KubeHarness::KubeHarness;
  gather::EvidenceMask Learn(Millis patience = Millis(5000)) {
    const release::ReleaseRecord record = Record();
    gather::Io io{loop, http, client, system, loop.Now() + patience};
    auto learnt = gather::LearnEvidenceMask(io, "datafly", {&record, nullptr});
    EXPECT_TRUE(learnt.has_value());
    return learnt ? *std::move(learnt) : gather::EvidenceMask{};
  }
  gather::Gathered Gather() {
    gather::Io io{loop, http, client, system, loop.Now() + Millis(3000)};
    auto gathered = gather::GatherCluster(io, DefaultProfile(), {"datafly", "", false});
    EXPECT_TRUE(gathered.has_value()) << gathered.error().message;
    return gathered ? *std::move(gathered) : gather::Gathered{};
  }
  FakeFileSystem files;
  FakeEnvironment environment;
  FakeClock clock;
  FakeProcessRunner processes;
  System system{files, environment, clock, processes, loop};
};

std::string Words() { return fmt::format("{} and {}", kOfTheRelease, kOfTheNamespace); }

TEST(EvidenceMask, TakesOutWhatTheReleaseAndItsNamespaceKeepSecret) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) {
    return Answer(fmt::format(R"({{"metadata":{{"resourceVersion":"1"}},"items":[)"
                              R"({{"metadata":{{"name":"other"}},"data":{{"a":"{}"}}}}]}})",
                              EncodeBase64(kOfTheNamespace)));
  });
  const gather::EvidenceMask learnt = Harness(server).Learn();
  EXPECT_THAT(learnt.gap, IsEmpty());
  const std::string masked = learnt.mask(Words());
  EXPECT_EQ(masked.find("word-of"), std::string::npos) << masked;
}

TEST(EvidenceMask, SaysThatTheNamespacesSecretsMayNotBeRead) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) {
    return Answer(R"({"kind":"Status","reason":"Forbidden","message":"secrets is forbidden",)"
                  R"("code":403})",
                  403);
  });
  const gather::EvidenceMask learnt = Harness(server).Learn();
  EXPECT_THAT(learnt.gap, AllOf(HasSubstr("the Secrets of namespace datafly cannot be read"),
                                HasSubstr("forbidden")));
  const std::string masked = learnt.mask(Words());
  EXPECT_EQ(masked.find(kOfTheRelease), std::string::npos) << masked;
}

TEST(EvidenceMask, DoesNotHoldUpAnUpgradeForTheSecrets) {
  ScriptedServer server(Trusted(), [](const SeenRequest&) {
    Reply reply;
    reply.then = Reply::Then::Stall;
    reply.send_headers = false;
    return reply;
  });
  EXPECT_THAT(Harness(server).Learn(Millis(200)).gap, HasSubstr("cannot be read"));
}

std::string ListOf(const std::string& item) {
  return fmt::format(R"({{"metadata":{{"resourceVersion":"1"}},"items":[{}]}})", item);
}

/// What a namespace with one release holds, whose pod has said `words` when it ended. The record is
/// given only to who has asked for the namespace's Secrets before: in a burst of its own for them
/// it would never come.
ScriptedServer::Script NamespaceWhere(const std::string& words, std::atomic<bool>& secrets_asked) {
  return [words, &secrets_asked](const SeenRequest& request) {
    const std::string& path = request.path;
    const auto asks = [&](const char* part) { return path.find(part) != std::string::npos; };
    if (path == "/version") return Answer(R"({"gitVersion":"v1.36.3"})");
    if (asks("/secrets?") && asks("labelSelector"))
      return Answer(ListOf(
          R"({"metadata":{"name":"sh.helm.release.v1.datafly.v1","namespace":"datafly","labels":)"
          R"({"owner":"helm","name":"datafly","version":"1","status":"deployed"}}})"));
    if (asks("/secrets?")) {
      secrets_asked = true;
      return Answer(ListOf(fmt::format(R"({{"metadata":{{"name":"other"}},"data":{{"a":"{}"}}}})",
                                       EncodeBase64(kOfTheNamespace))));
    }
    if (asks("/secrets/sh.helm.release")) {
      const std::string record = EncodeBase64(
          R"({"name":"datafly","namespace":"datafly","version":1,"info":{"status":"deployed"},)"
          R"("chart":{"metadata":{"name":"datafly","version":"1.2.0"}},"manifest":""})");
      Reply reply = Answer(
          fmt::format(R"({{"kind":"Secret","data":{{"release":"{}"}}}})", EncodeBase64(record)));
      if (!secrets_asked && !words.empty()) reply.then = Reply::Then::Stall;
      reply.send_headers = reply.then != Reply::Then::Stall;
      return reply;
    }
    if (asks("/pods?"))
      return Answer(ListOf(fmt::format(
          R"({{"metadata":{{"name":"p","namespace":"datafly"}},"status":{{"containerStatuses":)"
          R"([{{"name":"c","state":{{"terminated":{{"exitCode":1,"message":"{}"}}}}}}]}}}})",
          words)));
    return asks("limit=") ? Answer(ListOf("")) : Answer("{}", 404);
  };
}

TEST(LastWords, TheSecretsAreAskedForTogetherWithTheRecord) {
  std::atomic<bool> asked{false};
  ScriptedServer server(Trusted(), NamespaceWhere(Words(), asked));
  const auto gathered = Harness(server).Gather();
  ASSERT_TRUE(gathered.facts.release.Known()) << gathered.facts.release.absence().reason;
  ASSERT_TRUE(gathered.facts.pods.Known() && gathered.facts.pods->size() == 1);
  const std::string& words = gathered.facts.pods->front().containers.at(0).state.message;
  EXPECT_THAT(words, HasSubstr("***"));
  EXPECT_EQ(words.find(kOfTheNamespace), std::string::npos) << words;
}

TEST(LastWords, WithoutThemNoSecretIsRead) {
  std::atomic<bool> asked{false};
  ScriptedServer server(Trusted(), NamespaceWhere("", asked));
  const auto gathered = Harness(server).Gather();
  EXPECT_TRUE(gathered.facts.release.Known()) << gathered.facts.release.absence().reason;
  EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace datafly::testing

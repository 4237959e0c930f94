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

}  // namespace
}  // namespace datafly::testing

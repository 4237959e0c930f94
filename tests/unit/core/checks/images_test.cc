#include "tests/unit/core/checks/healthy_platform.h"

namespace datafly::checks::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using State = ImageFacts::State;

constexpr const char* kProcessor = "event-processor";

ImageFacts& TargetImage(Facts& facts) { return (*facts.target->images)[1]; }
ImageFacts& TodaysImage(Facts& facts) { return (*facts.images)[1]; }

Facts WithState(State state, bool release_has_secrets = false) {
  Facts facts = HealthyFactsWithTarget();
  TargetImage(facts).state = state;
  TargetImage(facts).detail = "the registry's words";
  if (release_has_secrets) {
    WorkloadNamed(facts.target->rendered, kProcessor).pod.image_pull_secrets = {"registry"};
  }
  return facts;
}

TEST(ImagesFamily, HealthyImagesPass) {
  for (const Facts& facts : {HealthyFacts(), HealthyFactsWithTarget()}) {
    const std::vector<Finding> findings = Judge(kImagesFamily, facts);
    ExpectWellFormed(findings, kImagesFamily);
    EXPECT_EQ(Codes(findings, CheckVerdict::Pass).size(), kImagesFamily.catalogue.size());
  }
}

TEST(ImagesFamily, EachAnswerHasItsOwnCode) {
  struct Answer {
    State state;
    bool secrets;
    const char* code;
    const char* verdict;
    const char* remedy;
  };
  const Answer cases[] = {
      {State::NoSuchTag, false, "SIG-IMG-001", "fail", "tag"},
      {State::NoAnswer, false, "SIG-IMG-001", "unknown", "registry.example"},
      {State::PullSecretRefused, true, "SIG-IMG-002", "fail", "imagePullSecrets"},
      {State::Unauthorized, true, "SIG-IMG-003", "unknown", "create secret docker-registry"},
  };
  for (const Answer& c : cases) {
    SCOPED_TRACE(c.code);
    const std::vector<Finding> findings = Judge(kImagesFamily, WithState(c.state, c.secrets));
    ExpectWellFormed(findings, kImagesFamily);
    const std::vector<Finding> own = Of(findings, c.code);
    ASSERT_EQ(own.size(), 1U);
    EXPECT_EQ(ToString(own[0].verdict), c.verdict);
    EXPECT_EQ(own[0].object, "image registry.example/datafly/event-processor:v1.3.0");
    EXPECT_THAT(own[0].remedy, HasSubstr(c.remedy));
    EXPECT_THAT(own[0].evidence,
                ElementsAre("the registry's words", "used by Deployment/event-processor"));
    EXPECT_EQ(own[0].requirement, Requirement::Advisory);
    EXPECT_EQ(Codes(findings, CheckVerdict::Pass).size(), kImagesFamily.catalogue.size() - 1);
  }
}

TEST(ImagesFamily, ARegistryWithoutAPullSecretIsOneWarning) {
  Facts facts = WithState(State::Unauthorized);
  facts.target->images->front().state = State::Unauthorized;
  const std::vector<Finding> findings = Judge(kImagesFamily, facts);
  ExpectWellFormed(findings, kImagesFamily);
  const std::vector<Finding> own = Of(findings, "SIG-IMG-004");
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].verdict, CheckVerdict::Warn);
  EXPECT_EQ(own[0].object, "registry registry.example");
  EXPECT_THAT(own[0].remedy, HasSubstr("--docker-server=registry.example"));
  EXPECT_THAT(own[0].evidence,
              ElementsAre("used by Deployment/ingestion-gateway", "the registry's words",
                          "used by Deployment/event-processor"));
}

TEST(ImagesFamily, PlatformsAreSkippedWhenNoImageExists) {
  Facts facts = WithState(State::NoSuchTag);
  facts.images = Absence{AbsenceKind::NotAsked, "judged with --to", {}};
  for (ImageFacts& image : *facts.target->images) {
    image.state = State::NoSuchTag;
    image.platforms.clear();
  }
  const std::vector<Finding> findings = Judge(kImagesFamily, facts);
  const std::vector<Finding> own = Of(findings, "SIG-IMG-005");
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].verdict, CheckVerdict::Skipped);
}

TEST(ImagesFamily, PlatformsOfTheNodes) {
  struct Platforms {
    const char* name;
    std::vector<std::string> image;
    std::vector<std::string> nodes;  ///< architectures
    const char* verdict;
  };
  const Platforms cases[] = {
      {"same", {"linux/amd64"}, {"amd64"}, "pass"},
      {"one of several", {"linux/arm64", "linux/amd64"}, {"amd64"}, "pass"},
      {"variant", {"linux/arm64/v8"}, {"arm64"}, "pass"},
      {"none", {"linux/arm64"}, {"amd64"}, "fail"},
      {"prefix is no match", {"linux/arm"}, {"arm64"}, "fail"},
      {"some nodes", {"linux/amd64"}, {"amd64", "arm64"}, "warn"},
      {"the registry does not say", {}, {"amd64"}, "pass"},
  };
  for (const Platforms& c : cases) {
    SCOPED_TRACE(c.name);
    Facts facts = HealthyFactsWithTarget();
    TargetImage(facts).platforms = c.image;
    facts.images = Absence{};
    facts.nodes->clear();
    for (const std::string& architecture : c.nodes) {
      facts.nodes->push_back(HealthyNode(architecture));
      facts.nodes->back().architecture = architecture;
    }
    const std::vector<Finding> findings = Judge(kImagesFamily, facts);
    ExpectWellFormed(findings, kImagesFamily);
    // The other images are built for amd64 only.
    const std::vector<Finding> own = Of(findings, "SIG-IMG-005");
    const auto ours = std::find_if(own.begin(), own.end(), [](const Finding& finding) {
      return finding.object.find(kProcessor) != std::string::npos;
    });
    EXPECT_EQ(ours == own.end() ? "pass" : ToString(ours->verdict), c.verdict);
  }
}

TEST(ImagesFamily, PlatformsThatNobodyTellsAreUnknown) {
  Facts facts = HealthyFacts();
  for (ImageFacts& image : *facts.images) image.platforms.clear();
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-005"), "unknown");
  facts = HealthyFacts();
  facts.nodes = Absence{AbsenceKind::Forbidden, "no", "list nodes"};
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-005"), "unknown");
}

TEST(ImagesFamily, WhatThePodsSayFailsOnlyThere) {
  Facts facts = HealthyFacts();
  TodaysImage(facts).state = State::NoSuchTag;
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-001"), "fail");
  Unready(facts, kProcessor).containers.back().state =
      WaitingState("ImagePullBackOff", "ErrImagePull: r: not found");
  const Finding skipped = Of(Judge(kImagesFamily, facts), "SIG-IMG-001").front();
  EXPECT_EQ(skipped.verdict, CheckVerdict::Skipped);
  EXPECT_THAT(skipped.seen, HasSubstr("see SIG-POD-005"));
}

TEST(ImagesFamily, ReadyPodsProveThatTheNodesGetIn) {
  Facts facts = HealthyFacts();
  for (const State state : {State::Unauthorized, State::NoAnswer, State::PullSecretRefused}) {
    TodaysImage(facts).state = state;
    EXPECT_THAT(Codes(Judge(kImagesFamily, facts), CheckVerdict::Unknown), IsEmpty());
    EXPECT_THAT(Codes(Judge(kImagesFamily, facts), CheckVerdict::Fail), IsEmpty());
  }
}

TEST(ImagesFamily, NotAskedIsSkippedAndNotKnownIsUnknown) {
  Facts facts = HealthyFacts();
  facts.images = Absence{};
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-001"), "skipped");
  // Ready pods on a node prove that their images are built for it, and for no other platform.
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-005"), "pass");
  facts.nodes->push_back(HealthyNode("node2"));
  facts.nodes->back().architecture = "arm64";
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-005"), "skipped");
  facts.nodes->pop_back();
  Unready(facts, "management-ui");
  EXPECT_EQ(Verdicts(Judge(kImagesFamily, facts), "SIG-IMG-005"), "skipped");
  facts = HealthyFactsWithTarget();
  facts.images = Absence{};
  facts.target->images = Absence{AbsenceKind::Unreachable, "no way", "https://registry.example"};
  const std::vector<Finding> findings = Judge(kImagesFamily, facts);
  EXPECT_THAT(Codes(findings, CheckVerdict::Unknown), ElementsAre("SIG-IMG-001"));
  EXPECT_EQ(findings[0].needs, "https://registry.example");
  EXPECT_EQ(findings[0].requirement, Requirement::Advisory);
  EXPECT_THAT(Codes(findings, CheckVerdict::Pass), IsEmpty());

  // Today's are known, the target's are not: that is not hidden.
  facts.images = HealthyFacts().images;
  EXPECT_THAT(Codes(Judge(kImagesFamily, facts), CheckVerdict::Unknown),
              ElementsAre("SIG-IMG-001"));
}

}  // namespace
}  // namespace datafly::checks::test

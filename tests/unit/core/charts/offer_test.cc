#include "common/core/charts/offer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/charts/repositories.h"
#include "common/core/charts/versions.h"

namespace datafly::charts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> VersionsOf(const std::vector<Offer>& offers) {
  std::vector<std::string> versions;
  for (const Offer& offer : offers) versions.push_back(offer.version.ToString());
  return versions;
}

SemVer V(const char* text) { return SemVer::Parse(text).value(); }

TEST(Tags, ThatAreVersionsAreOffers) {
  EXPECT_THAT(VersionsOf(OffersOfTags({"1.2.0", "latest", "1.3.0-rc.1", "1.2.0_build.5", "1.2",
                                       "v1.4.0", "sha256-0a1b.sig", ""})),
              ElementsAre("1.2.0", "1.3.0-rc.1", "1.2.0+build.5"));
}

TEST(Tags, HoldAnUnderscoreForThePlus) {
  EXPECT_EQ(TagOf(V("1.2.0-rc.1+b.5")), "1.2.0-rc.1_b.5");
  EXPECT_EQ(TagOf(V("1.2.0")), "1.2.0");
}

TEST(ChartConfig, IsChartYamlAsJson) {
  const auto chart = ParseChartConfig(
      R"({"name":"datafly","version":"1.3.0","appVersion":"1.3.1","kubeVersion":"^1.28",)"
      R"("deprecated":true,"keywords":["a"]})");
  ASSERT_TRUE(chart.has_value());
  EXPECT_EQ(chart->version, "1.3.0");
  EXPECT_EQ(chart->app_version, "1.3.1");
  EXPECT_EQ(chart->kube_version, "^1.28");
  EXPECT_TRUE(chart->deprecated);
}

TEST(ChartConfig, OfAnotherShapeIsAnErrorOrLeavesThingsOut) {
  for (const char* text : {"", "[]", "{}", "7", R"({"version":7e})", R"({"version":["1.0.0"]})"})
    EXPECT_FALSE(ParseChartConfig(text).has_value()) << text;
  const auto odd = ParseChartConfig(
      R"({"version":"1.0.0","name":{},"appVersion":null,"deprecated":"yes","created":5})");
  ASSERT_TRUE(odd.has_value());
  EXPECT_EQ(odd->name + odd->app_version, "");
  EXPECT_FALSE(odd->deprecated || odd->created.has_value());
}

std::vector<Offer> Offers() {
  return OffersOfTags(
      {"1.2.0", "1.10.0", "1.1.9", "2.0.0-rc.1", "1.9.0", "1.2.0-rc.1", "1.10.0", "2.0.0-rc.2"});
}

TEST(Choice, IsWhatIsNewerNewestFirst) {
  const Chosen chosen = ChooseOffers(Offers(), {V("1.2.0"), false, false});
  EXPECT_THAT(VersionsOf(chosen.offers), ElementsAre("1.10.0", "1.9.0"));
  EXPECT_EQ(chosen.hidden_prereleases, 2U);
}

TEST(Choice, HasPrereleasesAndOlderOnesWhenAsked) {
  EXPECT_THAT(VersionsOf(ChooseOffers(Offers(), {V("1.2.0"), false, true}).offers),
              ElementsAre("2.0.0-rc.2", "2.0.0-rc.1", "1.10.0", "1.9.0"));
  const Chosen all = ChooseOffers(Offers(), {V("1.2.0"), true, true});
  EXPECT_THAT(VersionsOf(all.offers), ElementsAre("2.0.0-rc.2", "2.0.0-rc.1", "1.10.0", "1.9.0",
                                                  "1.2.0", "1.2.0-rc.1", "1.1.9"));
  EXPECT_EQ(all.hidden_prereleases, 0U);
}

TEST(Choice, IsEverythingWhenTodayIsNotKnown) {
  const Chosen chosen = ChooseOffers(Offers(), {});
  EXPECT_THAT(VersionsOf(chosen.offers), ElementsAre("1.10.0", "1.9.0", "1.2.0", "1.1.9"));
}

TEST(RunsOn, HoldsTheRangeAgainstTheServer) {
  const auto runs = [](const char* range, const char* server) {
    ChartMetadata chart;
    chart.kube_version = range;
    return RunsOn(chart, server);
  };
  EXPECT_EQ(runs(">=1.28.0-0", "v1.31.2+k3s1"), Runs::Yes);
  EXPECT_EQ(runs(">=1.28.0-0", "v1.29.1-gke.100"), Runs::Yes);
  EXPECT_EQ(runs(">=1.32.0-0", "v1.31.2"), Runs::No);
  EXPECT_EQ(runs("", "v1.31.2"), Runs::Yes);
  EXPECT_EQ(runs("", ""), Runs::Yes) << "no range is one that every cluster meets";
  EXPECT_EQ(runs(">=1.28.0-0", ""), Runs::Unknown);
  EXPECT_EQ(runs("as you like", "v1.31.2"), Runs::Unknown);
}

constexpr const char* kRepositories = R"(apiVersion: ""
generated: "0001-01-01T00:00:00Z"
repositories:
- name: stable
  url: https://stable.example
- caFile: /ca.pem
  certFile: /c.pem
  insecure_skip_tls_verify: true
  keyFile: /k.pem
  name: signal
  password: 0123
  url: https://charts.example/signal/
  username: ann
)";

TEST(Repositories, AreFoundByName) {
  const auto repository = FindRepository(kRepositories, "/r.yaml", "signal");
  ASSERT_TRUE(repository.has_value()) << repository.error().message;
  EXPECT_EQ(repository->url, "https://charts.example/signal/");
  EXPECT_EQ(repository->username, "ann");
  EXPECT_EQ(repository->password.Reveal(), "0123");
  EXPECT_EQ(repository->ca_file + repository->cert_file + repository->key_file,
            "/ca.pem/c.pem/k.pem");
  EXPECT_TRUE(repository->insecure_skip_tls_verify);
  EXPECT_FALSE(FindRepository(kRepositories, "/r.yaml", "stable")->insecure_skip_tls_verify);
}

TEST(Repositories, ThatAreNotThereAreNamedWithARemedy) {
  const auto near = FindRepository(kRepositories, "/r.yaml", "signla");
  ASSERT_FALSE(near.has_value());
  EXPECT_EQ(near.error().message, "/r.yaml has no repository \"signla\"");
  EXPECT_EQ(near.error().remedy, "did you mean signal?");
  EXPECT_EQ(FindRepository("", "/r.yaml", "x y").error().remedy, "add it: helm repo add 'x y' URL");
}

TEST(Repositories, OfABrokenFileTellNoValue) {
  const auto broken = FindRepository("repositories:\n- password: hunter2\n :\n- [", "/r.yaml", "x");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("/r.yaml"));
  EXPECT_THAT(broken.error().message, Not(HasSubstr("hunter2")));
  for (const char* odd : {"7", "[]", "repositories: 7", "repositories: [7, [], {}]"})
    EXPECT_FALSE(FindRepository(odd, "/r.yaml", "x").has_value()) << odd;
}

TEST(IndexUrl, IsBelowTheRepositorys) {
  EXPECT_EQ(IndexUrl("https://c.example"), "https://c.example/index.yaml");
  EXPECT_EQ(IndexUrl("https://c.example/x//"), "https://c.example/x/index.yaml");
  EXPECT_EQ(IndexUrl("https://c.example/x/?token=1"), "https://c.example/x/index.yaml?token=1");
}

}  // namespace
}  // namespace datafly::charts

#include "common/core/profile/cluster_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/core/manifest/yaml.h"

namespace datafly {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ClusterProfile Read(std::string_view yaml) {
  const auto profile = ReadClusterProfile(yaml);
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile.value_or(ClusterProfile{});
}

TEST(ClusterProfile, KeepsOnlyWhatItMayTighten) {
  const ClusterProfile cluster = Read(R"(
platform: {minimums: {nodes: 5, kubernetes: 1.30}}
backups: {maxAge: 15m, claim: "password hunter2"}
chart: {ref: "oci://user:hunter2@evil.example/x"}
restarts: {warn: many}
nonsense: 1
)");
  EXPECT_EQ(cluster.asks,
            "backups:\n  maxAge: \"15m\"\nplatform:\n  minimums:\n    kubernetes: \"1.30\"\n"
            "    nodes: \"5\"\n");
  EXPECT_THAT(cluster.refused,
              ElementsAre(HasSubstr("backups.claim: only your own --config file may set it"),
                          HasSubstr("chart.ref: only your own"), HasSubstr("nonsense: unknown key"),
                          HasSubstr("restarts.warn: expected a whole number")));
  for (const std::string& line : cluster.refused) EXPECT_THAT(line, Not(HasSubstr("hunter2")));
}

TEST(ClusterProfile, OfNothingAsksForNothing) {
  for (const char* yaml : {"", "# only words\n", "platform:\n", "{}"}) {
    const ClusterProfile cluster = Read(yaml);
    EXPECT_THAT(cluster.asks, IsEmpty()) << yaml;
    EXPECT_THAT(Tighten(DefaultProfile(), cluster).tightened, IsEmpty()) << yaml;
  }
  for (const char* yaml : {"- a\n- b\n", "a: [", "word"})
    EXPECT_FALSE(ReadClusterProfile(yaml)) << yaml << ": what cannot be read is not nothing";
}

TEST(ClusterProfile, TightensAndSaysWhatItDid) {
  const auto in_force = Tighten(
      DefaultProfile(), Read("backups: {maxAge: 15m}\nplatform: {minimums: {nodes: 2}}\n"
                             "continuity: {secretKeys: [ENCRYPTION_KEY, JWT_SECRET, PEPPER]}\n"
                             "services: {event-processor: {servesTraffic: true}}\n"));
  EXPECT_EQ(in_force.profile.backup_max_age, Millis(15 * 60 * 1000));
  EXPECT_EQ(in_force.profile.minimums.nodes, 3) << "never fewer";
  EXPECT_THAT(in_force.tightened,
              ElementsAre("services: also event-processor", "continuity.secretKeys: also PEPPER",
                          "backups.maxAge: 15m instead of 1h"));
  EXPECT_THAT(in_force.looser, ElementsAre("platform.minimums.nodes: it may only be raised"));
}

TEST(ClusterProfile, IsLaidOverWhateverProfileTheUserHas) {
  const ClusterProfile cluster = Read("platform: {minimums: {nodes: 2}}");
  Profile lowered = DefaultProfile();
  lowered.minimums.nodes = 1;
  EXPECT_EQ(Tighten(lowered, cluster).profile.minimums.nodes, 2);
  EXPECT_EQ(Tighten(DefaultProfile(), cluster).profile.minimums.nodes, 3);
  const auto twice = Tighten(Tighten(lowered, cluster).profile, cluster);
  EXPECT_EQ(twice.profile.minimums.nodes, 2);
  EXPECT_THAT(twice.tightened, IsEmpty());
  EXPECT_THAT(twice.looser, IsEmpty());
}

TEST(ClusterProfile, OfADamagedSnapshotTightensNothingAndIsNamed) {
  const auto in_force = Tighten(DefaultProfile(), {"a: [", {}});
  EXPECT_EQ(FormatProfile(in_force.profile, false), FormatProfile(DefaultProfile(), false));
  EXPECT_THAT(in_force.looser, ElementsAre(HasSubstr("the recorded profile")));
}

TEST(ClusterProfile, TheExampleIsTakenWhole) {
  std::ostringstream text;
  text << std::ifstream(SIGNAL_SOURCE_DIR "/examples/signal-profile.yaml").rdbuf();
  const auto object = yaml::ParseDocument(text.str());
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ((*object)["metadata"]["name"], std::string(kClusterProfileName));
  const auto in_force =
      Tighten(DefaultProfile(),
              Read((*object)["data"][std::string(kClusterProfileKey)].get<std::string>()));
  EXPECT_EQ(in_force.tightened.size(), 4U)
      << fmt::format("{}", fmt::join(in_force.tightened, "; "));
  EXPECT_THAT(in_force.looser, IsEmpty());
}

}  // namespace
}  // namespace datafly

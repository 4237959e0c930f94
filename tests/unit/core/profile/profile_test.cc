#include "common/core/profile/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/base/text.h"

namespace datafly {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Profile Overlay(std::string_view yaml) {
  Result<Profile> profile = OverlayProfile(DefaultProfile(), yaml, "profile.yaml");
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile.value_or(DefaultProfile());
}

std::string Shown(const Profile& profile) { return FormatProfile(profile, false); }

TEST(DefaultProfile, IsWhatTheProductDocuments) {
  Profile profile = DefaultProfile();
  ASSERT_EQ(profile.services.size(), 6U);
  EXPECT_EQ(profile.services[0].deployment, "ingestion-gateway");
  EXPECT_TRUE(profile.services[0].serves_traffic);
  for (std::size_t i = 1; i < 6; ++i) EXPECT_FALSE(profile.services[i].serves_traffic);
  EXPECT_THAT(profile.continuity_keys, ElementsAre("ENCRYPTION_KEY", "JWT_SECRET"));
  EXPECT_THAT(profile.continuity_env, ElementsAre("KAFKA_CONSUMER_GROUP"));
  EXPECT_EQ(profile.minimums.kubernetes, "1.28");
  EXPECT_EQ(FormatBytes(profile.minimums.node_memory), "8Gi");
}

TEST(OverlayProfile, SetsEveryKey) {
  Profile p = Overlay(R"(
chart: {name: signal, ref: "oci://registry.example/datafly", plainHttp: true, releaseNotesUrl: "https://x.example/{version}"}
platform:
  partOfLabel: signal
  minimums: {kubernetes: 1.30, kubernetesRecommended: 1.31.2, nodes: 1, nodesRecommended: 2, nodeCpu: 500m, nodeMemory: 1536Mi}
services:
  event-processor: {servesTraffic: true}
  delivery-ga4: {title: Delivery to GA4}
  management-ui:
migrations: {container: schema, workload: api}
continuity: {secretKeys: [A], env: []}
restarts: {warn: 5, window: 2h}
backups: {maxAge: 15m, claim: "2026-11-26T02:00:00Z"}
history: {max: 20}
versions: {skippedMinorsAllowed: 1}
)");
  EXPECT_EQ(p.chart, "signal");
  EXPECT_EQ(p.chart_ref, "oci://registry.example/datafly");
  EXPECT_TRUE(p.registry_plain_http);
  EXPECT_EQ(p.release_notes_url, "https://x.example/{version}");
  EXPECT_EQ(p.part_of_label, "signal");
  EXPECT_EQ(p.minimums.kubernetes, "1.30") << "not the number 1.3";
  EXPECT_EQ(p.minimums.kubernetes_recommended, "1.31.2");
  EXPECT_EQ(p.minimums.nodes, 1);
  EXPECT_EQ(p.minimums.nodes_recommended, 2);
  EXPECT_EQ(p.minimums.node_cpu.milli, 500);
  EXPECT_EQ(FormatBytes(p.minimums.node_memory), "1536Mi");
  ASSERT_EQ(p.services.size(), 7U);
  EXPECT_TRUE(p.services[1].serves_traffic);
  EXPECT_EQ(p.services[1].title, "Event Processor");
  EXPECT_EQ(p.services[5].title, "Management UI");
  EXPECT_EQ(p.services[6].title, "Delivery to GA4");
  EXPECT_EQ(p.migrate_container, "schema");
  EXPECT_EQ(p.migrations_workload, "api");
  EXPECT_THAT(p.continuity_keys, ElementsAre("A"));
  EXPECT_THAT(p.continuity_env, IsEmpty());
  EXPECT_EQ(p.restarts_warn, 5);
  EXPECT_EQ(p.restart_window, Millis(7200 * 1000));
  EXPECT_EQ(p.backup_max_age, Millis(900 * 1000));
  EXPECT_EQ(p.backup_claim, "2026-11-26T02:00:00Z");
  EXPECT_EQ(p.history_max, 20);
  EXPECT_EQ(p.skipped_minors_allowed, 1);
}

TEST(OverlayProfile, AnEmptyDocumentChangesNothing) {
  for (std::string_view yaml :
       {"", "# only a comment\n", "---\n", "{}", "platform:\n", "platform:\n  minimums:\n"}) {
    EXPECT_EQ(Shown(Overlay(yaml)), Shown(DefaultProfile())) << yaml;
  }
}

TEST(OverlayProfile, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string yaml, message, remedy;
  };
  const Case cases[] = {
      {"chrat: {}", "profile.yaml: unknown key chrat", "did you mean chart?"},
      {"platform: {minimums: {node: 3}}", "unknown key platform.minimums.node",
       "did you mean platform.minimums.nodes?"},
      {"nodeCpu: 4", "unknown key nodeCpu", "did you mean platform.minimums.nodeCpu?"},
      {"zzzzzz: 1", "unknown key zzzzzz", "config explain"},
      {"chart: datafly",
       "profile.yaml: chart: expected a mapping with name, ref, plainHttp, releaseNotesUrl; got "
       "\"datafly\"",
       ""},
      {"chart: {name: [a]}", "chart.name: expected one line of text; got a list", ""},
      {"chart: {name: }", "chart.name: expected one line of text; got nothing", ""},
      {"chart: {name: \"a\\x1b[2J\"}", "chart.name: expected one line of text", ""},
      {"chart: {plainHttp: yes}", "chart.plainHttp: expected true or false; got \"yes\"", ""},
      {"platform: {minimums: {nodes: -1}}",
       "platform.minimums.nodes: expected a whole number from 0 to 1000000; got \"-1\"", ""},
      {"platform: {minimums: {nodes: 3.5}}", "got \"3.5\"", ""},
      {"platform: {minimums: {nodes: 99999999999999999999}}", "expected a whole number", ""},
      {"platform: {minimums: {kubernetes: latest}}",
       "platform.minimums.kubernetes: expected a Kubernetes version, such as 1.28; got \"latest\"",
       ""},
      {"platform: {minimums: {nodeCpu: lots}}",
       "platform.minimums.nodeCpu: expected a CPU quantity, such as 4 or 500m; got \"lots\"", ""},
      {"platform: {minimums: {nodeMemory: {}}}",
       "platform.minimums.nodeMemory: expected a memory quantity, such as 8Gi; got a mapping", ""},
      {"backups: {maxAge: yesterday}",
       "backups.maxAge: expected a duration, such as 90s or 1h30m; got \"yesterday\"", ""},
      {"continuity: {env: KAFKA}", "continuity.env: expected a list of texts; got \"KAFKA\"", ""},
      {"continuity: {env: ['']}", "continuity.env: an entry is empty", ""},
      {"services: [a]", "services: expected a mapping from Deployment names", ""},
      {"services: {api: {servesTrafic: true}}", "services: api: servesTrafic: unknown key",
       "did you mean servesTraffic?"},
      {"services: {api: {servesTraffic: maybe}}",
       "services: api: servesTraffic: expected true or false", ""},
      {"- a\n- b", "profile.yaml: expected a mapping of keys; got a list", ""},
      {"chart: [", "profile.yaml: ", ""},
      {"chart: {name: a}\nchart: {name: b}", "profile.yaml: ", ""},
  };
  for (const Case& c : cases) {
    Result<Profile> profile = OverlayProfile(DefaultProfile(), c.yaml, "profile.yaml");
    ASSERT_FALSE(profile) << c.yaml;
    EXPECT_THAT(profile.error().message, HasSubstr(c.message)) << c.yaml;
    EXPECT_THAT(profile.error().remedy, HasSubstr(c.remedy)) << c.yaml;
    EXPECT_EQ(profile.error().message.find('\x1b'), std::string::npos);
    EXPECT_EQ(profile.error().message.find('\n'), std::string::npos);
  }
}

TEST(OverlayProfile, IsBounded) {
  EXPECT_EQ(OverlayProfile(DefaultProfile(), std::string(2U << 20U, '#'), "f").error().kind,
            ErrorKind::TooLarge);
  std::string many = "continuity: {env: [";
  for (int i = 0; i < 101; ++i) many += fmt::format("K{},", i);
  EXPECT_THAT(OverlayProfile(DefaultProfile(), many + "]}", "f").error().message,
              HasSubstr("at most 100"));
  std::string deep(5000, '[');
  EXPECT_FALSE(OverlayProfile(DefaultProfile(), deep, "f"));
}

struct Tightening {
  std::string yaml;
  std::string shows;                 ///< a line of the profile afterwards
  std::vector<std::string> ignored;  ///< keys of what was not taken
};

TEST(TightenProfile, TakesOnlyWhatIsStricter) {
  const Tightening cases[] = {
      {"platform: {minimums: {nodes: 4}}", "nodes: 4", {}},
      {"platform: {minimums: {nodes: 3}}", "nodes: 3", {}},
      {"platform: {minimums: {nodes: 2}}", "nodes: 3", {"platform.minimums.nodes"}},
      {"platform: {minimums: {kubernetes: 1.30}}", "kubernetes: \"1.30\"", {}},
      {"platform: {minimums: {kubernetes: 1.9}}",
       "kubernetes: \"1.28\"",
       {"platform.minimums.kubernetes"}},
      {"platform: {minimums: {nodeMemory: 16Gi}}", "nodeMemory: \"16Gi\"", {}},
      {"platform: {minimums: {nodeCpu: 1}}", "nodeCpu: \"4\"", {"platform.minimums.nodeCpu"}},
      {"restarts: {warn: 1}", "warn: 1", {}},
      {"restarts: {warn: 9}", "warn: 3", {"restarts.warn"}},
      {"restarts: {window: 30m}", "window: \"1h\"", {"restarts.window"}},
      {"backups: {maxAge: 15m}", "maxAge: \"15m\"", {}},
      {"backups: {maxAge: 48h}", "maxAge: \"1h\"", {"backups.maxAge"}},
      {"backups: {claim: I swear}", "claim: \"\"", {"backups.claim"}},
      {"chart: {ref: 'oci://evil.example/x', plainHttp: true}",
       "plainHttp: false",
       {"chart.plainHttp", "chart.ref"}},
      {"migrations: {container: evil}", "container: migrate", {"migrations.container"}},
      {"history: {max: 1}", "max: 10", {"history.max"}},
      {"continuity: {secretKeys: [PEPPER]}", "- PEPPER", {"continuity.secretKeys"}},
      {"continuity: {secretKeys: [ENCRYPTION_KEY, JWT_SECRET, PEPPER]}", "- PEPPER", {}},
      {"continuity: {secretKeys: []}", "- ENCRYPTION_KEY", {"continuity.secretKeys"}},
      {"services: {event-processor: {servesTraffic: true}}", "event-processor:", {}},
      {"services: {ingestion-gateway: {servesTraffic: false}}", "ingestion-gateway:", {"services"}},
      {"services: {event-processor: {title: Ignore me}}", "title: Event Processor", {"services"}},
      {"nonsense: {a: 1}", "nodes: 3", {"nonsense"}},
      {"restarts: {warn: few}", "warn: 3", {"restarts.warn"}},
      {"restarts: 7", "warn: 3", {"restarts"}},
  };
  for (const Tightening& c : cases) {
    std::vector<std::string> ignored;
    Result<Profile> profile = TightenProfile(DefaultProfile(), c.yaml, ignored);
    ASSERT_TRUE(profile) << c.yaml;
    EXPECT_THAT(Shown(*profile), HasSubstr(c.shows)) << c.yaml;
    std::vector<std::string> keys;
    for (const std::string& line : ignored) keys.push_back(line.substr(0, line.find(':')));
    EXPECT_EQ(keys, c.ignored) << c.yaml;
  }
}

TEST(TightenProfile, NeverWeakensWhatIsAlreadyStrict) {
  std::vector<std::string> ignored;
  Result<Profile> profile = TightenProfile(
      DefaultProfile(), "services: {ingestion-gateway: {servesTraffic: false}}", ignored);
  ASSERT_TRUE(profile);
  EXPECT_TRUE(profile->services[0].serves_traffic);
  EXPECT_FALSE(TightenProfile(DefaultProfile(), "a: [", ignored))
      << "what is not YAML is an error, not a silent pass";
}

TEST(FormatProfile, CanBeReadBack) {
  Profile changed = Overlay(
      "services: {x: {title: 'a: b # c'}}\ncontinuity: {env: []}\nbackups: {claim: 'yes: "
      "\"quoted\"'}\nplatform: {minimums: {nodeMemory: 123456789}}");
  for (const Profile& profile : {DefaultProfile(), changed}) {
    for (bool comments : {false, true}) {
      std::string text = FormatProfile(profile, comments);
      Result<Profile> again = OverlayProfile(DefaultProfile(), text, "view");
      ASSERT_TRUE(again) << again.error().message << "\n" << text;
      EXPECT_EQ(Shown(*again), Shown(profile));
    }
  }
}

TEST(FormatProfile, CommentsSayWhatAKeyMeans) {
  std::string text = FormatProfile(DefaultProfile(), true);
  EXPECT_THAT(text, HasSubstr("    # Fewer schedulable, Ready nodes fail.\n    nodes: 3\n"));
  for (std::string_view line : Split(text, '\n')) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_EQ(Shown(DefaultProfile()).find('#'), std::string::npos);
}

TEST(ExplainProfileKey, ExplainsKeysAndGroups) {
  EXPECT_EQ(
      ExplainProfileKey("platform.minimums.nodes").value(),
      "platform.minimums.nodes\n  whole number, default 3\n  Fewer schedulable, Ready nodes fail.\n"
      "  The cluster's ConfigMap may raise it.\n");
  EXPECT_THAT(ExplainProfileKey("platform").value(), HasSubstr("platform.minimums.nodeCpu"));
  EXPECT_THAT(ExplainProfileKey("").value(), HasSubstr("history.max"));
  EXPECT_THAT(ExplainProfileKey("services").value(),
              HasSubstr("default delivery-workers, event-processor"));
}

TEST(ExplainProfileKey, NamesTheNearestOfAnUnknownKey) {
  struct Case {
    std::string key, remedy;
  };
  const Case cases[] = {{"history.mxa", "did you mean history.max?"},
                        {"maxAge", "did you mean backups.maxAge?"},
                        {"bakups", "did you mean backups?"},
                        {"qqqqqqqqqqqqqqqq", "config explain"}};
  for (const Case& c : cases) {
    Result<std::string> text = ExplainProfileKey(c.key);
    ASSERT_FALSE(text) << c.key;
    EXPECT_EQ(text.error().kind, ErrorKind::NotFound);
    EXPECT_THAT(text.error().remedy, HasSubstr(c.remedy)) << c.key;
  }
}

}  // namespace
}  // namespace datafly

#include "common/core/profile/cluster_profile.h"

#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

std::function<void(World&)> Asks(std::string yaml) {
  return [yaml = std::move(yaml)](World& world) {
    world.facts.cluster_profile = ReadClusterProfile(yaml).value();
  };
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"none", "SIG-PROF-001", CheckVerdict::Skipped, [](World&) {},
       "there is no ConfigMap signal-profile in namespace datafly"},
      {"stricter", "SIG-PROF-001", CheckVerdict::Pass,
       Asks("restarts: {warn: 2}\nbackups: {maxAge: 45m}"),
       "tightens restarts.warn and backups.maxAge"},
      {"looser is not taken", "SIG-PROF-001", CheckVerdict::Pass, Asks("backups: {maxAge: 48h}"),
       "asks for nothing stricter"},
      {"what it may not set", "SIG-PROF-001", CheckVerdict::Warn,
       Asks("chart: {ref: 'oci://evil.example/x'}\nrestarts: {warn: 2}"),
       "tightens restarts.warn; 1 key not taken",
       "kubectl --context prod -n datafly edit configmap signal-profile"},
      {"forbidden", "SIG-PROF-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.cluster_profile =
             Absence{AbsenceKind::Forbidden, "forbidden", "get configmaps/signal-profile"};
       },
       "forbidden", "kubectl signal permissions preflight"},
      {"not to be understood", "SIG-PROF-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.cluster_profile = Absence{AbsenceKind::Invalid, "line 3: not YAML", ""};
       },
       "line 3", "edit configmap signal-profile"},
      {"a snapshot without it", "SIG-PROF-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.cluster_profile = Absence{AbsenceKind::Snapshot, "taken without it", ""};
       }},
      // What it asks for decides the other checks, whoever judges and wherever the facts are from.
      {"not tightened", "SIG-BAK-001", CheckVerdict::Pass, [](World&) {}},
      {"not tightened either", "SIG-PLT-002", CheckVerdict::Pass, [](World&) {}},
      {"tightens the backup's age", "SIG-BAK-001", CheckVerdict::Warn,
       Asks("backups: {maxAge: 15m}")},
      {"tightens the minimums", "SIG-PLT-002", CheckVerdict::Fail,
       Asks("platform: {minimums: {nodes: 6}}")},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(ClusterProfileCheck, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(ClusterProfileCheck, NotKnowingItFailsNothing) {
  World world = HealthyWorld();
  world.facts.cluster_profile = Absence{AbsenceKind::Forbidden, "forbidden", "get configmaps"};
  const Finding finding = FindingsOf(world, "SIG-PROF-001").front();
  EXPECT_EQ(finding.requirement, Requirement::Advisory);
  EXPECT_EQ(finding.needs, "get configmaps");
}

TEST(ClusterProfileCheck, TellsWhatWasTakenAndWhatWasNot) {
  World world = HealthyWorld();
  Asks("backups: {maxAge: 45m}\nhistory: {max: 1}\nrestarts: {warn: 9}")(world);
  const Finding finding = FindingsOf(world, "SIG-PROF-001").front();
  const std::string evidence = fmt::format("{}", fmt::join(finding.evidence, "\n"));
  EXPECT_NE(evidence.find("not taken: history.max: only your own"), std::string::npos) << evidence;
  EXPECT_NE(evidence.find("backups.maxAge: 45m instead of"), std::string::npos) << evidence;
  EXPECT_NE(evidence.find("your profile is stricter: restarts.warn"), std::string::npos)
      << evidence;
}

}  // namespace
}  // namespace datafly::checks

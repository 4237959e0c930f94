#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

void Major(World& world) {
  AddTarget(world);
  world.facts.target->chart_version = world.facts.target->app_version = "2.0.0";
}

std::vector<std::string> MajorCodesBut(const std::string& code) {
  std::vector<std::string> codes;
  for (int i = 1; i <= 6; ++i) {
    std::string other = fmt::format("SIG-MAJ-00{}", i);
    if (other != code) codes.push_back(other);
  }
  return codes;
}

void AddMajorCases(std::vector<Case>& cases) {
  for (std::string code :
       {"SIG-MAJ-001", "SIG-MAJ-002", "SIG-MAJ-003", "SIG-MAJ-004", "SIG-MAJ-005", "SIG-MAJ-006"}) {
    cases.push_back({"major " + code, code, CheckVerdict::Fail, Major, "nobody has confirmed it",
                     "--ack " + code, MajorCodesBut(code)});
    cases.push_back(
        {"minor " + code, code, CheckVerdict::Skipped, [](World& w) { AddTarget(w); }, "minor"});
    cases.push_back({"no step " + code, code, CheckVerdict::Skipped,
                     [](World& w) {
                       Major(w);
                       w.facts.release->chart_version = "?";
                     },
                     "SIG-VER-001"});
  }
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = [] {
    std::vector<Case> all = {
        {"no target", "SIG-NOTE-001", CheckVerdict::Skipped, [](World&) {}, "give --to"},
        {"profile's address", "SIG-NOTE-001", CheckVerdict::Warn, [](World& w) { AddTarget(w); },
         "https://docs.dataflysignal.com/releases/1.4.0", "--ack SIG-NOTE-001=read"},
        {"chart's address", "SIG-NOTE-001", CheckVerdict::Warn,
         [](World& w) {
           AddTarget(w);
           w.profile.release_notes_url.clear();
           w.facts.target->release_notes_url = "https://example.com/{version}/notes-{version}";
         },
         "https://example.com/1.4.0/notes-1.4.0"},
        {"no address", "SIG-NOTE-001", CheckVerdict::Warn,
         [](World& w) {
           AddTarget(w);
           w.profile.release_notes_url.clear();
         },
         "neither the chart nor the profile"},
        {"same version", "SIG-NOTE-001", CheckVerdict::Pass,
         [](World& w) {
           AddTarget(w);
           w.facts.target->chart_version = w.facts.target->app_version = "1.3.0";
         }},
    };
    AddMajorCases(all);
    return all;
  }();
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(NotesChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(NotesChecks, AcknowledgedNotesPassAndAcknowledgedMajorStepsWarn) {
  World world = HealthyWorld();
  Major(world);
  std::vector<Acknowledgement> acks = {{"SIG-NOTE-001", "read"}, {"SIG-MAJ-004", "snapshot 1711"}};
  auto results =
      JudgeAll({world.facts, world.profile}, {{"SIG-NOTE-001", "SIG-MAJ-004"}, {}}, acks);
  ASSERT_EQ(results.size(), 1U);
  ASSERT_EQ(results[0].findings.size(), 2U);
  EXPECT_EQ(results[0].findings[0].verdict, CheckVerdict::Pass);
  EXPECT_EQ(results[0].findings[0].acknowledged, "read");
  EXPECT_EQ(results[0].findings[1].verdict, CheckVerdict::Warn);
  EXPECT_EQ(results[0].findings[1].acknowledged, "snapshot 1711");
}

}  // namespace
}  // namespace datafly::checks

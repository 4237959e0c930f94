#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

std::string AllTestSources() {
  std::ostringstream all;
  std::filesystem::path folder =
      std::filesystem::path(SIGNAL_SOURCE_DIR) / "tests/unit/core/checks";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().string().ends_with("_test.cc")) all << std::ifstream(entry.path()).rdbuf();
  }
  return all.str();
}

TEST(Catalogue, EveryCodeIsOnceThereAndComplete) {
  const std::regex shape("SIG-[A-Z]{2,4}-[0-9]{3}");
  std::set<std::string_view> codes;
  for (const Family& family : AllFamilies()) {
    EXPECT_FALSE(family.name.empty());
    EXPECT_FALSE(family.title.empty());
    for (const CheckSpec& spec : family.catalogue) {
      SCOPED_TRACE(spec.code);
      EXPECT_TRUE(codes.insert(spec.code).second) << "twice";
      EXPECT_TRUE(std::regex_match(std::string(spec.code), shape));
      EXPECT_FALSE(spec.title.empty());
      EXPECT_GT(spec.why.size(), 20U);
      EXPECT_GT(spec.remedy.size(), 10U);
      EXPECT_FALSE(spec.source.empty());
      EXPECT_EQ(FindSpec(spec.code), &spec);
    }
  }
  EXPECT_EQ(FindSpec("SIG-NOPE-001"), nullptr);
}

TEST(Catalogue, EveryCodeHasATest) {
  std::string sources = AllTestSources();
  ASSERT_FALSE(sources.empty());
  for (const Family& family : AllFamilies()) {
    for (const CheckSpec& spec : family.catalogue) {
      EXPECT_NE(sources.find(fmt::format("\"{}\"", spec.code)), std::string::npos) << spec.code;
    }
  }
}

/// What a table of cases holds must at least show the code in good order and in bad.
TEST(Catalogue, EveryTableShowsGoodAndBad) {
  for (const Family& family : AllFamilies()) {
    for (const CheckSpec& spec : family.catalogue) {
      auto verdicts = RegisteredVerdicts(spec.code);
      if (verdicts.empty()) continue;
      bool bad = verdicts.contains(CheckVerdict::Fail) || verdicts.contains(CheckVerdict::Warn) ||
                 verdicts.contains(CheckVerdict::Unknown);
      constexpr std::string_view kInformation = "SIG-VAL-003";  // new values are never bad
      EXPECT_TRUE(bad || spec.code == kInformation) << spec.code;
      EXPECT_GT(verdicts.size(), 1U) << spec.code << " has one outcome only";
    }
  }
}

TEST(Catalogue, FamiliesJudgeInCatalogueOrderAndNothingElse) {
  for (bool with_target : {false, true}) {
    World world = HealthyWorld();
    if (with_target) AddTarget(world);
    for (const Family& family : AllFamilies()) {
      std::size_t last = 0;
      for (const Finding& finding : family.judge({world.facts, world.profile})) {
        auto spec = std::find_if(family.catalogue.begin(), family.catalogue.end(),
                                 [&](const CheckSpec& s) { return s.code == finding.code; });
        ASSERT_NE(spec, family.catalogue.end()) << family.name << " gave " << finding.code;
        auto index = static_cast<std::size_t>(spec - family.catalogue.begin());
        EXPECT_GE(index, last) << finding.code;
        last = index;
      }
    }
  }
}

/// With nothing known there is no pass and no crash.
TEST(Catalogue, WithoutFactsNothingPasses) {
  World world;
  world.facts.scope = {"prod", "", "datafly", "", ""};
  for (const FamilyResult& result : JudgeAll({world.facts, world.profile}, {}, {})) {
    for (const Finding& finding : result.findings) {
      EXPECT_NE(finding.verdict, CheckVerdict::Pass) << finding.code << ": " << finding.seen;
    }
  }
}

/// The healthy world gives passes only, but for what this version cannot know and what needs a
/// target.
TEST(Catalogue, TheHealthyWorldPasses) {
  World world = HealthyWorld();
  for (const FamilyResult& result : JudgeAll({world.facts, world.profile}, {}, {})) {
    for (const Finding& finding : result.findings) {
      bool later = finding.code == "SIG-LAG-001" || finding.code == "SIG-MIG-001";
      bool good = finding.verdict == CheckVerdict::Pass ||
                  finding.verdict == CheckVerdict::Skipped ||
                  (later && finding.verdict == CheckVerdict::Unknown);
      EXPECT_TRUE(good) << finding.code << " " << ToString(finding.verdict) << ": " << finding.seen;
    }
  }
}

/// A pass stands behind its title: "No rollout is paused: none of 6 workloads" says the contrary of
/// what is meant.
TEST(Catalogue, APassReadsWellBehindItsTitle) {
  World world = HealthyWorld();
  AddTarget(world);
  for (const FamilyResult& result : JudgeAll({world.facts, world.profile}, {}, {})) {
    for (const Finding& finding : result.findings) {
      if (finding.verdict != CheckVerdict::Pass) continue;
      EXPECT_FALSE(finding.seen.starts_with("none of")) << finding.code << ": " << finding.seen;
      const bool lists = finding.code.starts_with("SIG-VAL-");  // "New values of the target: none"
      EXPECT_TRUE(lists || finding.seen != "none") << finding.code;
      EXPECT_TRUE(finding.object.empty() || finding.seen.find(finding.object) == std::string::npos)
          << finding.code << " repeats its object: " << finding.seen;
      EXPECT_EQ(std::count(finding.evidence.begin(), finding.evidence.end(), finding.seen), 0)
          << finding.code << " says it twice";
    }
  }
}

}  // namespace
}  // namespace datafly::checks

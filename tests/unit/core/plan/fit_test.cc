#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/core/plan/samples.h"

namespace datafly::plan {
namespace {

TEST(StillFits, WhenRevisionAndRecordAreTheSame) {
  const Plan plan = HarmlessPlan();
  EXPECT_TRUE(CheckStillFits(plan, 7, plan.release_uid).has_value());
  EXPECT_TRUE(CheckStillFits(plan, 7, "").has_value()) << "the uid is not known now";
  Plan unknown = HarmlessPlan();
  unknown.release_uid = "";
  EXPECT_TRUE(CheckStillFits(unknown, 7, "any").has_value()) << "it was not known then";
  unknown.from_revision = 0;
  EXPECT_TRUE(CheckStillFits(unknown, 0, "").has_value()) << "neither then nor now";
}

TEST(StillFits, SaysInWordsWhyNot) {
  struct Case {
    std::int64_t then, now;
    const char* uid;
    const char* words;
  };
  const std::vector<Case> cases = {
      {7, 8, "x",
       "the release datafly has moved on since the plan was made: revision 7 then, 8 now"},
      {7, 8, "",
       "the release datafly has moved on since the plan was made: revision 7 then, 8 now"},
      {7, 3, "x",
       "the release datafly is not the one that the plan was made of: revision 7 then, 3 now"},
      {7, 0, "", "the release datafly is gone since the plan was made (revision 7 then)"},
      {0, 1, "x",
       "the release datafly was installed since the plan was made (none then, revision 1 now)"},
      {7, 7, "another",
       "revision 7 of datafly is not the one that the plan was made of: another cluster, or the "
       "release was installed anew"},
  };
  for (const auto& [then, now, uid, words] : cases) {
    Plan plan = HarmlessPlan();
    plan.from_revision = then;
    const auto fits = CheckStillFits(plan, now, uid);
    ASSERT_FALSE(fits.has_value()) << words;
    EXPECT_EQ(fits.error().kind, ErrorKind::Conflict);
    EXPECT_EQ(fits.error().message, words);
    EXPECT_EQ(fits.error().remedy,
              "make a new plan: helm signal plan datafly oci://registry.example.com/charts/datafly "
              "-n prod --save FILE");
  }
}

TEST(StillFits, ShowsNoPasswordOfTheChart) {
  Plan plan = HarmlessPlan();
  plan.chart = "https://u:hunter2@x.example/a.tgz";
  EXPECT_EQ(CheckStillFits(plan, 8, "").error().remedy.find("hunter2"), std::string::npos);
}

using Files = std::vector<std::pair<std::string, std::string>>;

TEST(FolderDigest, IsTheSameInWhateverOrder) {
  const std::string digest = FolderDigest({{"Chart.yaml", "a"}, {"templates/x.yaml", "b"}});
  EXPECT_EQ(digest, FolderDigest({{"templates/x.yaml", "b"}, {"Chart.yaml", "a"}}));
  EXPECT_TRUE(digest.starts_with("sha256:"));
  EXPECT_EQ(digest.size(), 7U + 64U);
}

TEST(FolderDigest, IsAnotherForEachChange) {
  const std::vector<Files> folders = {
      {},
      {{"", ""}},
      {{"a", "b"}},
      {{"b", "a"}},
      {{"ab", ""}},
      {{"", "ab"}},
      {{"a", "b"}, {"a", "b"}},
      {{"a", "b"}, {"c", "d"}},
      {{"a", "d"}, {"c", "b"}},
      {{"a", "bc"}, {"", "d"}},
      {{"a 1", "b"}},
      {{"a", std::string("b\0", 2)}},
  };
  std::set<std::string> digests;
  for (const auto& folder : folders) digests.insert(FolderDigest(folder));
  EXPECT_EQ(digests.size(), folders.size());
}

TEST(FolderDigest, IsNotFooledByAPathThatLooksLikeTwoFiles) {
  const std::string digest = FolderDigest({{"a", "x"}, {"b", "y"}});
  const std::string sha_of_x = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  EXPECT_NE(digest, FolderDigest({{"a 1 " + sha_of_x + "\nb", "y"}}));
  EXPECT_NE(digest, FolderDigest({{"a 1 " + sha_of_x + "\n1 b", "y"}}));
}

}  // namespace
}  // namespace datafly::plan

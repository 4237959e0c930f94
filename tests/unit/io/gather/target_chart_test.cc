#include "common/gather/target_chart.h"

#include <gtest/gtest.h>

namespace datafly::gather {
namespace {

using Newest = ChartChoice::Newest;

TEST(ChooseChart, ReadsEveryFormOfTo) {
  const Profile profile = DefaultProfile();
  const struct {
    const char* to;
    std::string chart;
    const char* version;
    Newest newest;
  } cases[] = {
      {"1.3.0", profile.chart_ref, "1.3.0", Newest::No},
      {"v1.3.0", profile.chart_ref, "v1.3.0", Newest::No},
      {"latest", profile.chart_ref, "", Newest::Any},
      {"latest-minor", profile.chart_ref, "", Newest::SameMajor},
      {"latest-patch", profile.chart_ref, "", Newest::SameMinor},
      {"oci://r.example:5000/x/datafly:1.3.0", "oci://r.example:5000/x/datafly", "1.3.0",
       Newest::No},
      {"oci://r.example:5000/x/datafly", "oci://r.example:5000/x/datafly", "", Newest::No},
      {"./chart", "./chart", "", Newest::No},
      {"datafly-1.3.0.tgz", "datafly-1.3.0.tgz", "", Newest::No},
      {"repo/datafly", "repo/datafly", "", Newest::No},
  };
  for (const auto& c : cases) {
    const ChartChoice choice = ChooseChart(c.to, profile);
    EXPECT_EQ(choice.chart, c.chart) << c.to;
    EXPECT_EQ(choice.version, c.version) << c.to;
    EXPECT_EQ(choice.newest, c.newest) << c.to;
  }
}

TEST(NewestTag, KeepsWithinItsBoundAndSkipsPrereleases) {
  const std::vector<std::string> tags = {"1.2.0", "1.2.9",    "1.10.0",  "1.11.0-rc.1",
                                         "2.0.0", "nonsense", "sha256-x"};
  const SemVer today = *SemVer::Parse("1.2.0");
  EXPECT_EQ(NewestTag(tags, Newest::Any, today), "2.0.0");
  EXPECT_EQ(NewestTag(tags, Newest::SameMajor, today), "1.10.0");
  EXPECT_EQ(NewestTag(tags, Newest::SameMinor, today), "1.2.9");
  EXPECT_EQ(NewestTag({"1.1.0"}, Newest::Any, today), std::nullopt);
  EXPECT_EQ(NewestTag({}, Newest::Any, today), std::nullopt);
}

}  // namespace
}  // namespace datafly::gather

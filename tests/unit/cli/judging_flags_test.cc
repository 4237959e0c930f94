#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/cli/installations.h"
#include "common/cli/watch.h"

namespace datafly::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(InstallationFlags, OneContextOrNoneIsOneInstallation) {
  SharedFlags shared;
  EXPECT_FALSE(ResolveInstallations(shared, {})->Many());
  shared.contexts = {"prod"};
  EXPECT_FALSE(ResolveInstallations(shared, {})->Many());
  shared.contexts = {"prod", "prod"};
  EXPECT_FALSE(ResolveInstallations(shared, {})->Many());
}

TEST(InstallationFlags, EachContextIsTakenOnceInTheOrderGiven) {
  SharedFlags shared;
  shared.contexts = {"prod", "stage", "prod"};
  const auto choice = ResolveInstallations(shared, {});
  EXPECT_TRUE(choice->Many());
  EXPECT_THAT(choice->contexts, ElementsAre("prod", "stage"));
}

TEST(InstallationFlags, AllNamespacesAndSelectorsAreMany) {
  EXPECT_TRUE(ResolveInstallations({}, {true, ""})->Many());
  EXPECT_TRUE(ResolveInstallations({}, {false, "a=b"})->Many());
  EXPECT_FALSE(ResolveInstallations({}, {false, "a in"}).has_value());
}

TEST(Share, GivesEachThatFollowsAFairPartOfTheTimeLeft) {
  const Instant now{};
  const Instant end = now + std::chrono::seconds(60);
  EXPECT_EQ(Share(now, end, 3), now + std::chrono::seconds(20));
  EXPECT_EQ(Share(now, end, 1), end);
  EXPECT_EQ(Share(now, end, 0), end);
  EXPECT_EQ(Share(end + std::chrono::seconds(1), end, 3), end);
}

struct BadWatch {
  WatchFlags flags;
  OutputPlan output;
  bool from_snapshot;
  const char* word;
};

TEST(WatchFlags, WhatMakesNoSenseIsRefused) {
  OutputPlan json;
  json.format = report::Format::Json;
  OutputPlan report;
  report.files.push_back({report::Format::Html, "x.html"});
  for (const BadWatch& bad : std::vector<BadWatch>{
           {{true, "5s", ""}, {}, true, "--watch"},
           {{false, "5s", "1m"}, {}, true, "--wait-for"},
           {{true, "5s", ""}, json, false, "--watch"},
           {{true, "5s", ""}, report, false, "--report"},
           {{true, "1ms", ""}, {}, false, "--interval"},
           {{true, "soon", ""}, {}, false, "--interval"},
           {{false, "5s", "soon"}, {}, false, "--wait-for"},
       }) {
    const auto plan = ResolveWatch(bad.flags, bad.output, bad.from_snapshot);
    ASSERT_FALSE(plan.has_value()) << bad.word;
    EXPECT_THAT(plan.error().message, HasSubstr(bad.word));
  }
}

TEST(WatchFlags, LooksEveryFiveSecondsUnlessToldOtherwise) {
  EXPECT_EQ(ResolveWatch({true, "5s", ""}, {}, false)->interval, Millis(5000));
  EXPECT_EQ(ResolveWatch({true, WatchFlags().interval, "2m"}, {}, false)->wait_for, Millis(120000));
  EXPECT_TRUE(ResolveWatch({}, {}, true).has_value());
}

}  // namespace
}  // namespace datafly::cli

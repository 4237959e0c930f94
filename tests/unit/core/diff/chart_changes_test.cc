#include "common/core/diff/chart_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::diff {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "x: 1 > 2 by Deployment/a (c)".
std::vector<std::string> Told(const std::vector<ImageUse>& uses) {
  std::vector<std::string> told;
  for (const ImageChange& image : GroupImages(uses))
    told.push_back(fmt::format("{}: {} > {} by {}", image.repository, image.old_tag, image.new_tag,
                               fmt::join(image.users, ", ")));
  return told;
}

TEST(ImageChanges, AnImageThatStaysIsNotToldWhateverObjectUsesIt) {
  EXPECT_THAT(Told({{"Job/a", "x", ""}, {"Job/b", "", "x"}}), IsEmpty());
  EXPECT_THAT(Told({{"Job/a", "r/x:1", ""}, {"Job/b", "", "r/x:1"}}), IsEmpty());
  EXPECT_THAT(Told({{"Job/a", "x", "x:latest"}}), IsEmpty());
  EXPECT_THAT(Told({{"Job/a", "x:1", ""}, {"Job/b", "", "x:2"}, {"Job/c", "y:1", "y:2"}}),
              ElementsAre("x:  > 2 by Job/b", "x: 1 >  by Job/a", "y: 1 > 2 by Job/c"));
}

}  // namespace
}  // namespace datafly::diff

#include "common/core/report/shorten.h"

#include <gtest/gtest.h>

#include "common/core/base/text.h"

namespace datafly::report {
namespace {

TEST(CutMiddle, KeepsBothEnds) {
  EXPECT_EQ(CutMiddle("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(CutMiddle("abcdefghij", 0), "abcdefghij");
  EXPECT_EQ(CutMiddle("abcdefghij", 7), "abc…hij");
  EXPECT_EQ(CutMiddle("abcdefghij", 6), "abc…ij");
  EXPECT_EQ(CutMiddle("abcdefghij", 1), "…");
}

TEST(CutMiddle, CountsColumnsNotBytes) {
  EXPECT_EQ(CutMiddle("äöüäöüäöü", 5), "äö…öü");
  for (std::size_t columns = 1; columns < 12; ++columns) {
    std::string cut = CutMiddle("漢字漢字漢字", columns);
    EXPECT_LE(DisplayWidth(cut), columns) << cut;
    EXPECT_FALSE(FindInvalidUtf8(cut)) << columns;
  }
}

TEST(CutAlike, ShowsTheFirstDifference) {
  std::string same(50, 'x');
  auto [left, right] = CutAlike(same + "LEFT" + same, same + "RIGHT" + same, 30);
  EXPECT_NE(left.find("LEFT"), std::string::npos) << left;
  EXPECT_NE(right.find("RIGHT"), std::string::npos) << right;
  EXPECT_LE(DisplayWidth(left), 30U);
  EXPECT_LE(DisplayWidth(right), 30U);
}

TEST(CutAlike, NeverCutsWithinACharacter) {
  for (std::size_t columns = 1; columns < 30; ++columns) {
    // ä and ö begin with the same byte.
    auto [left, right] = CutAlike("xxxxxxxxxxxxxxxä-yyyyyyyyyyyyyyyy", "xxxxxxxxxxxxxxxö", columns);
    EXPECT_FALSE(FindInvalidUtf8(left)) << columns;
    EXPECT_FALSE(FindInvalidUtf8(right)) << columns;
    EXPECT_LE(DisplayWidth(left), columns) << left;
    EXPECT_LE(DisplayWidth(right), columns) << right;
  }
}

TEST(ShortenPath, TakesTheMiddleFirst) {
  const std::string path = "spec.template.spec.containers[name=app].image";
  EXPECT_EQ(ShortenPath(path, 45), path);
  EXPECT_EQ(ShortenPath(path, 0), path);
  EXPECT_EQ(ShortenPath(path, 44), "spec…spec.containers[name=app].image");
  EXPECT_EQ(ShortenPath(path, 35), "spec…containers[name=app].image");
  EXPECT_EQ(ShortenPath(path, 20), "spec…image");
  EXPECT_EQ(ShortenPath(path, 8), "…image");
  EXPECT_EQ(ShortenPath(path, 4), "sp…e");
  EXPECT_EQ(LeastPathWidth(path), 6U);
  EXPECT_EQ(LeastPathWidth("image"), 5U);
}

TEST(ShortenPath, DotsWithinKeysDoNotPart) {
  const std::string path = R"(metadata.annotations["a.b/c.d].e\"f.g"])";
  EXPECT_EQ(ShortenPath(path, 38), R"(…annotations["a.b/c.d].e\"f.g"])");
  EXPECT_EQ(ShortenPath("a.b[x.y=1.2.3].c.d", 9), "a…c.d");
  EXPECT_EQ(ShortenPath("", 5), "");
}

}  // namespace
}  // namespace datafly::report

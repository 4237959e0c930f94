#include <gtest/gtest.h>

#include "common/io/kube/session.h"

namespace datafly::kube {
namespace {

TEST(ParseHttpDate, ReadsTheFormThatServersWrite) {
  const auto time = ParseHttpDate("Thu, 26 Nov 2026 06:11:39 GMT");
  ASSERT_TRUE(time);
  EXPECT_EQ(FormatTime(*time), "2026-11-26T06:11:39Z");
}

TEST(ParseHttpDate, NothingElse) {
  for (const char* text : {"", "Thu, 26 Nov 2026 06:11:39 UTC", "Thursday, 26-Nov-26 06:11:39 GMT",
                           "Thu, 26 ovD 2026 06:11:39 GMT", "Thu, 31 Feb 2026 06:11:39 GMT",
                           "Thu, xx Nov 2026 06:11:39 GMT"}) {
    EXPECT_FALSE(ParseHttpDate(text)) << text;
  }
}

}  // namespace
}  // namespace datafly::kube

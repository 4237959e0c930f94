#include "common/cli/live_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace datafly::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(LiveScreen, DrawsOverTheLastScreenAtOnceWithoutClearingItBefore) {
  EXPECT_EQ(ComposeFrame("one\ntwo\n", 10, false),
            "\x1b[?2026h\x1b[?7l\x1b[H"
            "one\x1b[0m\x1b[K\n"
            "two\x1b[0m\x1b[K\n"
            "\x1b[J\x1b[?7h\x1b[?2026l");
}

TEST(LiveScreen, TheFirstOneKeepsWhatWasOnTheScreenInTheHistory) {
  const std::string frame = ComposeFrame("one", 3, true);
  EXPECT_THAT(frame, StartsWith("\x1b[?2026h\n\n\n\x1b[?7l\x1b[H"));
  EXPECT_THAT(frame, Not(HasSubstr("\x1b[2J")));
}

TEST(LiveScreen, WhatDoesNotFitIsCutAndSaidSo) {
  const std::string frame = ComposeFrame("1\n2\n3\n4\n5\n", 4, false);
  EXPECT_THAT(frame, HasSubstr("2\x1b[0m\x1b[K\n… 3 more lines\x1b[0m\x1b[K\n\x1b[J"));
  EXPECT_THAT(frame, Not(HasSubstr("\n3\x1b")));
  EXPECT_EQ(std::count(frame.begin(), frame.end(), '\n'), 3);  // a fourth would scroll
}

TEST(LiveScreen, AScreenThatFitsExactlyIsWhole) {
  EXPECT_THAT(ComposeFrame("1\n2\n3", 4, false), Not(HasSubstr("more lines")));
  EXPECT_THAT(ComposeFrame("1\n2\n3\n4", 4, false), HasSubstr("… 2 more lines"));
}

}  // namespace
}  // namespace datafly::cli

#include "common/core/base/gzip.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

constexpr std::size_t kMax = std::size_t{1} << 20;

TEST(Gzip, RoundTrips) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(300'000, 'x'),
                                  std::string("\0\xff binary", 9)}) {
    const auto packed = Gzip(text);
    ASSERT_TRUE(packed.has_value());
    EXPECT_TRUE(IsGzip(*packed));
    EXPECT_EQ(Gunzip(*packed, kMax).value(), text);
  }
}

TEST(Gzip, SameBytesForTheSameTextWithoutTimeOrSystem) {
  const std::string packed = Gzip("hello").value();
  EXPECT_EQ(packed, Gzip("hello").value());
  EXPECT_EQ(packed.substr(4, 4), std::string(4, '\0'));  // MTIME
  EXPECT_EQ(packed[9], '\xff');                          // OS
}

TEST(Gunzip, EveryCutIsAnError) {
  const std::string packed = Gzip("the quick brown fox").value();
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const auto text = Gunzip(packed.substr(0, size), kMax);
    ASSERT_FALSE(text.has_value()) << size;
    EXPECT_EQ(text.error().kind, ErrorKind::InvalidInput) << size;
  }
}

TEST(Gunzip, EveryFlippedByteOfTheChecksumIsAnError) {
  const std::string packed = Gzip("the quick brown fox").value();
  for (std::size_t at = packed.size() - 8; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(Gunzip(damaged, kMax).has_value()) << at;
  }
}

TEST(Gunzip, ABombIsRefusedAtTheBound) {
  const std::string bomb = Gzip(std::string(64 << 20, '\0')).value();
  EXPECT_LT(bomb.size(), 70'000U);
  const auto text = Gunzip(bomb, kMax);
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().kind, ErrorKind::TooLarge);
  EXPECT_EQ(text.error().message, "more than 1 MiB when decompressed");
}

TEST(Gunzip, TheBoundItselfIsAllowed) {
  const std::string text(kMax, 'x');
  EXPECT_EQ(Gunzip(Gzip(text).value(), kMax).value().size(), kMax);
  EXPECT_FALSE(Gunzip(Gzip(text + "x").value(), kMax).has_value());
}

TEST(Gunzip, WhatFollowsTheMemberIsAnError) {
  EXPECT_FALSE(Gunzip(Gzip("a").value() + "b", kMax).has_value());
}

TEST(Gunzip, OtherBytesAreAnError) {
  EXPECT_FALSE(IsGzip(""));
  EXPECT_FALSE(IsGzip("{}"));
  for (const std::string_view text : {"", "{}", "PK\x03\x04", "\x1f\x8b", "\x1f\x8b\x08"}) {
    EXPECT_FALSE(Gunzip(text, kMax).has_value()) << text;
  }
}

}  // namespace
}  // namespace datafly

#include "common/core/base/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace datafly {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(Quantity, ReadsEverySuffix) {
  const std::vector<std::pair<std::string, std::int64_t>> cases{
      {"0", 0},
      {"1", 1000},
      {"100m", 100},
      {"0.5", 500},
      {".5", 500},
      {"5.", 5000},
      {"+2", 2000},
      {"-2", -2000},
      {"1k", 1'000'000},
      {"1Ki", 1'024'000},
      {"512Mi", (512LL << 20) * 1000},
      {"1.5Gi", (3LL << 29) * 1000},
      {"1M", 1'000'000'000},
      {"1G", 1'000'000'000'000},
      {"1T", 1'000'000'000'000'000},
      {"2P", 2'000'000'000'000'000'000},
      {"1e3", 1'000'000},
      {"1E3", 1'000'000},
      {"12e-1", 1200},
      {"1u", 1},
      {"1n", 1},
      {"1001u", 2},
      {"1500000n", 2},
      {"0n", 0},
      {"0.0001", 1},
      {"0.0000000000000000000000001", 1},
      {"9223372036854775807m", kMax},
      {"9223372036854775806m", kMax - 1},
      {"1E", kMax},
      {"8Ei", kMax},
      {"-8Ei", -kMax},
      {"99999999999999999999999999", kMax},
      {"1e900", kMax},
      {"1e-900", 1},
      {"1000000000000000000.001", kMax},
      {"123456789012345.678", 123'456'789'012'345'678},
  };
  for (const auto& [text, want] : cases) {
    const auto got = Quantity::Parse(text);
    ASSERT_TRUE(got.has_value()) << text;
    EXPECT_EQ(got->milli, want) << text;
  }
}

TEST(Quantity, RefusesTheRest) {
  for (const std::string_view text : {"", "-", ".", "m", "Mi", "1 Gi", "1gi", "1KI", "1.5.2", "0x1",
                                      "1e", "1e+", "1e1234", "--1", "1K", "1mm", "one"}) {
    const auto got = Quantity::Parse(text);
    ASSERT_FALSE(got.has_value()) << text;
    EXPECT_NE(got.error().message.find("is not a quantity"), std::string::npos);
  }
  EXPECT_FALSE(Quantity::Parse(std::string(100'000, '9')).has_value());
}

TEST(Quantity, ArithmeticSaturates) {
  EXPECT_EQ((Quantity{kMax} + Quantity{1}).milli, kMax);
  EXPECT_EQ((Quantity{kMin} + Quantity{-1}).milli, kMin);
  EXPECT_EQ((Quantity{kMin} - Quantity{1}).milli, kMin);
  EXPECT_EQ((Quantity{kMax} - Quantity{-1}).milli, kMax);
  EXPECT_EQ((Quantity{kMax} * 2).milli, kMax);
  EXPECT_EQ((Quantity{kMax} * -2).milli, kMin);
  EXPECT_EQ((Quantity{250} * 3).milli, 750);
  EXPECT_EQ(Quantity::FromUnits(2).milli, 2000);
  EXPECT_EQ(Quantity::FromUnits(kMax).milli, kMax);
  Quantity sum{100};
  sum += Quantity{150};
  EXPECT_EQ(sum.milli, 250);
}

TEST(Quantity, UnitsRoundUp) {
  EXPECT_EQ(Quantity{1000}.Units(), 1);
  EXPECT_EQ(Quantity{1001}.Units(), 2);
  EXPECT_EQ(Quantity{1}.Units(), 1);
  EXPECT_EQ(Quantity{-1}.Units(), 0);
  EXPECT_EQ(Quantity{0}.Units(), 0);
}

TEST(Quantity, WrittenForPeople) {
  const std::vector<std::pair<std::string, std::string>> bytes{
      {"0", "0"},           {"100", "100"},         {"512Mi", "512Mi"}, {"1024Mi", "1Gi"},
      {"1536Mi", "1536Mi"}, {"1000000", "976.6Ki"}, {"1500M", "1.4Gi"}, {"-1Ki", "-1Ki"},
      {"1025", "1.0Ki"},    {"1048577Ki", "1.0Gi"}};
  for (const auto& [text, want] : bytes) {
    EXPECT_EQ(FormatBytes(Quantity::Parse(text).value()), want) << text;
  }
  EXPECT_EQ(FormatCpu(Quantity{250}), "250m");
  EXPECT_EQ(FormatCpu(Quantity{2000}), "2");
  EXPECT_EQ(FormatCpu(Quantity{1500}), "1500m");
}

}  // namespace
}  // namespace datafly

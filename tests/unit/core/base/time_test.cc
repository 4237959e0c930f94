#include "common/core/base/time.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Time, ReadsRfc3339AndWritesUtc) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"2026-11-26T03:09:25Z", "2026-11-26T03:09:25Z"},
      {"2026-11-26t03:09:25z", "2026-11-26T03:09:25Z"},
      {"2026-11-26T03:09:25.5Z", "2026-11-26T03:09:25.500Z"},
      {"2026-11-26T03:09:25.123456789Z", "2026-11-26T03:09:25.123Z"},
      {"2026-11-26T03:09:25+05:30", "2026-11-25T21:39:25Z"},
      {"2026-11-26T23:09:25.000-01:00", "2026-11-27T00:09:25Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"},
  };
  for (const auto& [text, want] : cases) {
    const auto time = ParseTime(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(FormatTime(*time), want) << text;
  }
}

TEST(Time, RefusesWhatIsNotATime) {
  for (const std::string_view text :
       {"", "now", "2026-11-26", "2026-11-26T03:09:25", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-26T24:00:00Z", "2026-11-26T00:60:00Z",
        "2026-11-26T00:00:60Z", "2026-11-26T00:00:00.Z", "2026-11-26T00:00:00+25:00",
        "2026-11-26T00:00:00Zx", "0000-01-01T00:00:00Z", "-026-11-26T00:00:00Z",
        "2026-11-26T00:00:00+0530"}) {
    const auto time = ParseTime(text);
    ASSERT_FALSE(time.has_value()) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::InvalidInput) << text;
    EXPECT_FALSE(time.error().remedy.empty()) << text;
  }
}

TEST(Duration, ReadsGoDurationsAndBareSeconds) {
  const std::vector<std::pair<std::string, Millis>> cases{
      {"0", Millis{0}},
      {"90", seconds{90}},
      {"90s", seconds{90}},
      {"1h30m", minutes{90}},
      {"1.5h", minutes{90}},
      {".5m", seconds{30}},
      {"250ms", Millis{250}},
      {"1m1ms", Millis{60001}},
      {"1500us", Millis{2}},
      {"1500\xC2\xB5s", Millis{2}},
      {"5m0s", minutes{5}},
      {"+5m", minutes{5}},
      {"2562047h", hours{2562047}},
  };
  for (const auto& [text, want] : cases) {
    const auto got = ParseDuration(text);
    ASSERT_TRUE(got.has_value()) << text;
    EXPECT_EQ(got->count(), want.count()) << text;
  }
}

TEST(Duration, RefusesWhatIsNotADuration) {
  for (const std::string_view text : {"", "s", "-5s", "5 m", "5x", "1h30", "h", ".", "1..5h", "+",
                                      "3000000h", "99999999999999999999999999s", "5d"}) {
    EXPECT_FALSE(ParseDuration(text).has_value()) << text;
  }
}

TEST(Duration, WrittenFormReadsBackAsTheSame) {
  const std::vector<std::pair<Millis, std::string>> cases{
      {Millis{0}, "0s"},        {Millis{250}, "250ms"}, {minutes{90}, "1h30m"},
      {seconds{61}, "1m1s"},    {hours{24}, "24h"},     {Millis{3600001}, "1h1ms"},
      {Millis{1500}, "1s500ms"}};
  for (const auto& [duration, want] : cases) {
    EXPECT_EQ(FormatDuration(duration), want);
    EXPECT_EQ(ParseDuration(want).value(), duration) << want;
  }
  EXPECT_EQ(FormatDuration(seconds{-5}), "-5s");
}

TEST(Age, IsWrittenAsKubectlDoes) {
  const std::vector<std::pair<Millis, std::string>> cases{
      {seconds{-5}, "0s"},           {seconds{0}, "0s"},         {seconds{119}, "119s"},
      {seconds{120}, "2m"},          {seconds{125}, "2m5s"},     {minutes{10} + seconds{5}, "10m"},
      {minutes{179}, "179m"},        {hours{3}, "3h"},           {hours{3} + minutes{5}, "3h5m"},
      {hours{8} + minutes{5}, "8h"}, {hours{47}, "47h"},         {hours{48}, "2d"},
      {hours{53}, "2d5h"},           {hours{24 * 8 + 5}, "8d"},  {hours{24 * 120}, "120d"},
      {hours{24 * 730}, "2y"},       {hours{24 * 740}, "2y10d"}, {hours{24 * 365 * 8}, "8y"},
  };
  for (const auto& [age, want] : cases) EXPECT_EQ(FormatAge(age), want);
}

}  // namespace
}  // namespace datafly

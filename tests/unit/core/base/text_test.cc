#include "common/core/base/text.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

TEST(EscapeForTerminal, MakesControlCharactersVisible) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"plain", "plain"},
      {"a\x1b[31mred", "a^[[31mred"},
      {std::string("nul\0", 4), "nul^@"},
      {"del\x7f", "del^?"},
      {"cr\r", "cr^M"},
      {"c1\xC2\x9B"
       "31m",
       "c1\\x9b31m"},
      {"two\nlines", "two lines"},
      {"tab\tbed", "tab bed"},
      {"bad\xFF\xC3", "bad\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"overlong\xC0\x80", "overlong\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"half \xED\xA0\x80", "half \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"r\xE2\x80\xAEl", "rl"},
      {"grün 日本 🙂", "grün 日本 🙂"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(EscapeForTerminal(text), want);
  EXPECT_EQ(EscapeForTerminal("a\nb", "\\n"), "a\\nb");
}

TEST(FindInvalidUtf8, NamesTheFirstBadByte) {
  EXPECT_EQ(FindInvalidUtf8("grün 日本 🙂"), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8(""), std::nullopt);
  EXPECT_EQ(FindInvalidUtf8("ab\xFF"), 2U);
  EXPECT_EQ(FindInvalidUtf8("ab\xE6\x97"), 2U);
  EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0U);
}

TEST(DisplayWidth, CountsColumns) {
  const std::vector<std::pair<std::string, std::size_t>> cases{
      {"", 0},   {"abc", 3}, {"grün", 4}, {"日本", 4}, {"e\xCC\x81", 1},
      {"🙂", 2}, {"…", 1},   {"✓", 1},    {"\xFF", 1}};
  for (const auto& [text, want] : cases) EXPECT_EQ(DisplayWidth(text), want) << text;
}

TEST(Truncate, CutsAtColumnsNotBytes) {
  struct Case {
    std::string_view text;
    std::size_t columns;
    std::string_view want;
  };
  for (const auto& [text, columns, want] : std::vector<Case>{{"abc", 3, "abc"},
                                                             {"abcd", 3, "ab…"},
                                                             {"abc", 1, "…"},
                                                             {"abc", 0, ""},
                                                             {"日本語", 5, "日本…"},
                                                             {"日本語", 4, "日…"},
                                                             {"grünes", 4, "grü…"},
                                                             {"日本語", 6, "日本語"}})
    EXPECT_EQ(Truncate(text, columns), want) << text << columns;
}

TEST(Text, SplitTrimLower) {
  EXPECT_EQ(Split("a,b,,c", ',').size(), 4U);
  EXPECT_EQ(Split("", ',').size(), 1U);
  EXPECT_EQ(Split("a,", ',')[1], "");
  EXPECT_EQ(Trim(" \t\r\n x y \v\f"), "x y");
  EXPECT_EQ(Trim("  "), "");
  EXPECT_EQ(ToLower("AbC-\xC3\x84"), "abc-\xC3\x84");
}

TEST(ShellQuote, QuotesOnlyWhatNeedsIt) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"plain-1.2/x:y=z@w", "plain-1.2/x:y=z@w"},
      {"", "''"},
      {"a b", "'a b'"},
      {"it's", "'it'\\''s'"},
      {"$HOME", "'$HOME'"},
      {"a;b", "'a;b'"},
      {"a\nb", "'a\nb'"},
      {"*", "'*'"},
      {"~", "'~'"},
      {"grün", "'grün'"}};
  for (const auto& [text, want] : cases) EXPECT_EQ(ShellQuote(text), want);
}

TEST(NearestWord, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string> commands{"preflight",   "health",
                                          "lag",         "logs",
                                          "permissions", "kubectl.kubernetes.io/default-container"};
  const std::vector<std::pair<std::string, std::string>> cases{{"prefligth", "preflight"},
                                                               {"helth", "health"},
                                                               {"log", "logs"},
                                                               {"lga", "lag"},
                                                               {"up", ""},
                                                               {"", ""},
                                                               {"permision", "permissions"},
                                                               {"xyz", ""},
                                                               {"lag", "lag"}};
  for (const auto& [word, want] : cases) {
    const auto got = NearestWord(word, commands);
    EXPECT_EQ(got, want) << word;
  }
  EXPECT_EQ(NearestWord(std::string(100'000, 'a'), commands), "");
}

TEST(RedactCredentials, TakesValuesNotWords) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"postgres://signal:hunter2@db:5432/x failed", "postgres://signal:***@db:5432/x failed"},
      {"postgres://signal:p@ss/w@db/x", "postgres://signal:***@db/x"},
      {"https://host:8080/a@b", "https://host:8080/a@b"},
      {"https://user@host/x", "https://user@host/x"},
      {"two redis://:a@h and amqp://u:b@h", "two redis://:***@h and amqp://u:***@h"},
      {"host=db password=hunter2 user=x", "host=db password=*** user=x"},
      {"password='a b' x", "password='***' x"},
      {R"({"adminPassword": "hunter2","x":1})", R"({"adminPassword": "***","x":1})"},
      {"Authorization: Bearer eyJhbGciOi.x", "Authorization: Bearer ***"},
      {"authorization: Basic dXNlcg==", "authorization: Basic ***"},
      {"?token=abc&x=1", "?token=***&x=1"},
      {"JWT_SECRET=abc123", "JWT_SECRET=***"},
      {"password: hunter2", "password: ***"},
      {"token: eyJhb1", "token: ***"},
      {"read token: permission denied", "read token: permission denied"},
      {"secrets \"regcred\" not found", "secrets \"regcred\" not found"},
      {"plain text stays: yes=no", "plain text stays: yes=no"},
      {"password=", "password="},
      {"password = hunter2", "password = ***"},
      {R"("password": "a\"b", "x": 1)", R"("password": "***", "x": 1)"},
      {R"({\"password\":\"hunter2\",\"x\":1})", R"({\"password\":\"***\",\"x\":1})"},
      {R"({\"password\":\"a\\\"b\",\"x\":1})", R"({\"password\":\"***\",\"x\":1})"},
      {"{passwords: [a, 'b]', c], x: 1}", "{passwords: ***, x: 1}"},
      {"tokens: [a, b", "tokens: ***"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(RedactCredentials(text), want);
}

}  // namespace
}  // namespace datafly

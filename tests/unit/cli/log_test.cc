#include "common/cli/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/io/system/fakes.h"

namespace datafly::cli {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// What a log of that verbosity writes to stderr.
std::string Written(int verbosity, Log::Format format, const std::function<void(Log&)>& use) {
  const FakeEnvironment environment;
  Terminal terminal(environment, ColorChoice::Never);
  testing::internal::CaptureStderr();
  {
    Log log(terminal, verbosity, format);
    use(log);
  }
  return testing::internal::GetCapturedStderr();
}

http::Exchange List() {
  http::Exchange exchange;
  exchange.method = "GET";
  exchange.origin = "https://10.0.0.1:6443";
  exchange.path = "/api/v1/pods";
  exchange.query = "limit=500&token=s3cret";
  exchange.status = 200;
  exchange.took = Millis(12);
  exchange.bytes = 4096;
  exchange.http_version = 2;
  return exchange;
}

void Tell(Log& log) { log.OnExchange(List()); }

TEST(Log, SaysNothingUnlessAsked) { EXPECT_EQ(Written(0, Log::Format::Text, Tell), ""); }

TEST(Log, TellsOfARequestInOneLineOfText) {
  const std::string line = Written(1, Log::Format::Text, Tell);
  EXPECT_THAT(line, MatchesRegex("[0-9:.]+ info GET https://10.0.0.1:6443/api/v1/pods "
                                 "status=200 took_ms=12 bytes=4096\n"));
}

TEST(Log, TellsOfARequestAsOneObjectOfJson) {
  const auto line = nlohmann::json::parse(Written(1, Log::Format::Json, Tell));
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["msg"], "request");
  EXPECT_EQ(line["method"], "GET");
  EXPECT_EQ(line["url"], "https://10.0.0.1:6443/api/v1/pods");
  EXPECT_EQ(line["status"], 200);
  EXPECT_EQ(line["took_ms"], 12);
  EXPECT_EQ(line["bytes"], 4096);
  EXPECT_FALSE(line.contains("query"));
  EXPECT_THAT(line["time"].get<std::string>(), MatchesRegex("....-..-..T..:..:..\\....Z"));
}

TEST(Log, TwiceItTellsTheQueryButNoSecretInIt) {
  const std::string line = Written(2, Log::Format::Text, Tell);
  EXPECT_THAT(line, HasSubstr("query=limit=500"));
  EXPECT_THAT(line, HasSubstr("http=2"));
  EXPECT_THAT(line, Not(HasSubstr("s3cret")));
}

TEST(Log, TellsWhyNoReplyCame) {
  const auto tell = [](Log& log) {
    http::Exchange exchange = List();
    exchange.status = 0;
    exchange.failure = "cannot connect";
    log.OnExchange(exchange);
  };
  EXPECT_THAT(Written(1, Log::Format::Text, tell), HasSubstr("failure=\"cannot connect\""));
}

TEST(Log, WhatComesFromElsewhereCannotDriveTheTerminalOrBreakTheJson) {
  const auto tell = [](Log& log) {
    log.Say(Log::Level::Info, "a\x1b[31m\nb", {{"x", std::string("\"\xff\x7f")}});
  };
  const std::string text = Written(1, Log::Format::Text, tell);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const std::string json = Written(1, Log::Format::Json, tell);
  EXPECT_THAT(json, Not(HasSubstr("\x7f")));
  EXPECT_EQ(nlohmann::json::parse(json)["msg"], "a\x1b[31m\nb");
}

}  // namespace
}  // namespace datafly::cli

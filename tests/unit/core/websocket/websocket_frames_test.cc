#include "common/core/base/websocket_frames.h"

#include <gtest/gtest.h>

namespace datafly {
namespace {

constexpr std::size_t kBound = 100000;

void Zeros(std::uint8_t* bytes, std::size_t size) {
  std::fill(bytes, bytes + size, std::uint8_t{0});
}

/// A frame as the server sends it (unmasked).
std::string Frame(int opcode, const std::string& data, bool fin = true) {
  std::string frame(1, static_cast<char>((fin ? 0x80 : 0) | opcode));
  if (data.size() < 126) {
    frame += static_cast<char>(data.size());
  } else if (data.size() < 65536) {
    frame += {126, static_cast<char>(data.size() >> 8U), static_cast<char>(data.size() & 0xffU)};
  } else {
    frame += 127;
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>((data.size() >> shift) & 0xffU);
  }
  return frame + data;
}

std::vector<std::string> Texts(const std::vector<WebSocketFrames::Message>& messages) {
  std::vector<std::string> texts;
  for (const auto& message : messages) texts.push_back(message.data);
  return texts;
}

TEST(WebSocketFrames, MessagesComeOutHoweverTheBytesAreSplit) {
  const std::string big(70000, 'b');
  const std::string stream = Frame(2, "one") + Frame(1, "two") + Frame(2, "thr", false) +
                             Frame(9, "ping") + Frame(0, "ee") + Frame(2, big) + Frame(2, "");
  for (const std::size_t step :
       {std::size_t{1}, std::size_t{7}, std::size_t{4096}, stream.size()}) {
    WebSocketFrames frames(kBound, &Zeros);
    std::vector<std::string> all;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      const auto messages = frames.Feed(std::string_view(stream).substr(at, step));
      ASSERT_TRUE(messages.has_value()) << messages.error().message;
      for (auto& text : Texts(*messages)) all.push_back(std::move(text));
    }
    EXPECT_EQ(all, (std::vector<std::string>{"one", "two", "three", big, ""}));
    EXPECT_EQ(frames.TakeOutput().value(), std::string("\x8a\x84\0\0\0\0ping", 10));  // The pong.
  }
}

TEST(WebSocketFrames, WhatWeSendIsMasked) {
  WebSocketFrames frames(kBound, [](std::uint8_t* bytes, std::size_t size) {
    std::fill(bytes, bytes + size, std::uint8_t{0x20});
  });
  frames.QueueBinary("abc");
  EXPECT_EQ(frames.TakeOutput().value(),
            "\x82\x83\x20\x20\x20\x20"
            "ABC");
  EXPECT_EQ(frames.TakeOutput().value(), "");
}

TEST(WebSocketFrames, CloseIsAnswered) {
  WebSocketFrames frames(kBound, &Zeros);
  EXPECT_FALSE(frames.close_received());
  const auto messages = frames.Feed(Frame(2, "last") +
                                    Frame(8,
                                          "\x03\xe8"
                                          "bye") +
                                    Frame(2, "too late"));
  ASSERT_TRUE(messages.has_value()) << messages.error().message;
  EXPECT_EQ(Texts(*messages), std::vector<std::string>{"last"});
  EXPECT_TRUE(frames.close_received());
  EXPECT_EQ(frames.close_code(), 1000);
  EXPECT_EQ(frames.close_reason(), "bye");
  EXPECT_EQ(frames.TakeOutput().value().substr(0, 1), "\x88");
}

TEST(WebSocketFrames, WeMayCloseFirst) {
  WebSocketFrames frames(kBound, &Zeros);
  frames.QueueClose();
  EXPECT_EQ(frames.TakeOutput().value(), std::string("\x88\x82\0\0\0\0\x03\xe8", 8));
  ASSERT_TRUE(frames.Feed(Frame(8, "\x03\xe8")).has_value());
  EXPECT_TRUE(frames.close_received());
}

TEST(WebSocketFrames, ACloseFrameReadsTheSameHoweverItIsSplit) {
  const auto good = Frame(8, "\x03\xe8zw\u00f6lf");
  const auto bad = Frame(8,
                         "\x03\xe8"
                         "12345\xff");
  for (std::size_t at = 1; at < good.size(); ++at) {
    WebSocketFrames frames(kBound, &Zeros);
    ASSERT_TRUE(frames.Feed(good.substr(0, at)).has_value()) << at;
    EXPECT_FALSE(frames.close_received()) << at;
    ASSERT_TRUE(frames.Feed(good.substr(at)).has_value()) << at;
    EXPECT_EQ(frames.close_reason(), "zw\u00f6lf") << at;

    WebSocketFrames refusing(kBound, &Zeros);
    ASSERT_TRUE(refusing.Feed(bad.substr(0, at)).has_value()) << at;
    EXPECT_FALSE(refusing.Feed(bad.substr(at)).has_value()) << at;
  }
}

struct BadCase {
  std::string name;
  std::string bytes;
  ErrorKind kind;
};

class BadFrames : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadFrames, AreErrors) {
  WebSocketFrames frames(kBound, &Zeros);
  const auto messages = frames.Feed(GetParam().bytes);
  ASSERT_FALSE(messages.has_value());
  EXPECT_EQ(ToString(messages.error().kind), ToString(GetParam().kind));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadFrames,
    ::testing::Values(
        BadCase{"ReservedBit", std::string("\xc2\x01x", 3), ErrorKind::Protocol},
        BadCase{"UnknownOpcode", std::string("\x83\x01x", 3), ErrorKind::Protocol},
        BadCase{"LongPing", Frame(9, std::string(200, 'p')), ErrorKind::Protocol},
        BadCase{"FragmentedPing", Frame(9, "p", false), ErrorKind::Protocol},
        BadCase{"ContinuationOfNothing", Frame(0, "x"), ErrorKind::Protocol},
        BadCase{"NewMessageInTheMiddle", Frame(2, "x", false) + Frame(2, "y"), ErrorKind::Protocol},
        BadCase{"TextIsNotUtf8", Frame(1, "\xff\xfe"), ErrorKind::Protocol},
        BadCase{"LongerThanTheBound", Frame(2, std::string(kBound + 1, 'x')), ErrorKind::TooLarge},
        BadCase{"FragmentsBeyondTheBound",
                Frame(2, std::string(kBound, 'x'), false) + Frame(0, "y"), ErrorKind::TooLarge},
        BadCase{"ClaimsEightExabytes",
                std::string("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"
                            "x",
                            11),
                ErrorKind::TooLarge}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace datafly

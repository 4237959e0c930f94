// The peer's half of a WebSocket. The first byte chooses the bound and what we send first, the
// second how the rest is split: whole or in chunks, the same must come out.
#include "common/core/base/websocket_frames.h"

#include "common/core/base/text.h"
#include "tests/fuzz/fuzz.h"

namespace {

using datafly::Error;
using datafly::WebSocketFrames;
using datafly::fuzz::Require;

/// All that can be seen of one connection.
struct Seen {
  std::vector<std::string> messages;  ///< 'b' or 't', then the data
  std::string output;
  bool closed = false;
  int close_code = 0;
  std::string close_reason;
  std::optional<Error> error;
};

void Zeros(std::uint8_t* bytes, std::size_t size) {
  std::fill(bytes, bytes + size, std::uint8_t{0});
}

std::size_t Bound(std::uint8_t options) {
  constexpr std::array<std::size_t, 4> kBounds{16, 125, 4096, 100000};
  return kBounds.at(options % kBounds.size());
}

void SendFirst(WebSocketFrames& frames, std::uint8_t options) {
  if ((options & 0x10U) != 0) frames.QueueBinary("query");
  if ((options & 0x20U) != 0) frames.QueuePing();
  if ((options & 0x40U) != 0) frames.QueueClose();
}

void CheckMessage(const WebSocketFrames::Message& message, std::size_t bound) {
  Require(message.data.size() <= bound, "a message keeps to the bound");
  Require(message.binary || !datafly::FindInvalidUtf8(message.data), "a text message is UTF-8");
}

/// Feeds chunks of 1 to `longest` bytes whose lengths vary, until an error.
Seen Connect(std::string_view stream, std::uint8_t options, std::size_t longest) {
  WebSocketFrames frames(Bound(options), &Zeros);
  SendFirst(frames, options);
  Seen seen;
  std::size_t length = longest;
  do {
    const auto chunk = stream.substr(0, length);
    stream.remove_prefix(chunk.size());
    length = length * 5 % longest + 1;
    auto messages = frames.Feed(chunk);
    if (!messages) {
      seen.error = messages.error();
      return seen;
    }
    for (const auto& message : *messages) {
      CheckMessage(message, Bound(options));
      seen.messages.push_back((message.binary ? 'b' : 't') + message.data);
    }
  } while (!stream.empty());
  const auto output = frames.TakeOutput();
  Require(output.has_value(), "what is queued can be sent");
  seen.output = *output;
  seen.closed = frames.close_received();
  seen.close_code = frames.close_code();
  seen.close_reason = frames.close_reason();
  return seen;
}

/// Checks the first frame of our output and gives its length: RFC 6455 5.2.
std::size_t TakeFrame(std::string_view output) {
  Require(output.size() >= 2, "a frame has a header");
  const auto first = static_cast<std::uint8_t>(output[0]);
  const auto second = static_cast<std::uint8_t>(output[1]);
  Require((first & 0xf0U) == 0x80U, "whole frames without reserved bits");
  Require((first & 0x0fU) == 2 || (first & 0x0fU) >= 8, "binary and control frames only");
  Require((second & 0x80U) != 0, "a client masks");
  const std::size_t length = second & 0x7fU;
  Require(length <= 125, "what we send here is short");
  Require(output.size() >= 6 + length, "a frame is whole");
  return 6 + length;
}

void CheckOutput(std::string_view output) {
  bool closing = false;
  while (!output.empty()) {
    Require(!closing, "nothing follows our close frame");
    closing = (static_cast<std::uint8_t>(output[0]) & 0x0fU) == 8;
    output.remove_prefix(TakeFrame(output));
  }
}

void CheckClose(const Seen& seen) {
  const int code = seen.close_code;
  Require(code == 0 || (seen.closed && code >= 1000 && code < 5000), "a code that RFC 6455 knows");
  Require(!datafly::FindInvalidUtf8(seen.close_reason), "the reason is UTF-8");
}

void CheckSame(const Seen& whole, const Seen& split) {
  Require(whole.error.has_value() == split.error.has_value(), "a split changes no verdict");
  if (whole.error) {
    Require(whole.error->kind == split.error->kind, "a split changes no error");
    return;
  }
  Require(whole.messages == split.messages, "a split changes no message");
  Require(whole.output == split.output, "a split changes no answer");
  Require(whole.closed == split.closed && whole.close_code == split.close_code &&
              whole.close_reason == split.close_reason,
          "a split changes no closing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto stream = datafly::fuzz::Text(data + 2, size - 2);
  const auto whole = Connect(stream, data[0], std::max<std::size_t>(stream.size(), 1));
  CheckOutput(whole.output);
  CheckClose(whole);
  if (whole.error) {
    const auto& message = whole.error->message;
    Require(!message.empty() && message.find('\n') == std::string::npos, "an error is one line");
  }
  CheckSame(whole, Connect(stream, data[0], std::size_t{data[1]} % 64 + 1));
  return 0;
}

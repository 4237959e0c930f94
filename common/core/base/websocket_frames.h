#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

namespace datafly {

/// The client's side of RFC 6455 after the handshake, on bytes alone: bytes of the peer in, whole
/// messages out, and back. Answers pings and the closing handshake by itself. Knows no socket, so
/// that a fuzzer can drive it. Everything that comes in is untrusted: a violation of the protocol
/// or a message beyond the bound is an Error, after which the object is of no more use.
class WebSocketFrames {
 public:
  struct Message {
    bool binary = false;
    std::string data;
  };
  /// Fills `size` bytes with unpredictable ones, for the mask of each frame.
  using RandomBytes = std::function<void(std::uint8_t* bytes, std::size_t size)>;

  WebSocketFrames(std::size_t max_message, RandomBytes random);
  ~WebSocketFrames();
  WebSocketFrames(const WebSocketFrames&) = delete;
  WebSocketFrames& operator=(const WebSocketFrames&) = delete;

  /// Takes the peer's bytes, split anywhere; gives the messages that are now complete.
  Result<std::vector<Message>> Feed(std::string_view bytes);

  void QueueBinary(std::string_view data);
  void QueuePing();
  void QueueClose();
  /// Bytes that are to be sent now.
  [[nodiscard]] Result<std::string> TakeOutput();

  /// True once the peer's close frame has come.
  [[nodiscard]] bool close_received() const;
  /// RFC 6455 7.4; 0 when the peer gave none.
  [[nodiscard]] int close_code() const;
  /// What the peer gave as reason for closing; its text, so not to be trusted.
  [[nodiscard]] const std::string& close_reason() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace datafly

#include "common/core/base/websocket_frames.h"

#include <wslay/wslay.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace datafly {

namespace {

constexpr std::size_t kLongestControlFrame = 14 + 125;

/// The size of the frame that begins here, header and data: RFC 6455 5.2. Nothing while the header
/// is not complete.
std::optional<std::uint64_t> FrameSize(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  const std::size_t mask = (second & 0x80U) != 0 ? 4 : 0;
  const unsigned length = second & 0x7fU;
  if (length < 126) return 2 + mask + length;
  const std::size_t wide = length == 126 ? 2 : 8;
  if (bytes.size() < 2 + wide) return std::nullopt;
  std::uint64_t size = 0;
  for (const char byte : bytes.substr(2, wide)) size = size << 8U | static_cast<std::uint8_t>(byte);
  // Whoever claims more than this is refused by wslay; the sum must not run over.
  return 2 + wide + mask + std::min<std::uint64_t>(size, std::uint64_t{1} << 62U);
}

/// Hands wslay the input frame by frame, a close frame in one piece: of each piece of a close
/// frame, wslay 1.1.1 leaves the first two bytes out of its look at the UTF-8 of the reason, so
/// that a split there makes it refuse good text and take bad.
class FrameCutter {
 public:
  /// How many bytes of `input` go on now, at most `most`; 0: more must come first.
  std::size_t Take(std::string_view input, std::size_t most) {
    if (left_ == 0 && !Begin(input)) return 0;
    const auto count = std::min({std::uint64_t{most}, std::uint64_t{input.size()}, left_});
    left_ -= count;
    return static_cast<std::size_t>(count);
  }

 private:
  bool Begin(std::string_view input) {
    const auto size = FrameSize(input);
    if (!size) return false;
    const bool close = (static_cast<std::uint8_t>(input[0]) & 0x0fU) == WSLAY_CONNECTION_CLOSE;
    if (close && *size <= kLongestControlFrame && input.size() < *size) return false;
    left_ = *size;
    return true;
  }

  std::uint64_t left_ = 0;  ///< of the frame that is being handed over
};

}  // namespace

struct WebSocketFrames::Impl {
  wslay_event_context_ptr context = nullptr;
  RandomBytes random;
  std::string_view input;  ///< what Feed() was given and wslay has not read yet
  std::string held;        ///< the beginning of a header or of a close frame, until the rest comes
  FrameCutter cutter;
  std::string output;
  std::vector<Message> messages;
  bool closed = false;
  int close_code = 0;
  std::string close_reason;

  static ssize_t Receive(wslay_event_context_ptr context, std::uint8_t* buffer, std::size_t size,
                         int, void* user) {
    auto* self = static_cast<Impl*>(user);
    const std::size_t count = self->cutter.Take(self->input, size);
    if (count == 0) {
      wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
    std::memcpy(buffer, self->input.data(), count);
    self->input.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }

  static ssize_t Send(wslay_event_context_ptr, const std::uint8_t* data, std::size_t size, int,
                      void* user) {
    static_cast<Impl*>(user)->output.append(data, data + size);
    return static_cast<ssize_t>(size);
  }

  static int Mask(wslay_event_context_ptr, std::uint8_t* buffer, std::size_t size, void* user) {
    static_cast<Impl*>(user)->random(buffer, size);
    return 0;
  }

  static void OnMessage(wslay_event_context_ptr, const wslay_event_on_msg_recv_arg* arg,
                        void* user) {
    auto* self = static_cast<Impl*>(user);
    std::string data(arg->msg, arg->msg + arg->msg_length);
    if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
      self->closed = true;
      self->close_code = arg->status_code;
      // The first two bytes are the code.
      if (data.size() > 2) self->close_reason = data.substr(2);
    } else if (wslay_is_ctrl_frame(arg->opcode) == 0) {
      self->messages.push_back({arg->opcode == WSLAY_BINARY_FRAME, std::move(data)});
    }
  }
};

WebSocketFrames::WebSocketFrames(std::size_t max_message, RandomBytes random)
    : impl_(std::make_unique<Impl>()) {
  impl_->random = std::move(random);
  const wslay_event_callbacks callbacks{&Impl::Receive, &Impl::Send, &Impl::Mask,     nullptr,
                                        nullptr,        nullptr,     &Impl::OnMessage};
  wslay_event_context_client_init(&impl_->context, &callbacks, impl_.get());
  wslay_event_config_set_max_recv_msg_length(impl_->context, max_message);
}

WebSocketFrames::~WebSocketFrames() { wslay_event_context_free(impl_->context); }

Result<std::vector<WebSocketFrames::Message>> WebSocketFrames::Feed(std::string_view bytes) {
  const std::string joined = std::exchange(impl_->held, {}).append(bytes);
  impl_->input = joined;
  const int code = wslay_event_recv(impl_->context);
  const std::string_view unread = std::exchange(impl_->input, {});
  if (code == WSLAY_ERR_NOMEM) return Fail(Error::Internal("out of memory"));
  // wslay answers a violation by queueing a close frame and reads no further.
  const bool refused =
      code != 0 || (wslay_event_get_read_enabled(impl_->context) == 0 && !impl_->closed);
  if (refused) {
    static_cast<void>(wslay_event_send(impl_->context));  // Only sending sets the code below.
    const bool too_long =
        wslay_event_get_status_code_sent(impl_->context) == WSLAY_CODE_MESSAGE_TOO_BIG;
    return Fail(too_long ? Error::TooLarge("the peer sent a WebSocket message beyond the bound")
                         : Error::Protocol("the peer broke the WebSocket protocol"));
  }
  if (!impl_->closed) impl_->held = unread;  // Behind a close frame nothing counts.
  return std::exchange(impl_->messages, {});
}

void WebSocketFrames::QueueBinary(std::string_view data) {
  const wslay_event_msg message{WSLAY_BINARY_FRAME,
                                reinterpret_cast<const std::uint8_t*>(data.data()), data.size()};
  wslay_event_queue_msg(impl_->context, &message);
}

void WebSocketFrames::QueuePing() {
  const wslay_event_msg message{WSLAY_PING, nullptr, 0};
  wslay_event_queue_msg(impl_->context, &message);
}

void WebSocketFrames::QueueClose() {
  wslay_event_queue_close(impl_->context, WSLAY_CODE_NORMAL_CLOSURE, nullptr, 0);
}

Result<std::string> WebSocketFrames::TakeOutput() {
  if (wslay_event_send(impl_->context) != 0) {
    return Fail(Error::Internal("a WebSocket frame could not be made"));
  }
  return std::exchange(impl_->output, {});
}

bool WebSocketFrames::close_received() const { return impl_->closed; }
int WebSocketFrames::close_code() const { return impl_->close_code; }
const std::string& WebSocketFrames::close_reason() const { return impl_->close_reason; }

}  // namespace datafly

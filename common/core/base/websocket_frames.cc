#include "common/core/base/websocket_frames.h"

#include <wslay/wslay.h>

#include <cstring>

namespace datafly {

struct WebSocketFrames::Impl {
  wslay_event_context_ptr context = nullptr;
  RandomBytes random;
  std::string_view input;  ///< what Feed() was given and wslay has not read yet
  std::string output;
  std::vector<Message> messages;
  bool closed = false;
  int close_code = 0;
  std::string close_reason;

  static ssize_t Receive(wslay_event_context_ptr context, std::uint8_t* buffer, std::size_t size,
                         int, void* user) {
    auto* self = static_cast<Impl*>(user);
    const std::size_t count = std::min(size, self->input.size());
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
  impl_->input = bytes;
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
  static_cast<void>(unread);  // Behind a close frame nothing counts.
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

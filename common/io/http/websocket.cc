#include "common/io/http/websocket.h"

#include <openssl/rand.h>
#include <poll.h>

#include <charconv>

#include "common/core/base/base64.h"
#include "common/core/base/websocket_frames.h"
#include "common/io/http/multi.h"
#include "common/io/http/upgrade.h"

namespace datafly::http {

namespace {

constexpr std::size_t kMaxMessage = 16U << 20U;
constexpr std::size_t kMaxRefusal = 1U << 20U;

void Random(std::uint8_t* bytes, std::size_t size) { RAND_bytes(bytes, static_cast<int>(size)); }

std::string NewKey() {
  std::uint8_t bytes[16];
  Random(bytes, sizeof bytes);
  return EncodeBase64({reinterpret_cast<const char*>(bytes), sizeof bytes});
}

std::shared_ptr<const Endpoint> Http11(const std::shared_ptr<const Endpoint>& endpoint) {
  Endpoint copy = endpoint ? *endpoint : Endpoint();
  copy.http2 = false;  // RFC 8441 (WebSocket over HTTP/2) is not served by Kubernetes.
  return std::make_shared<const Endpoint>(std::move(copy));
}

}  // namespace

struct WebSocket::Impl : std::enable_shared_from_this<WebSocket::Impl> {
  enum class State { Connecting, Upgrading, Refused, Open, Done };

  Impl(Loop& the_loop, Request the_request, std::string the_subprotocol,
       std::function<void(std::string_view)> the_on_message)
      : loop(the_loop),
        request(std::move(the_request)),
        subprotocol(std::move(the_subprotocol)),
        on_message(std::move(the_on_message)),
        multi(loop, Http11(request.endpoint)) {}
  ~Impl() { Unwatch(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Loop& loop;
  Request request;
  std::string subprotocol;
  std::function<void(std::string_view)> on_message;
  Multi multi;
  std::shared_ptr<Transfer> transfer;
  std::shared_ptr<PendingState<Response>> out = std::make_shared<PendingState<Response>>();
  std::string key = NewKey();
  WebSocketFrames frames{kMaxMessage, &Random};
  std::string to_send;
  std::string received;  ///< of the reply to the upgrade
  Response reply;
  State state = State::Connecting;
  int fd = -1;

  void Connect();
  void OnConnected(Result<Response> result);
  void OnReady();
  void Read();
  void TakeBytes(std::string_view bytes);
  void TakeHead();
  void TakeRefusal();
  void TakeFrames(std::string_view bytes);
  void PeerClosed();
  void QueueFrames();
  void Write();
  void WatchAgain();
  void Unwatch();
  void Finish(Result<Response> result);
};

void WebSocket::Impl::Connect() {
  Request connect = request;
  connect.endpoint = Http11(request.endpoint);
  connect.connect_only = true;
  auto made = Transfer::Make(std::move(connect), multi.tls());
  if (!made) return Finish(Fail(std::move(made.error())));
  transfer = std::move(*made);
  transfer->out()->OnDone([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->OnConnected(self->transfer->out()->Take());
  });
  multi.Add(transfer);
}

void WebSocket::Impl::OnConnected(Result<Response> result) {
  if (!result) return Finish(Fail(std::move(result.error())));
  auto text = UpgradeRequest(request, key, subprotocol);
  if (!text) return Finish(Fail(std::move(text.error())));
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(transfer->easy(), CURLINFO_ACTIVESOCKET, &socket);
  if (socket == CURL_SOCKET_BAD)
    return Finish(Fail(Error::Internal("the connection has no socket")));
  fd = socket;
  state = State::Upgrading;
  to_send = std::move(*text);
  OnReady();
}

void WebSocket::Impl::OnReady() {
  const auto self = shared_from_this();
  Write();
  if (state != State::Done) Read();
  if (state == State::Open) QueueFrames();
  if (state != State::Done) Write();
  if (state != State::Done) WatchAgain();
}

void WebSocket::Impl::Write() {
  while (!to_send.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(transfer->easy(), to_send.data(), to_send.size(), &sent);
    if (code == CURLE_AGAIN) return;
    if (code != CURLE_OK) return Finish(Fail(transfer->Explain(code)));
    to_send.erase(0, sent);
  }
}

void WebSocket::Impl::Read() {
  std::array<char, 16384> buffer;
  while (state != State::Done) {
    std::size_t got = 0;
    const CURLcode code = curl_easy_recv(transfer->easy(), buffer.data(), buffer.size(), &got);
    if (code == CURLE_AGAIN) return;
    if (code != CURLE_OK) return Finish(Fail(transfer->Explain(code)));
    if (got == 0) return PeerClosed();
    TakeBytes({buffer.data(), got});
  }
}

void WebSocket::Impl::PeerClosed() {
  if (state == State::Refused) return Finish(std::move(reply));
  Finish(Fail(transfer->Explain(CURLE_GOT_NOTHING)));
}

void WebSocket::Impl::TakeBytes(std::string_view bytes) {
  if (state == State::Open) return TakeFrames(bytes);
  received.append(bytes);
  if (state == State::Upgrading) TakeHead();
  if (state == State::Refused) TakeRefusal();
}

void WebSocket::Impl::TakeHead() {
  auto head = TakeResponseHead(received);
  if (!head) return Finish(Fail(std::move(head.error())));
  if (!head->has_value()) return;
  reply = std::move(**head);
  if (reply.status != 101) {
    state = State::Refused;
    return;
  }
  if (auto checked = CheckUpgrade(reply, key, subprotocol); !checked) {
    return Finish(Fail(std::move(checked.error())));
  }
  state = State::Open;
  TakeFrames(std::exchange(received, {}));
}

void WebSocket::Impl::TakeRefusal() {
  const std::string_view text = reply.FindHeader("content-length");
  std::size_t length = kMaxRefusal;  // Without a length the body ends with the connection.
  std::from_chars(text.data(), text.data() + text.size(), length);
  reply.body += std::exchange(received, {});
  if (reply.body.size() >= std::min(length, kMaxRefusal)) Finish(std::move(reply));
}

void WebSocket::Impl::TakeFrames(std::string_view bytes) {
  auto messages = frames.Feed(bytes);
  if (!messages) return Finish(Fail(std::move(messages.error())));
  for (const auto& message : *messages) on_message(message.data);
  if (!frames.close_received()) return;
  QueueFrames();
  Write();
  if (state != State::Done) Finish(std::move(reply));
}

void WebSocket::Impl::QueueFrames() {
  if (auto bytes = frames.TakeOutput()) to_send += *bytes;
}

void WebSocket::Impl::WatchAgain() {
  const short events = static_cast<short>(to_send.empty() ? POLLIN : POLLIN | POLLOUT);
  loop.WatchFd(fd, events, [weak = weak_from_this()](short) {
    if (const auto self = weak.lock()) self->OnReady();
  });
}

void WebSocket::Impl::Unwatch() {
  if (fd >= 0) loop.WatchFd(std::exchange(fd, -1), 0, {});
}

void WebSocket::Impl::Finish(Result<Response> result) {
  state = State::Done;
  Unwatch();
  out->Resolve(std::move(result));
}

WebSocket::WebSocket(Loop& loop, Request request, std::string subprotocol,
                     std::function<void(std::string_view)> on_message)
    : impl_(std::make_shared<Impl>(loop, std::move(request), std::move(subprotocol),
                                   std::move(on_message))) {}

WebSocket::~WebSocket() = default;

Pending<Response> WebSocket::Start() {
  impl_->out->SetWhenLate([weak = std::weak_ptr<Impl>(impl_)] {
    const auto self = weak.lock();
    return self && self->transfer ? self->transfer->Late()
                                  : Error::TimedOut("no answer within the deadline");
  });
  Pending<Response> pending(impl_->out);
  impl_->Connect();
  return pending;
}

bool WebSocket::open() const { return impl_->state == Impl::State::Open; }

void WebSocket::Send(std::string_view message) {
  if (!open()) return;
  impl_->frames.QueueBinary(message);
  impl_->QueueFrames();
  impl_->WatchAgain();
}

void WebSocket::Close() {
  if (!open()) return;
  impl_->frames.QueueClose();
  impl_->QueueFrames();
  impl_->WatchAgain();
}

}  // namespace datafly::http

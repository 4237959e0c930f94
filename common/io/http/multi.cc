#include "common/io/http/multi.h"

#include <poll.h>

namespace datafly::http {

namespace {

/// With HTTP/1.1 every concurrent request takes a connection; with HTTP/2 one is enough.
constexpr long kMaxConnections = 16;
constexpr int kMostKicks = 8;
/// A peer that sends faster than we read always has something due: deadlines come first then.
constexpr Millis kKickWithin{5};

short PollEvents(int what) {
  switch (what) {
    case CURL_POLL_IN:
      return POLLIN;
    case CURL_POLL_OUT:
      return POLLOUT;
    case CURL_POLL_INOUT:
      return POLLIN | POLLOUT;
    default:
      return 0;
  }
}

int SelectMask(short events) {
  int mask = 0;
  if ((events & (POLLIN | POLLHUP)) != 0) mask |= CURL_CSELECT_IN;
  if ((events & POLLOUT) != 0) mask |= CURL_CSELECT_OUT;
  if ((events & (POLLERR | POLLNVAL)) != 0) mask |= CURL_CSELECT_ERR;
  return mask;
}

}  // namespace

Multi::Multi(Loop& loop, std::shared_ptr<const Endpoint> endpoint)
    : loop_(loop), endpoint_(std::move(endpoint)), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  if (endpoint_->http2) {
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, kMaxConnections);
  }
}

Multi::~Multi() {
  ++inside_curl_;  // Cancelling from here on must not reach libcurl.
  for (auto& [easy, transfer] : transfers_) {
    transfer->Abandon();
    curl_multi_remove_handle(multi_, easy);
  }
  curl_multi_cleanup(multi_);
  loop_.CancelTimer(timer_);
}

void Multi::Add(std::shared_ptr<Transfer> transfer) {
  to_add_.push_back(std::move(transfer));
  ApplyDeferred();
}

void Multi::Cancel(const std::shared_ptr<Transfer>& transfer) {
  transfer->Abandon();
  std::erase(to_add_, transfer);
  to_remove_.push_back(transfer->easy());
  ApplyDeferred();
}

void Multi::ApplyDeferred() {
  if (inside_curl_ > 0) return;
  for (CURL* easy : std::exchange(to_remove_, {})) Remove(easy);
  for (auto& transfer : std::exchange(to_add_, {})) {
    CURL* easy = transfer->easy();
    transfers_.emplace(easy, std::move(transfer));
    curl_multi_add_handle(multi_, easy);
  }
}

void Multi::Remove(CURL* easy) {
  auto node = transfers_.extract(easy);
  if (node.empty()) return;
  connections_opened_ += static_cast<std::uint64_t>(node.mapped()->ConnectionsOpened());
  ++inside_curl_;
  curl_multi_remove_handle(multi_, easy);
  --inside_curl_;
}

int Multi::OnSocket(CURL*, curl_socket_t fd, int what, void* self, void*) {
  static_cast<Multi*>(self)->Watch(fd, what);
  return 0;
}

void Multi::Watch(curl_socket_t fd, int what) {
  loop_.WatchFd(fd, PollEvents(what), [this, fd](short events) { Act(fd, SelectMask(events)); });
}

int Multi::OnTimer(CURLM*, long timeout_ms, void* self) {
  static_cast<Multi*>(self)->SetTimer(timeout_ms);
  return 0;
}

void Multi::SetTimer(long timeout_ms) {
  loop_.CancelTimer(std::exchange(timer_, 0));
  due_now_ = timeout_ms == 0 && acting_;
  if (timeout_ms < 0 || due_now_) return;
  timer_ = loop_.AddTimer(loop_.Now() + Millis(timeout_ms), [this] {
    timer_ = 0;
    Act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void Multi::Act(curl_socket_t fd, int mask) {
  acting_ = true;
  Enter(fd, mask);
  // What libcurl wants done at once is done at once: a request is on the wire before anybody
  // computes.
  const Instant until = loop_.Now() + kKickWithin;
  for (int i = 0; i < kMostKicks && due_now_ && loop_.Now() < until; ++i)
    Enter(CURL_SOCKET_TIMEOUT, 0);
  acting_ = false;
  if (due_now_) SetTimer(0);
  ApplyDeferred();
  Collect();
}

void Multi::Enter(curl_socket_t fd, int mask) {
  int running = 0;
  due_now_ = false;
  ++inside_curl_;
  curl_multi_socket_action(multi_, fd, mask, &running);
  --inside_curl_;
}

void Multi::Collect() {
  std::vector<std::pair<CURL*, CURLcode>> done;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) done.emplace_back(message->easy_handle, message->data.result);
  }
  for (const auto& [easy, code] : done) Settle(easy, code);
}

void Multi::Settle(CURL* easy, CURLcode code) {
  const auto found = transfers_.find(easy);
  if (found == transfers_.end()) return;  // Cancelled by the callback of another.
  const auto transfer = found->second;
  const bool connected = transfer->phase() == Phase::Sent;
  auto result = transfer->Finish(code);
  // A connection that was only made stays usable only while its handle stays here.
  if (!transfer->connect_only() || !result) Remove(easy);
  if (!result && !connected) FailWaiting(transfer->url(), result.error());
  transfer->out()->Resolve(std::move(result));
}

void Multi::FailWaiting(const UrlParts& url, const Error& error) {
  // The rest of the burst waited for this connection: each trying on its own would multiply the
  // wait.
  std::vector<std::shared_ptr<Transfer>> waiting;
  for (const auto& [easy, transfer] : transfers_) {
    if (transfer->phase() != Phase::Sent && transfer->url().HostPort() == url.HostPort()) {
      waiting.push_back(transfer);
    }
  }
  for (const auto& transfer : waiting) {
    if (transfers_.count(transfer->easy()) == 0) continue;
    Remove(transfer->easy());
    transfer->TellFailure(error.message);
    transfer->out()->Resolve(Fail(error));
  }
}

}  // namespace datafly::http

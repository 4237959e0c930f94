#include "common/io/kube/call.h"

#include <charconv>

#include "common/core/base/time.h"
#include "common/io/kube/path.h"

namespace datafly::kube {

namespace {

constexpr int kMostAttempts = 10;
constexpr Millis kAfterLostConnection{1000};
/// A server that asks for more patience than this is reported, not waited for.
constexpr Millis kLongestRetryAfter{30000};
/// Of what is read whole: objects are below 2 MiB, logs are asked for by the byte, the list of APIs
/// is a megabyte where there are many.
constexpr std::size_t kMaxWholeReply = 32U << 20U;

/// Trouble with our own certificate is the likely cause of a 401 or of a TLS alert.
Error ExplainRefusal(Error error, const RestConfig& config) {
  const std::string& trouble = config.client_certificate_trouble;
  const bool refused = error.kind == ErrorKind::Unauthorized || http::IsTlsRefusal(error);
  if (!refused || trouble.empty()) return error;
  error.message = fmt::format("{}: {}", trouble, error.message);
  error.remedy = "get a new client certificate (on kubeadm: kubeadm certs renew admin.conf)";
  return error;
}

class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(std::shared_ptr<Session> session, CallRequest request)
      : session_(std::move(session)), request_(std::move(request)) {}
  ~Call() { Stop(); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Pending<http::Response> Begin();

 private:
  void Attempt();
  void OnDone(Result<http::Response> result);
  void OnReply(http::Response reply);
  void OnError(Error error);
  void SetSink(http::Request& request);
  [[nodiscard]] bool Hold(std::size_t bytes);
  [[nodiscard]] bool MayRetry() const { return attempts_ < kMostAttempts; }
  void RetryAfterDelay(Millis delay, Error reason);
  void RefreshCredentials(Error unauthorized);
  void Resolve(Result<http::Response> result);
  void Stop();
  [[nodiscard]] Error LateError() const;

  std::shared_ptr<Session> session_;
  CallRequest request_;
  std::shared_ptr<PendingState<http::Response>> out_ =
      std::make_shared<PendingState<http::Response>>();
  Pending<http::Response> current_;
  Loop::TimerId timer_ = 0;
  std::optional<Error> last_error_;  ///< why the next attempt is waited for
  int attempts_ = 0;
  std::size_t held_ = 0;    ///< bytes that the sink has got in this attempt
  bool too_large_ = false;  ///< with them the session holds too many
  bool entered_ = false;
  bool refreshed_ = false;
};

Pending<http::Response> Call::Begin() {
  if (auto checked = CheckPath(request_.path_and_query); !checked) {
    return Pending<http::Response>::Of(Fail(checked.error()));
  }
  // The holder's state keeps this object alive; dropping the Pending frees both.
  out_->SetCancel([self = shared_from_this()] { self->Stop(); });
  const std::weak_ptr<Call> weak = shared_from_this();
  out_->SetWhenLate([weak] {
    const auto self = weak.lock();
    return self ? self->LateError() : Error::TimedOut("no answer within the deadline");
  });
  Pending<http::Response> pending(out_);
  if (request_.streaming) {
    Attempt();
    return pending;
  }
  session_->Enter([weak, session = session_] {
    if (const auto self = weak.lock()) {
      self->entered_ = true;
      self->Attempt();
    } else {
      session->Leave();
    }
  });
  return pending;
}

void Call::Attempt() {
  const auto self = shared_from_this();
  ++attempts_;
  timer_ = 0;
  auto request = session_->NewRequest(request_.path_and_query);
  if (!request) return Resolve(Fail(std::move(request.error())));
  if (request_.on_attempt) request_.on_attempt();
  request->method = request_.method;
  request->headers.emplace_back("Accept", request_.accept);
  if (!request_.content_type.empty()) {
    request->headers.emplace_back("Content-Type", request_.content_type);
  }
  request->body = request_.body;
  request->replayable = request_.replayable;
  SetSink(*request);
  current_ = session_->http.Start(std::move(*request));
  const std::weak_ptr<Call> weak = self;
  current_.state()->OnDone([weak] {
    if (const auto held = weak.lock()) held->OnDone(held->current_.Take());
  });
}

void Call::SetSink(http::Request& request) {
  session_->GiveReplyBytes(std::exchange(held_, 0));
  if (request_.streaming) {
    request.timeout = Millis(0);
    request.max_body = SIZE_MAX;
  }
  if (!request_.on_data) {
    request.max_body = std::min(request.max_body, kMaxWholeReply);
    return;
  }
  // Nothing comes here once Stop has dropped the request; the sink itself may end this object.
  request.on_data = [this, session = session_, on_data = request_.on_data](std::string_view data) {
    session->NoteHeard();
    return Hold(data.size()) && on_data(data);
  };
}

/// A watch's events do not stay; all else that a sink gets is held to the reply's end.
bool Call::Hold(std::size_t bytes) {
  if (request_.streaming) return true;
  held_ += bytes;
  too_large_ = !session_->TakeReplyBytes(bytes);
  return !too_large_;
}

void Call::OnDone(Result<http::Response> result) {
  if (result) {
    OnReply(std::move(*result));
  } else {
    OnError(std::move(result.error()));
  }
}

void Call::OnReply(http::Response reply) {
  session_->NoteWarnings(reply);
  session_->NoteDate(reply);
  if (reply.status < 500) session_->NoteHeard();
  if (reply.status >= 200 && reply.status < 300) return Resolve(std::move(reply));
  Error error = FromReply(reply, session_->AskerOf(request_.path_and_query));
  if (reply.status == 401) {
    return RefreshCredentials(ExplainRefusal(std::move(error), session_->config));
  }
  if (reply.status >= 500) session_->NoteTrouble(error);
  const bool may_help = reply.status == 429 || reply.status >= 500;
  const auto delay = RetryAfter(reply);
  if (may_help && delay && *delay <= kLongestRetryAfter) return RetryAfterDelay(*delay, error);
  Resolve(Fail(std::move(error)));
}

void Call::OnError(Error error) {
  if (too_large_) {
    error = Error::TooLarge(fmt::format("the replies of {} are longer than {} MiB together",
                                        session_->config.server, Session::kMostReplyBytes >> 20U),
                            "check server in the kubeconfig, and what answers there");
  }
  session_->NoteTrouble(error);
  const bool repeatable = (request_.method == "GET" || request_.replayable) && !request_.streaming;
  if (repeatable && http::IsConnectionLost(error)) {
    return RetryAfterDelay(kAfterLostConnection, std::move(error));
  }
  Resolve(Fail(ExplainRefusal(std::move(error), session_->config)));
}

void Call::RetryAfterDelay(Millis delay, Error reason) {
  if (!MayRetry() || !session_->TakeRetry()) return Resolve(Fail(std::move(reason)));
  last_error_ = std::move(reason);
  const std::weak_ptr<Call> weak = shared_from_this();
  timer_ = session_->loop.AddTimer(session_->loop.Now() + session_->WithJitter(delay), [weak] {
    if (const auto self = weak.lock()) self->Attempt();
  });
}

void Call::RefreshCredentials(Error unauthorized) {
  if (refreshed_ || !session_->config.credentials) return Resolve(Fail(std::move(unauthorized)));
  refreshed_ = true;
  last_error_ = std::move(unauthorized);
  // From a timer, not from inside the http client: a credential plugin may turn the loop.
  const std::weak_ptr<Call> weak = shared_from_this();
  timer_ = session_->loop.AddTimer(session_->loop.Now(), [weak] {
    const auto self = weak.lock();
    if (!self) return;
    if (self->session_->config.credentials->Refresh()) return self->Attempt();
    self->Resolve(Fail(std::move(*self->last_error_)));
  });
}

void Call::Resolve(Result<http::Response> result) {
  const auto self = shared_from_this();  // Resolving drops the cancel function, which holds us.
  Stop();
  out_->Resolve(std::move(result));
}

void Call::Stop() {
  session_->loop.CancelTimer(std::exchange(timer_, 0));
  current_ = {};
  session_->GiveReplyBytes(std::exchange(held_, 0));
  if (std::exchange(entered_, false)) session_->Leave();
}

Error Call::LateError() const {
  if (timer_ != 0 && last_error_) {
    return Error::TimedOut(
        fmt::format("no time left for another attempt: {}", last_error_->message),
        last_error_->remedy);
  }
  return current_.state() ? current_.state()->LateError()
                          : Error::TimedOut("no answer within the deadline");
}

}  // namespace

Pending<http::Response> StartCall(std::shared_ptr<Session> session, CallRequest request) {
  return std::make_shared<Call>(std::move(session), std::move(request))->Begin();
}

std::optional<Millis> RetryAfter(const http::Response& reply) {
  const std::string_view text = reply.FindHeader("retry-after");
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Millis(std::int64_t{seconds} * 1000);
}

}  // namespace datafly::kube

#include "common/io/kube/watch.h"

#include <simdjson.h>

#include "common/io/kube/byte_buffer.h"
#include "common/io/kube/call.h"
#include "common/io/kube/list.h"
#include "common/io/kube/path.h"

namespace datafly::kube {

namespace {

/// etcd takes objects of 1.5 MiB by default; nothing near this limit is a Kubernetes object.
constexpr std::size_t kMaxEventBytes = 16U << 20U;
constexpr int kMostFailuresInARow = 10;
constexpr Millis kPause{1000};

struct ParsedEvent {
  std::string type;
  std::string resource_version;
  std::string object;
};

Result<ParsedEvent> ParseEvent(simdjson::dom::parser& parser, char* data, std::size_t size) {
  simdjson::dom::element root, object;
  std::string_view type, version;
  if (parser.parse(data, size, false).get(root) != simdjson::SUCCESS ||
      root["type"].get(type) != simdjson::SUCCESS ||
      root["object"].get(object) != simdjson::SUCCESS || !object.is_object()) {
    return Fail(Error::Protocol("the server sent a watch event that cannot be understood"));
  }
  if (object["metadata"]["resourceVersion"].get(version) != simdjson::SUCCESS) version = {};
  return ParsedEvent{std::string(type), std::string(version), simdjson::minify(object)};
}

std::optional<WatchEvent::Type> TypeOf(std::string_view name) {
  if (name == "ADDED") return WatchEvent::Type::Added;
  if (name == "MODIFIED") return WatchEvent::Type::Modified;
  if (name == "DELETED") return WatchEvent::Type::Deleted;
  if (name == "BOOKMARK") return WatchEvent::Type::Bookmark;
  return std::nullopt;
}

class WatchRun : public std::enable_shared_from_this<WatchRun> {
 public:
  WatchRun(std::shared_ptr<Session> session, const Resource& resource, const ListOptions& options,
           std::string resource_version, std::function<Result<void>(const WatchEvent&)> on_event)
      : session_(std::move(session)),
        resource_(resource),
        options_(options),
        resource_version_(std::move(resource_version)),
        on_event_(std::move(on_event)) {}

  Pending<std::string> Begin();

 private:
  void Connect();
  bool OnData(std::string_view data);
  Result<void> TakeLines();
  Result<void> TakeEvent(std::size_t size);
  void OnDone(Result<http::Response> result);
  void Reconnect(Millis delay);
  void Finish(Error error);
  void Stop();

  std::shared_ptr<Session> session_;
  Resource resource_;
  ListOptions options_;
  std::string resource_version_;
  std::function<Result<void>(const WatchEvent&)> on_event_;
  std::shared_ptr<PendingState<std::string>> out_ = std::make_shared<PendingState<std::string>>();
  Pending<http::Response> call_;
  ByteBuffer buffer_;
  std::size_t searched_ = 0;  ///< so much of it holds no end of a line: a long one is searched once
  simdjson::dom::parser parser_;
  std::optional<Error> stream_error_;  ///< why on_data ended the stream
  Instant connected_at_{};
  Loop::TimerId timer_ = 0;
  int failures_ = 0;
};

Pending<std::string> WatchRun::Begin() {
  out_->SetCancel([self = shared_from_this()] { self->Stop(); });
  Pending<std::string> pending(out_);
  Connect();
  return pending;
}

void WatchRun::Connect() {
  const auto self = shared_from_this();
  timer_ = 0;
  buffer_.Clear();
  searched_ = 0;
  connected_at_ = session_->loop.Now();
  CallRequest request;
  request.path_and_query = resource_.Path();
  AddQuery(request.path_and_query, "watch", "1");
  AddQuery(request.path_and_query, "allowWatchBookmarks", "true");
  AddQuery(request.path_and_query, "resourceVersion", resource_version_);
  AddQuery(request.path_and_query, "timeoutSeconds", fmt::format("{}", session_->Random(300, 600)));
  AddSelectors(request.path_and_query, options_);
  if (options_.metadata_only) {
    request.accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  }
  request.streaming = true;
  request.on_data = [this](std::string_view data) { return OnData(data); };
  call_ = StartCall(session_, std::move(request));
  call_.state()->OnDone([this] { OnDone(call_.Take()); });
}

bool WatchRun::OnData(std::string_view data) {
  const auto self = shared_from_this();
  if (!buffer_.Append(data)) return false;
  auto taken = TakeLines();
  if (out_->cancelled()) return false;
  if (taken) return true;
  stream_error_ = std::move(taken.error());
  return false;
}

Result<void> WatchRun::TakeLines() {
  while (true) {
    const auto newline = buffer_.view().find('\n', searched_);
    if (newline == std::string_view::npos) break;
    searched_ = 0;
    if (newline > 0) TRY(TakeEvent(newline));
    if (out_->cancelled()) return {};
    buffer_.RemoveFront(newline + 1);
  }
  searched_ = buffer_.size();
  if (buffer_.size() > kMaxEventBytes) {
    return Fail(Error::TooLarge("the server sent a watch event longer than 16 MiB"));
  }
  return {};
}

Result<void> WatchRun::TakeEvent(std::size_t size) {
  ASSIGN_OR_RETURN(const ParsedEvent event, ParseEvent(parser_, buffer_.data(), size));
  if (event.type == "ERROR") {
    const auto status = ParseStatus(event.object);
    if (!status) return Fail(Error::Protocol("the server ended the watch without saying why"));
    return Fail(FromStatus(*status, session_->AskerOf(resource_.Path())));
  }
  failures_ = 0;
  const auto type = TypeOf(event.type);
  if (!type) return {};  // A type of a later Kubernetes.
  if (!event.resource_version.empty()) resource_version_ = event.resource_version;
  return on_event_({*type, event.object});
}

void WatchRun::OnDone(Result<http::Response> result) {
  const auto self = shared_from_this();
  if (stream_error_) return Finish(std::move(*stream_error_));
  if (result) {
    // The server's timeoutSeconds passed; a server that ends at once must not make us spin.
    const bool brief = session_->loop.Now() - connected_at_ < kPause;
    return Reconnect(brief ? kPause : Millis(0));
  }
  const bool may_pass =
      http::IsConnectionLost(result.error()) || result.error().kind == ErrorKind::TimedOut;
  if (!may_pass || ++failures_ > kMostFailuresInARow) return Finish(std::move(result.error()));
  Reconnect(kPause);
}

void WatchRun::Reconnect(Millis delay) {
  timer_ = session_->loop.AddTimer(session_->loop.Now() + session_->WithJitter(delay),
                                   [weak = weak_from_this()] {
                                     if (const auto self = weak.lock()) self->Connect();
                                   });
}

void WatchRun::Finish(Error error) {
  Stop();
  out_->Resolve(Fail(std::move(error)));
}

void WatchRun::Stop() {
  session_->loop.CancelTimer(std::exchange(timer_, 0));
  call_ = {};
}

}  // namespace

Pending<std::string> StartWatchRun(std::shared_ptr<Session> session, const Resource& resource,
                                   const ListOptions& options, std::string resource_version,
                                   std::function<Result<void>(const WatchEvent&)> on_event) {
  return std::make_shared<WatchRun>(std::move(session), resource, options,
                                    std::move(resource_version), std::move(on_event))
      ->Begin();
}

}  // namespace datafly::kube

#include "common/io/kube/list.h"

#include <simdjson.h>

#include <deque>

#include "common/io/kube/byte_buffer.h"
#include "common/io/kube/call.h"
#include "common/io/kube/list_head.h"
#include "common/io/kube/path.h"

namespace datafly::kube {

namespace {

/// Beside the page that is decoded: one comes in, one is being made by the server.
constexpr std::size_t kMostPagesInFlight = 2;

struct Page {
  ByteBuffer body;
  Pending<http::Response> call;
  ListHead head;
  HeadScan scan = HeadScan::NeedMore;
  bool first = false;
  bool next_asked = false;
  bool done = false;
};

/// The slow way to the head, for servers that write metadata elsewhere.
Result<ListHead> ParseListHead(ByteBuffer& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body.data(), body.size(), false).get(root) != simdjson::SUCCESS ||
      !root.is_object()) {
    return Fail(Error::Protocol("the server's answer is not JSON, or was cut"));
  }
  const auto text = [](simdjson::simdjson_result<simdjson::dom::element> value) {
    std::string_view view;
    return value.get(view) == simdjson::SUCCESS ? std::string(view) : std::string();
  };
  ListHead head{text(root["kind"]), text(root["metadata"]["resourceVersion"]),
                text(root["metadata"]["continue"])};
  if (root["items"].is_array() || root["rows"].is_array()) return head;
  return Fail(Error::Protocol("the server's answer is not a list"));
}

class ListRun : public std::enable_shared_from_this<ListRun> {
 public:
  ListRun(std::shared_ptr<Session> session, const Resource& resource, const ListOptions& options,
          std::function<Result<void>(Client::PageBuffer)> on_page, std::function<void()> on_restart)
      : session_(std::move(session)),
        resource_(resource),
        options_(options),
        on_page_(std::move(on_page)),
        on_restart_(std::move(on_restart)) {}

  Pending<ListOutcome> Begin();

 private:
  [[nodiscard]] std::string PathOf(const std::string& token) const;
  void Ask(const std::string& token);
  bool OnData(Page& page, std::string_view data);
  void OnAttempt(Page& page);
  void OnDone(Page& page, Result<http::Response> result);
  bool AskNext();
  void DeliverLater();
  void Deliver();
  Result<void> PrepareFront();
  Result<void> Decode();
  void Restart();
  void Finish(Result<ListOutcome> result);
  void Stop();
  [[nodiscard]] Error LateError() const;

  std::shared_ptr<Session> session_;
  Resource resource_;
  ListOptions options_;
  std::function<Result<void>(Client::PageBuffer)> on_page_;
  std::function<void()> on_restart_;
  std::shared_ptr<PendingState<ListOutcome>> out_ = std::make_shared<PendingState<ListOutcome>>();
  std::deque<std::unique_ptr<Page>> pages_;  ///< in flight or done, in order
  std::unique_ptr<Page> decoding_;           ///< taken from the front, to be decoded next
  ByteBuffer spare_;
  ListOutcome outcome_;
  Loop::TimerId timer_ = 0;
  bool unpaged_ = false;
};

Pending<ListOutcome> ListRun::Begin() {
  out_->SetCancel([self = shared_from_this()] { self->Stop(); });
  out_->SetWhenLate([weak = weak_from_this()] {
    const auto self = weak.lock();
    return self ? self->LateError() : Error::TimedOut("no answer within the deadline");
  });
  Pending<ListOutcome> pending(out_);
  Ask({});
  return pending;
}

std::string ListRun::PathOf(const std::string& token) const {
  std::string path = resource_.Path();
  if (!unpaged_ && options_.page_size > 0) {
    AddQuery(path, "limit", fmt::format("{}", options_.page_size));
  }
  AddSelectors(path, options_);
  if (!token.empty()) AddQuery(path, "continue", token);
  return path;
}

void ListRun::Ask(const std::string& token) {
  auto page = std::make_unique<Page>();
  Page* const at = page.get();
  page->first = token.empty();
  page->body = std::exchange(spare_, {});
  pages_.push_back(std::move(page));

  // The page dies with its call, and the run outlives both.
  CallRequest request;
  request.path_and_query = PathOf(token);
  request.accept = options_.metadata_only ? kMetadataListAccept : "application/json";
  request.on_data = [this, at](std::string_view data) { return OnData(*at, data); };
  request.on_attempt = [this, at] { OnAttempt(*at); };
  const auto self = shared_from_this();
  at->call = StartCall(session_, std::move(request));
  at->call.state()->OnDone([this, at] { OnDone(*at, at->call.Take()); });
}

void ListRun::OnAttempt(Page& page) {
  page.body.Clear();
  page.head = {};
  page.scan = HeadScan::NeedMore;
  page.next_asked = false;
  // Pages behind this one continue what is now asked for again.
  while (pages_.back().get() != &page) pages_.pop_back();
}

bool ListRun::OnData(Page& page, std::string_view data) {
  if (!page.body.Append(data)) return false;
  if (page.scan == HeadScan::NeedMore) {
    page.scan = ScanListHead(page.body.view(), page.head);
    if (page.scan == HeadScan::Found) AskNext();
  }
  return true;
}

bool ListRun::AskNext() {
  if (pages_.size() == kMostPagesInFlight) return false;
  if (pages_.empty() && !decoding_) return false;
  Page& last = pages_.empty() ? *decoding_ : *pages_.back();
  if (last.scan != HeadScan::Found || last.next_asked || last.head.continue_token.empty())
    return false;
  last.next_asked = true;
  Ask(last.head.continue_token);
  return true;
}

void ListRun::OnDone(Page& page, Result<http::Response> result) {
  const auto self = shared_from_this();
  if (result) {
    page.done = true;
    return DeliverLater();
  }
  const bool expired = result.error().kind == ErrorKind::Expired;
  if (expired && !page.first && !unpaged_) return Restart();
  Finish(Fail(std::move(result.error())));
}

void ListRun::DeliverLater() {
  // From a timer, so that the request for the next page leaves before this one is decoded: set
  // anew, to come behind the http client's.
  session_->loop.CancelTimer(std::exchange(timer_, 0));
  timer_ = session_->loop.AddTimer(session_->loop.Now(), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->Deliver();
  });
}

void ListRun::Deliver() {
  timer_ = 0;
  if (!decoding_) {
    if (pages_.empty() || !pages_.front()->done) return;
    if (auto ready = PrepareFront(); !ready) return Finish(Fail(ready.error()));
    // A request that was just made leaves in the loop's next turn; decoding comes after it.
    if (AskNext()) return DeliverLater();
  }
  if (auto decoded = Decode(); !decoded) return Finish(Fail(decoded.error()));
  if (out_->cancelled()) return;
  if (pages_.empty()) return Finish(outcome_);
  DeliverLater();
}

Result<void> ListRun::PrepareFront() {
  Page& front = *pages_.front();
  if (front.scan != HeadScan::Found) {
    auto head = ParseListHead(front.body);
    if (!head) return Fail(head.error().Within(resource_.Path()));
    front.head = std::move(*head);
    front.scan = HeadScan::Found;
  }
  decoding_ = std::move(pages_.front());
  pages_.pop_front();
  return {};
}

Result<void> ListRun::Decode() {
  const auto page = std::move(decoding_);
  ++outcome_.pages;
  outcome_.resource_version = page->head.resource_version;
  TRY(on_page_({page->body.data(), page->body.size(), page->body.capacity()}));
  page->body.Clear();
  spare_ = std::move(page->body);
  return {};
}

void ListRun::Restart() {
  // client-go's pager does the same (FullListIfExpired): the token is gone, only one unpaged list
  // is consistent.
  unpaged_ = true;
  outcome_ = {};
  Stop();
  if (on_restart_) on_restart_();
  if (!out_->cancelled()) Ask({});
}

void ListRun::Finish(Result<ListOutcome> result) {
  const auto self = shared_from_this();
  Stop();
  out_->Resolve(std::move(result));
}

void ListRun::Stop() {
  session_->loop.CancelTimer(std::exchange(timer_, 0));
  // A page may be the caller of this function: it is kept until the loop's next turn.
  if (pages_.empty()) return;
  auto old = std::make_shared<std::deque<std::unique_ptr<Page>>>(std::move(pages_));
  pages_.clear();
  decoding_.reset();
  for (auto& page : *old) page->call = {};
  session_->loop.AddTimer(session_->loop.Now(), [old] {});
}

Error ListRun::LateError() const {
  if (!pages_.empty() && pages_.front()->call.state()) {
    return pages_.front()->call.state()->LateError();
  }
  return Error::TimedOut("no answer within the deadline");
}

}  // namespace

void AddSelectors(std::string& path, const ListOptions& options) {
  if (!options.label_selector.empty()) AddQuery(path, "labelSelector", options.label_selector);
  if (!options.field_selector.empty()) AddQuery(path, "fieldSelector", options.field_selector);
}

Pending<ListOutcome> StartListRun(std::shared_ptr<Session> session, const Resource& resource,
                                  const ListOptions& options,
                                  std::function<Result<void>(Client::PageBuffer)> on_page,
                                  std::function<void()> on_restart) {
  return std::make_shared<ListRun>(std::move(session), resource, options, std::move(on_page),
                                   std::move(on_restart))
      ->Begin();
}

}  // namespace datafly::kube

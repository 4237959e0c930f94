#include "common/io/kube/session.h"

#include "common/io/http/url.h"

namespace datafly::kube {

namespace {

/// Below the API server's 100 streams per connection; a preflight's burst is smaller.
constexpr int kMostAtATime = 64;
constexpr std::size_t kMostWarnings = 100;

/// gzip to a server on this machine only costs time.
RestConfig WithoutLocalCompression(RestConfig config) {
  const auto url = http::ParseUrl(config.server);
  if (!url || !http::IsLoopback(url->host) || !config.endpoint || !config.endpoint->compression) {
    return config;
  }
  auto endpoint = std::make_shared<http::Endpoint>(*config.endpoint);
  endpoint->compression = false;
  config.endpoint = std::move(endpoint);
  return config;
}

void AddImpersonation(const Impersonation& as, std::vector<http::Header>& headers) {
  if (!as.user.empty()) headers.emplace_back("Impersonate-User", as.user);
  if (!as.uid.empty()) headers.emplace_back("Impersonate-Uid", as.uid);
  for (const auto& group : as.groups) headers.emplace_back("Impersonate-Group", group);
  for (const auto& [key, value] : as.extra) {
    headers.emplace_back("Impersonate-Extra-" + EncodeSegment(key), value);
  }
}

}  // namespace

Session::Session(Loop& the_loop, http::Client& the_http, RestConfig the_config)
    : loop(the_loop),
      http(the_http),
      config(WithoutLocalCompression(std::move(the_config))),
      random_(std::random_device{}()),
      contact_{loop.Now(), {}} {}

Asker Session::AskerOf(const std::string& path) const {
  return {path, config.server, config.user_name, config.context};
}

Result<http::Request> Session::NewRequest(const std::string& path_and_query) const {
  http::Request request;
  request.endpoint = config.endpoint;
  if (config.credentials) {
    ASSIGN_OR_RETURN(request.authorization, config.credentials->Authorization());
    if (auto replaced = config.credentials->ReplacedEndpoint()) request.endpoint = replaced;
  }
  request.url = config.server + path_and_query;
  request.timeout = config.request_timeout;
  if (!config.user_agent.empty()) request.headers.emplace_back("User-Agent", config.user_agent);
  AddImpersonation(config.impersonation, request.headers);
  return request;
}

bool Session::TakeRetry() {
  if (retries_left_ == 0) return false;
  --retries_left_;
  return true;
}

int Session::Random(int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random_);
}

Millis Session::WithJitter(Millis delay) {
  return delay + Millis(Random(0, static_cast<int>(delay.count() / 5)));
}

void Session::NoteWarnings(const http::Response& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "warning") continue;
    for (auto& text : WarningTexts(value)) {
      const bool known = std::find(warnings_.begin(), warnings_.end(), text) != warnings_.end();
      if (!known && warnings_.size() < kMostWarnings) warnings_.push_back(std::move(text));
    }
  }
}

void Session::NoteDate(const http::Response& reply) {
  const auto date = ParseHttpDate(reply.FindHeader("date"));
  if (!date) return;
  date_ = date;
  date_at_ = loop.Now();
}

std::optional<Time> Session::ServerTime() const {
  if (!date_) return std::nullopt;
  return *date_ + std::chrono::duration_cast<Millis>(loop.Now() - date_at_);
}

std::optional<Time> ParseHttpDate(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::size_t kLength = 29;
  if (text.size() != kLength || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  // The rest as RFC 3339, which has one parser with all its bounds.
  const auto time = ParseTime(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1,
                                          text.substr(5, 2), text.substr(17, 8)));
  return time ? std::optional<Time>(*time) : std::nullopt;
}

void Session::Enter(std::function<void()> start) {
  if (running_ == kMostAtATime) {
    waiting_.push_back(std::move(start));
    return;
  }
  ++running_;
  start();
}

void Session::Leave() {
  --running_;
  if (waiting_.empty()) return;
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  ++running_;
  next();
}

std::vector<std::string> WarningTexts(std::string_view header) {
  std::vector<std::string> texts;
  while (true) {
    const auto start = header.find("299 ");
    const auto quote = start == std::string_view::npos ? start : header.find('"', start);
    if (quote == std::string_view::npos) return texts;
    header.remove_prefix(quote + 1);
    std::string text;
    std::size_t i = 0;
    for (; i < header.size() && header[i] != '"'; ++i) {
      if (header[i] == '\\' && i + 1 < header.size()) ++i;
      text += header[i];
    }
    header.remove_prefix(std::min(i + 1, header.size()));
    texts.push_back(std::move(text));
  }
}

}  // namespace datafly::kube

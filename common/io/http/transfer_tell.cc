#include "common/io/http/transfer.h"

// What a transfer tells its observer; apart from how it is carried out.
namespace datafly::http {

void Transfer::Abandon() {
  stop_ = Stop::Abandoned;
  TellFailure("given up");
}

void Transfer::TellFailure(const std::string& why) { Tell({}, why); }

void Transfer::Tell(const Response& response, const std::string& failure) {
  Observer* observer = std::exchange(observer_, nullptr);
  if (observer == nullptr) return;
  curl_off_t micros = 0;
  curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &micros);
  Exchange exchange;
  exchange.method = request_.method;
  exchange.origin = fmt::format("{}://{}", url_.scheme, url_.HostPort());
  const std::string_view url = request_.url;
  const auto slash = url.find('/', url.find("://") + 3);
  const std::string_view rest = slash == std::string_view::npos ? "/" : url.substr(slash);
  exchange.path = rest.substr(0, rest.find('?'));
  exchange.query = rest.substr(std::min(exchange.path.size() + 1, rest.size()));
  exchange.status = response.status;
  exchange.took = std::chrono::ceil<Millis>(std::chrono::microseconds(micros));
  exchange.bytes = response.wire_bytes;
  exchange.http_version = response.http_version;
  exchange.failure = failure;
  observer->OnExchange(exchange);
}

}  // namespace datafly::http

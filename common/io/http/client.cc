#include "common/io/http/client.h"

#include <curl/curl.h>

#include <map>

#include "common/io/http/multi.h"

namespace datafly::http {

struct Client::Impl {
  Loop& loop;
  Observer* observer;
  std::map<const Endpoint*, std::shared_ptr<Multi>> pools;

  const std::shared_ptr<Multi>& PoolOf(const std::shared_ptr<const Endpoint>& endpoint) {
    auto& pool = pools[endpoint.get()];
    if (!pool) pool = std::make_shared<Multi>(loop, endpoint);
    return pool;
  }
};

Client::Client(Loop& loop, Observer* observer) : impl_(new Impl{loop, observer, {}}) {
  // libcurl's own start-up is once per process; it is thread-safe in the versions we accept.
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

Client::~Client() = default;

Pending<Response> Client::Start(Request request) {
  if (!request.endpoint) request.endpoint = std::make_shared<const Endpoint>();
  const std::shared_ptr<Multi> pool = impl_->PoolOf(request.endpoint);
  auto transfer = Transfer::Make(std::move(request), pool->tls(), impl_->observer);
  if (!transfer) return Pending<Response>::Of(Fail(std::move(transfer.error())));
  const auto state = (*transfer)->out();
  const std::weak_ptr<Transfer> weak = *transfer;
  state->SetCancel([weak_pool = std::weak_ptr<Multi>(pool), weak] {
    const auto owner = weak_pool.lock();
    const auto held = weak.lock();
    if (owner && held) owner->Cancel(held);
  });
  state->SetWhenLate([weak] {
    const auto held = weak.lock();
    return held ? held->Late() : Error::TimedOut("no answer within the deadline");
  });
  pool->Add(std::move(*transfer));
  return Pending<Response>(state);
}

std::uint64_t Client::connections_opened() const {
  std::uint64_t opened = 0;
  for (const auto& [endpoint, pool] : impl_->pools) opened += pool->connections_opened();
  return opened;
}

}  // namespace datafly::http

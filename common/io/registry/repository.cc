#include "common/io/registry/repository.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"

namespace datafly::registry {
namespace {

constexpr std::size_t kMaxReply = 4U << 20U;
constexpr Millis kRequestTimeout{20000};

}  // namespace

Repository Repository::Open(http::Client& http, std::shared_ptr<Endpoints> endpoints,
                            const std::string& plain_http_host, const ImageReference& image,
                            std::optional<PullCredential> credential) {
  auto authority = std::make_shared<Authority>();
  authority->credential = std::move(credential);
  authority->default_scope = fmt::format("repository:{}:pull", image.repository);
  const bool plain = image.Host() == plain_http_host;
  authority->loopback = image.OnLoopback();
  authority->plain_credentials = plain || authority->loopback;
  const char* scheme = plain ? "http" : "https";
  return Repository{http, std::move(endpoints), std::move(authority),
                    fmt::format("{}://{}/v2/{}", scheme, image.Host(), image.repository)};
}

bool Repository::FallBackToPlainHttp() {
  constexpr std::string_view kTls = "https://";
  if (!authority->loopback || base.compare(0, kTls.size(), kTls) != 0) return false;
  base = "http://" + base.substr(kTls.size());
  return true;
}

Pending<http::Response> Repository::StartUrl(const char* method, const std::string& url,
                                             const char* accept) const {
  http::Request request;
  request.endpoint = endpoints->For(url, authority->plain_credentials);
  request.method = method;
  request.url = url;
  request.timeout = kRequestTimeout;
  request.max_body = kMaxReply;
  if (accept != nullptr) request.headers.emplace_back("Accept", accept);
  return StartAuthorized(http, endpoints, authority, std::move(request));
}

// {"errors":[{"code":"MANIFEST_UNKNOWN","message":"…"}]} -> "MANIFEST_UNKNOWN: …", or the status
// alone.
std::string DetailOf(const http::Response& response) {
  const nlohmann::json body =
      nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  std::string detail = fmt::format("HTTP {}", response.status);
  if (!body.is_object() || !body.contains("errors") || !body["errors"].is_array() ||
      body["errors"].empty())
    return detail;
  const nlohmann::json& first = body["errors"].front();
  if (!first.is_object()) return detail;
  for (const char* key : {"code", "message"}) {
    if (first.contains(key) && first[key].is_string()) {
      detail +=
          ": " + RedactCredentials(EscapeForTerminal(Truncate(first[key].get<std::string>(), 200)));
    }
  }
  return detail;
}

Error RefusalOf(const http::Response& response, const std::string& base) {
  const std::string words = fmt::format("the registry answered {}", DetailOf(response));
  const auto host = base.find("://") + 3;
  switch (response.status) {
    case 404:
      return Error::NotFound(
          fmt::format("the registry has no such repository ({})", DetailOf(response)));
    case 401:
    case 403:
      return Error::Unauthorized(words,
                                 fmt::format("log in: helm registry login {}",
                                             base.substr(host, base.find('/', host) - host)));
    default:
      return Error::Unreachable(words);
  }
}

}  // namespace datafly::registry

#include "common/io/http/upgrade.h"

#include <openssl/sha.h>

#include <charconv>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"
#include "common/io/http/url.h"

namespace datafly::http {

namespace {

constexpr std::size_t kMaxHead = 64U << 10U;
constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// "/path?query" of an absolute URL.
std::string TargetOf(const std::string& url) {
  const auto host = url.find("://") + 3;
  const auto path = url.find('/', host);
  return path == std::string::npos ? "/" : url.substr(path, url.find('#') - path);
}

}  // namespace

Result<std::string> UpgradeRequest(const Request& request, std::string_view key,
                                   std::string_view subprotocol) {
  ASSIGN_OR_RETURN(const UrlParts url, ParseUrl(request.url));
  std::string text = fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\nSec-WebSocket-Protocol: {}\r\n",
      TargetOf(request.url), url.HostPort(), key, subprotocol);
  for (const auto& [name, value] : request.headers) {
    if (HasControl(name) || HasControl(value)) {
      return Fail(Error::InvalidInput("a request header holds a control character"));
    }
    text += fmt::format("{}: {}\r\n", name, value);
  }
  const auto& authorization = request.authorization.Reveal();
  if (HasControl(authorization)) {
    return Fail(Error::InvalidInput("the credentials hold a control character or line break"));
  }
  if (!authorization.empty() && url.IsTls()) {
    text += fmt::format("Authorization: {}\r\n", authorization);
  }
  return text + "\r\n";
}

std::string AcceptOf(std::string_view key) {
  const std::string text = fmt::format("{}{}", key, kGuid);
  unsigned char hash[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return EncodeBase64({reinterpret_cast<const char*>(hash), sizeof hash});
}

Result<std::optional<Response>> TakeResponseHead(std::string& bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (bytes.size() < kMaxHead) return std::nullopt;
    return Fail(Error::Protocol("the reply to the WebSocket upgrade has no end"));
  }
  Response reply;
  reply.http_version = 11;
  const std::string head = bytes.substr(0, end);
  bytes.erase(0, end + 4);
  bool first = true;
  for (const auto raw : Split(head, '\n')) {
    const auto line = Trim(raw);
    if (std::exchange(first, false)) {
      const auto digits = line.substr(std::min(line.size(), std::size_t{9}), 3);
      std::from_chars(digits.data(), digits.data() + digits.size(), reply.status);
      if (line.starts_with("HTTP/1.") && reply.status >= 100) continue;
      return Fail(Error::Protocol("the reply to the WebSocket upgrade is not HTTP/1.1"));
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    reply.headers.emplace_back(ToLower(line.substr(0, colon)), Trim(line.substr(colon + 1)));
  }
  return reply;
}

Result<void> CheckUpgrade(const Response& reply, std::string_view key,
                          std::string_view subprotocol) {
  if (reply.FindHeader("sec-websocket-accept") != AcceptOf(key)) {
    return Fail(Error::Protocol("the server's answer to the WebSocket key is wrong"));
  }
  if (reply.FindHeader("sec-websocket-protocol") != subprotocol) {
    return Fail(Error::Unsupported(fmt::format("the server does not speak {}", subprotocol)));
  }
  return {};
}

}  // namespace datafly::http

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/io/http/client.h"

namespace datafly::http {

/// The HTTP/1.1 request that asks for a WebSocket (RFC 6455 4.1). `key` is 16 random bytes in
/// base64.
Result<std::string> UpgradeRequest(const Request& request, std::string_view key,
                                   std::string_view subprotocol);

/// What Sec-WebSocket-Accept must say to `key`.
std::string AcceptOf(std::string_view key);

/// Reads the head of an HTTP/1.1 reply once it is complete and drops it from `bytes`; nothing while
/// more is needed. A head beyond 64 KiB or without a status line is Error::Protocol.
Result<std::optional<Response>> TakeResponseHead(std::string& bytes);

/// Holds a 101 reply to what was asked: the key's answer and the subprotocol.
Result<void> CheckUpgrade(const Response& reply, std::string_view key,
                          std::string_view subprotocol);

}  // namespace datafly::http

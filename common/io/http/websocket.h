#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/io/http/client.h"
#include "common/io/loop/loop.h"

namespace datafly::http {

/// One WebSocket connection: libcurl makes the TCP and TLS connection (CONNECT_ONLY: Debian's
/// libcurl speaks no wss://), the upgrade and the framing are ours. Used on the loop's thread;
/// destroying it closes the connection.
class WebSocket {
 public:
  /// `request`: endpoint, url (https:// or http://), headers and authorization count. `on_message`
  /// must not destroy this object.
  WebSocket(Loop& loop, Request request, std::string subprotocol,
            std::function<void(std::string_view message)> on_message);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// Connects and upgrades. Resolves at the end: with status 101 when both sides closed in order,
  /// with the server's own reply when it refused the upgrade, with an Error otherwise.
  Pending<Response> Start();

  /// True between the upgrade and the end.
  [[nodiscard]] bool open() const;
  /// Sends one binary message; ignored when not open.
  void Send(std::string_view message);
  void Close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace datafly::http

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/faults/test_pki.h"

namespace datafly::testing {

/// A request as the server read it.
struct SeenRequest {
  std::string method;
  std::string path;                                          ///< with the query
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  int connection = 0;  ///< 1 for the first connection
  int attempt = 0;     ///< 1 for the first request of this method and path
  int http_version = 11;
  [[nodiscard]] std::string Header(std::string_view name) const;
};

/// How the server answers one request, and where it breaks off.
struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {{"content-type", "application/json"}};
  std::string body;
  enum class Then {
    End,          ///< a whole, correct reply
    Stall,        ///< silence, the connection stays open
    Close,        ///< FIN in mid-reply
    Reset,        ///< RST in mid-reply
    ResetStream,  ///< HTTP/2 RST_STREAM (INTERNAL_ERROR); HTTP/1.1: Close
    Refuse,       ///< HTTP/2 RST_STREAM (REFUSED_STREAM): not processed
    GoAway,       ///< HTTP/2 GOAWAY that disowns this stream, then FIN; HTTP/1.1: Close
  };
  Then then = Then::End;
  std::size_t cut_at = std::string::npos;  ///< `then` comes after this many body bytes
  bool send_headers = true;                ///< false: `then` comes in place of any reply
  bool declare_length = true;      ///< content-length, else chunked (HTTP/1.1) or none (HTTP/2)
  std::size_t bytes_per_tick = 0;  ///< not 0: a slow body, so many bytes each millisecond
};

struct ServerOptions {
  bool tls = true;
  bool http2 = true;
  Identity identity;          ///< of the server
  std::string client_ca_pem;  ///< not empty: a client certificate of this authority is required
  bool mute = false;          ///< accepts and never answers
  int close_after_requests =
      0;  ///< not 0: FIN right after so many replies (a kept connection dies)
  int max_streams = 100;
};

/// A server on 127.0.0.1 that follows a script, for every fault that a client may meet. Threads of
/// its own; counts what it sees.
class ScriptedServer {
 public:
  using Script = std::function<Reply(const SeenRequest&)>;
  ScriptedServer(ServerOptions options, Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string Url(const std::string& path = "") const;
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::vector<SeenRequest> requests() const;
  /// How many requests of this method came ("" = any).
  [[nodiscard]] int Count(const std::string& method = "") const;

 private:
  friend class ServerConnection;
  void Accept();
  Reply Handle(SeenRequest request);

  ServerOptions options_;
  Script script_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::vector<SeenRequest> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A listening socket on 127.0.0.1; `port` is set to the one the system chose.
int ListenOnLoopback(int& port);
/// A socket that is connected to 127.0.0.1.
int ConnectToLoopback(int port);

}  // namespace datafly::testing

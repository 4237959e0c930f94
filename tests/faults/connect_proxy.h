#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace datafly::testing {

/// A forward proxy on 127.0.0.1 that knows CONNECT alone: whatever host is asked for, the tunnel
/// ends at `upstream_port` of the loopback, as if the name were resolved there.
class ConnectProxy {
 public:
  explicit ConnectProxy(int upstream_port);
  ~ConnectProxy();
  ConnectProxy(const ConnectProxy&) = delete;
  ConnectProxy& operator=(const ConnectProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// The heads of the requests for a tunnel, as they came.
  [[nodiscard]] std::vector<std::string> heads() const;

 private:
  void Accept();
  void Serve(int client);

  int upstream_port_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::vector<std::thread> tunnels_;
  std::thread acceptor_;
};

}  // namespace datafly::testing

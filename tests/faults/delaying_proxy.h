#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace datafly::testing {

/// A TCP relay on 127.0.0.1 that holds every byte back for half a round trip, and counts the
/// client's flights: how often it spoke up after it had heard something new. Round trips become
/// countable, without a clock in the assertion.
class DelayingProxy {
 public:
  DelayingProxy(int upstream_port, std::chrono::milliseconds round_trip);
  ~DelayingProxy();
  DelayingProxy(const DelayingProxy&) = delete;
  DelayingProxy& operator=(const DelayingProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// Flights of the client so far, over all connections, the TCP handshake not counted.
  [[nodiscard]] int client_flights() const { return flights_; }

 private:
  void Run();

  int upstream_port_;
  std::chrono::milliseconds one_way_;
  int listen_fd_ = -1;
  int port_ = 0;
  std::atomic<int> flights_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace datafly::testing

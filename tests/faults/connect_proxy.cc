#include "tests/faults/connect_proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "tests/faults/scripted_server.h"

namespace datafly::testing {

namespace {

constexpr int kPollMillis = 10;

void SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// "" at the end of the stream, or when told to stop.
std::string Receive(int fd, const std::atomic<bool>& stop) {
  while (!stop) {
    pollfd waiting{fd, POLLIN, 0};
    if (poll(&waiting, 1, kPollMillis) <= 0) continue;
    std::array<char, 16384> buffer;
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
  }
  return {};
}

/// Until one side ends.
void Relay(int client, int server, const std::atomic<bool>& stop) {
  while (!stop) {
    std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (poll(ends.data(), ends.size(), kPollMillis) <= 0) continue;
    for (const pollfd& end : ends) {
      if (end.revents == 0) continue;
      const std::string bytes = Receive(end.fd, stop);
      if (bytes.empty()) return;
      SendAll(end.fd == client ? server : client, bytes);
    }
  }
}

}  // namespace

ConnectProxy::ConnectProxy(int upstream_port) : upstream_port_(upstream_port) {
  listen_fd_ = ListenOnLoopback(port_);
  acceptor_ = std::thread([this] { Accept(); });
}

ConnectProxy::~ConnectProxy() {
  stop_ = true;
  acceptor_.join();
  for (auto& tunnel : tunnels_) tunnel.join();
  close(listen_fd_);
}

std::vector<std::string> ConnectProxy::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

void ConnectProxy::Accept() {
  while (!stop_) {
    pollfd waiting{listen_fd_, POLLIN, 0};
    if (poll(&waiting, 1, kPollMillis) <= 0) continue;
    const int client = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) tunnels_.emplace_back([this, client] { Serve(client); });
  }
}

void ConnectProxy::Serve(int client) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const std::string more = Receive(client, stop_);
    if (more.empty()) break;
    head += more;
  }
  {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
  }
  if (head.starts_with("CONNECT ")) {
    const int server = ConnectToLoopback(upstream_port_);
    SendAll(client, "HTTP/1.1 200 Connection established\r\n\r\n");
    Relay(client, server, stop_);
    close(server);
  } else {
    SendAll(client, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
  }
  close(client);
}

}  // namespace datafly::testing

#include "tests/faults/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/faults/server_connection.h"

namespace datafly::testing {

std::string SeenRequest::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

int ListenOnLoopback(int& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  listen(fd, 64);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

int ConnectToLoopback(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return fd;
}

ScriptedServer::ScriptedServer(ServerOptions options, Script script)
    : options_(std::move(options)), script_(std::move(script)) {
  listen_fd_ = ListenOnLoopback(port_);
  acceptor_ = std::thread([this] { Accept(); });
}

ScriptedServer::~ScriptedServer() {
  stop_ = true;
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  close(listen_fd_);
}

std::string ScriptedServer::Url(const std::string& path) const {
  return fmt::format("{}://127.0.0.1:{}{}", options_.tls ? "https" : "http", port_, path);
}

std::vector<SeenRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int ScriptedServer::Count(const std::string& method) const {
  const auto seen = requests();
  return static_cast<int>(std::count_if(seen.begin(), seen.end(), [&](const SeenRequest& request) {
    return method.empty() || request.method == method;
  }));
}

void ScriptedServer::Accept() {
  while (!stop_) {
    pollfd waiting{listen_fd_, POLLIN, 0};
    if (poll(&waiting, 1, 10) <= 0) continue;
    const int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = ++connections_;
    threads_.emplace_back([this, fd, number] { ServerConnection(*this, fd, number).Run(); });
  }
}

Reply ScriptedServer::Handle(SeenRequest request) {
  const std::lock_guard lock(mutex_);
  request.attempt = 1;
  for (const auto& earlier : requests_) {
    if (earlier.method == request.method && earlier.path == request.path) ++request.attempt;
  }
  requests_.push_back(request);
  return script_(request);
}

}  // namespace datafly::testing

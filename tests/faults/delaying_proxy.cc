#include "tests/faults/delaying_proxy.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <list>
#include <string>

#include "tests/faults/scripted_server.h"

namespace datafly::testing {

namespace {

using Clock = std::chrono::steady_clock;

/// One direction of one connection; an empty string stands for the end of the stream.
struct Pipe {
  int from;
  int to;
  bool open = true;
  std::deque<std::pair<Clock::time_point, std::string>> held;
};

struct Link {
  Pipe up;
  Pipe down;
  bool client_spoke_last = false;
};

int Connect(int port) {
  const int fd = ConnectToLoopback(port);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/// True when bytes came.
bool Receive(Pipe& pipe, std::chrono::milliseconds delay) {
  char buffer[65536];
  const ssize_t got = recv(pipe.from, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return false;
  pipe.open = got > 0;
  pipe.held.emplace_back(Clock::now() + delay,
                         std::string(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
  return got > 0;
}

/// True when bytes left.
bool SendDue(Pipe& pipe) {
  bool sent = false;
  while (!pipe.held.empty() && pipe.held.front().first <= Clock::now()) {
    const std::string& bytes = pipe.held.front().second;
    if (bytes.empty()) shutdown(pipe.to, SHUT_WR);
    if (!bytes.empty()) sent = send(pipe.to, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0 || sent;
    pipe.held.pop_front();
  }
  return sent;
}

}  // namespace

DelayingProxy::DelayingProxy(int upstream_port, std::chrono::milliseconds round_trip)
    : upstream_port_(upstream_port), one_way_(round_trip / 2) {
  listen_fd_ = ListenOnLoopback(port_);
  thread_ = std::thread([this] { Run(); });
}

DelayingProxy::~DelayingProxy() {
  stop_ = true;
  thread_.join();
  close(listen_fd_);
}

void DelayingProxy::Run() {
  std::list<Link> links;
  while (!stop_) {
    std::vector<pollfd> fds{{listen_fd_, POLLIN, 0}};
    for (const auto& link : links) {
      if (link.up.open) fds.push_back({link.up.from, POLLIN, 0});
      if (link.down.open) fds.push_back({link.down.from, POLLIN, 0});
    }
    poll(fds.data(), fds.size(), 1);
    if (fds[0].revents != 0) {
      const int client = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = Connect(upstream_port_);
      links.push_back({{client, server, true, {}}, {server, client, true, {}}, false});
    }
    for (auto& link : links) {
      if (link.up.open && Receive(link.up, one_way_) &&
          !std::exchange(link.client_spoke_last, true)) {
        ++flights_;
      }
      if (link.down.open) Receive(link.down, one_way_);
      SendDue(link.up);
      if (SendDue(link.down)) link.client_spoke_last = false;
    }
  }
  for (const auto& link : links) {
    close(link.up.from);
    close(link.up.to);
  }
}

}  // namespace datafly::testing

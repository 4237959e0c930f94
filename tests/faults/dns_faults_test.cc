#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/faults/harness.h"
#include "tests/faults/private_machine.h"

namespace datafly::testing {
namespace {

/// A name server that reads and never answers.
class MuteNameServer {
 public:
  MuteNameServer() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(53);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bound_ = bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~MuteNameServer() { close(fd_); }
  MuteNameServer(const MuteNameServer&) = delete;
  MuteNameServer& operator=(const MuteNameServer&) = delete;
  [[nodiscard]] bool bound() const { return bound_; }
  [[nodiscard]] bool WasAsked() const {
    char query[512];
    return recv(fd_, query, sizeof query, MSG_DONTWAIT) > 0;
  }

 private:
  int fd_;
  bool bound_ = false;
};

// One attempt of the C library's resolver lasts 30 s here; giving up must not wait for it.
TEST(MuteDns, NeitherTheDeadlineNorTheEndWaitsForIt) {
  const bool ran = OnPrivateMachine(
      {{"/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n"}},
      [] {
        MuteNameServer names;
        ASSERT_TRUE(names.bound());
        const auto start = std::chrono::steady_clock::now();
        {
          HttpHarness harness;
          auto pending = harness.http.Start(harness.Get("https://api.cluster.example:6443/"));
          ASSERT_TRUE(harness.loop.Wait(harness.loop.Now() + Millis(500), pending).has_value());
          const auto result = pending.Take();
          ASSERT_FALSE(result.has_value());
          EXPECT_EQ(result.error().message,
                    "no answer from api.cluster.example:6443 within the deadline (the name server "
                    "does not answer)");
        }
        EXPECT_TRUE(names.WasAsked());
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
      },
      true);
  if (!ran) GTEST_SKIP() << "needs root for a private /etc/resolv.conf and port 53";
}

TEST(MuteDns, ConnectTimeoutCoversTheName) {
  const bool ran = OnPrivateMachine(
      {{"/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n"}},
      [] {
        MuteNameServer names;
        ASSERT_TRUE(names.bound());
        HttpHarness harness;
        auto endpoint = TrustingEndpoint();
        endpoint.connect_timeout = Millis(300);
        const auto result =
            harness.Fetch(harness.Get("https://api.cluster.example:6443/", endpoint));
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().message,
                  "no answer from api.cluster.example:6443 within 0.3 s (the name server does not "
                  "answer)");
      },
      true);
  if (!ran) GTEST_SKIP() << "needs root for a private /etc/resolv.conf and port 53";
}

TEST(Dns, UnknownNameIsSaidSo) {
  HttpHarness harness;
  const auto result = harness.Fetch(harness.Get("https://no-such-host.invalid/"));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "cannot resolve no-such-host.invalid");
  EXPECT_EQ(result.error().kind, ErrorKind::Unreachable);
}

}  // namespace
}  // namespace datafly::testing

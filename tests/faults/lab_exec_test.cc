#include <cstdlib>

#include "common/io/http/websocket.h"
#include "common/io/kube/exec_protocol.h"
#include "common/io/kube/kubeconfig.h"
#include "common/io/kube/status.h"
#include "common/io/system/system.h"
#include "tests/faults/harness.h"

namespace datafly::testing {
namespace {

/// The machine as it is, for a test against a real cluster.
class RealMachine {
 public:
  Loop loop;
  std::unique_ptr<Clock> clock = RealClock();
  std::unique_ptr<Environment> environment = RealEnvironment();
  std::unique_ptr<FileSystem> files = RealFileSystem();
  std::unique_ptr<ProcessRunner> processes = RealProcessRunner(loop);
  System system{*files, *environment, *clock, *processes, loop};
};

struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class LabExec {
 public:
  explicit LabExec(kube::RestConfig config) : config_(std::move(config)) {}
  RealMachine machine;

  /// The first pod with this label, by the same client that all commands use.
  Result<std::string> PodOf(const std::string& label) {
    http::Client http(machine.loop);
    kube::Client client(machine.loop, http, config_);
    auto pending = client.StartGet("/api/v1/namespaces/datafly/pods?limit=1&labelSelector=" +
                                   kube::EncodeSegment(label));
    TRY(machine.loop.Wait(machine.loop.Now() + kPatience, pending));
    ASSIGN_OR_RETURN(const std::string list, pending.Take());
    const auto at = list.find("\"name\":\"");
    if (at == std::string::npos) return Fail(Error::NotFound("no pod with " + label));
    return list.substr(at + 8, list.find('"', at + 8) - at - 8);
  }

  Result<Ran> Run(const std::string& pod, const std::vector<std::string>& command) {
    http::Request request;
    request.endpoint = config_.endpoint;
    request.url = config_.server + kube::ExecPath("datafly", pod, "management-api", command);
    ASSIGN_OR_RETURN(request.authorization, config_.credentials->Authorization());
    kube::ExecOutput output(1U << 20U);
    http::WebSocket socket(machine.loop, request, std::string(kube::kExecSubprotocol),
                           [&](std::string_view message) { output.Take(message); });
    auto pending = socket.Start();
    TRY(machine.loop.Wait(machine.loop.Now() + kPatience, pending));
    ASSIGN_OR_RETURN(const http::Response reply, pending.Take());
    if (reply.status != 101) return Fail(kube::FromReply(reply, {}));
    ASSIGN_OR_RETURN(const int code, output.ExitCode());
    return Ran{code, output.out(), output.err()};
  }

 private:
  kube::RestConfig config_;
};

/// Runs only inside the lab's network, where SIGNAL_LAB is set (tests/lab/cases/exec_test.py);
/// elsewhere the programs that run this folder leave it out.
class ExecInTheLab : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("SIGNAL_LAB") == nullptr) GTEST_SKIP() << "not in the lab";
    RealMachine machine;
    auto config = kube::LoadRestConfig({}, machine.system);
    ASSERT_TRUE(config.has_value()) << config.error().message;
    lab_ = std::make_unique<LabExec>(std::move(*config));
    auto pod = lab_->PodOf("app.kubernetes.io/name=management-api");
    ASSERT_TRUE(pod.has_value()) << pod.error().message;
    pod_ = *pod;
  }
  std::unique_ptr<LabExec> lab_;
  std::string pod_;
};

TEST_F(ExecInTheLab, OutputAndExitCodeComeBack) {
  const auto ran = lab_->Run(pod_, {"/app/migrate", "-version"});
  ASSERT_TRUE(ran.has_value()) << ran.error().message;
  std::printf("out \"%s\" err \"%s\" exit code %d\n", ran->out.c_str(), ran->err.c_str(),
              ran->exit_code);
  EXPECT_EQ(ran->exit_code, 0);
  EXPECT_FALSE((ran->out + ran->err).empty());
}

TEST_F(ExecInTheLab, MissingProgramIsAnError) {
  const auto ran = lab_->Run(pod_, {"no-such-program"});
  ASSERT_FALSE(ran.has_value());
  EXPECT_NE(ran.error().message.find("no-such-program"), std::string::npos) << ran.error().message;
}

TEST_F(ExecInTheLab, RefusalKeepsTheServersWords) {
  const auto ran = lab_->Run("no-such-pod", {"true"});
  ASSERT_FALSE(ran.has_value());
  EXPECT_EQ(ran.error().kind, ErrorKind::NotFound);
  EXPECT_NE(ran.error().message.find("no-such-pod"), std::string::npos) << ran.error().message;
}

}  // namespace
}  // namespace datafly::testing

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/unit/io/kubeconfig/fixture.h"
#include "tests/unit/io/system/temp_dir.h"

/// Credential plugins as real scripts, from a real kubeconfig on disk through the real runner.
namespace datafly::kube {
namespace {

using testing::HasSubstr;

constexpr const char* kToken =
    R"(echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"abc"}}')";

class RealPluginTest : public testing::Test {
 protected:
  /// The script lies beside the kubeconfig, which names it by a relative path.
  Result<SecretString> Authorize(const std::string& script, const std::string& more = "") {
    dir_.WriteScript("plugin", script);
    std::string path = dir_.Write(
        "config", OneContext(Https(),
                             "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n"
                             "      command: ./plugin\n      interactiveMode: Never\n" +
                                 more));
    ConnectionFlags flags;
    flags.kubeconfig = path;
    auto config = LoadRestConfig(flags, system_);
    if (!config) return Fail(config.error());
    return config->credentials->Authorization();
  }

  TempDir dir_;
  Loop loop_;
  FakeEnvironment environment_{{{"HOME", "/nonexistent"}}};
  FakeClock clock_;
  std::unique_ptr<FileSystem> files_ = RealFileSystem();
  std::unique_ptr<ProcessRunner> processes_ = RealProcessRunner(loop_);
  System system_{*files_, environment_, clock_, *processes_, loop_};
};

TEST_F(RealPluginTest, GivesAToken) {
  auto token = Authorize(kToken);
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->Reveal(), "Bearer abc");
}

TEST_F(RealPluginTest, GetsItsArgumentsAndEnvironment) {
  auto token = Authorize(
      "printf '%s' \"$KUBERNETES_EXEC_INFO\" > \"$(dirname $0)/info\"\n"
      "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
      "\"status\":{\"token\":\"%s-%s\"}}' \"$1\" \"$PROFILE\"",
      "      args: [get token]\n      env: [{name: PROFILE, value: prod}]\n      "
      "provideClusterInfo: true\n");
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->Reveal(), "Bearer get token-prod");
  auto info = nlohmann::json::parse(files_->Read(dir_ / "info", 4096).value());
  EXPECT_EQ(info["spec"]["cluster"]["server"], "https://10.0.0.1:6443");
}

struct PluginFailure {
  const char* script;
  const char* message;
};

TEST_F(RealPluginTest, FailuresAreOneClearLine) {
  for (const PluginFailure& row :
       {PluginFailure{"exit 4", "failed with exit code 4"},
        PluginFailure{"echo s3cret garbage", "not an ExecCredential object"},
        PluginFailure{":", "the output is empty"},
        PluginFailure{"yes s3cret", "wrote more than 1048576 bytes to its output"},
        PluginFailure{"kill -9 $$", "failed with exit code 137"},
        PluginFailure{"cat; echo '{}'", "its kind is \"\""}}) {
    auto token = Authorize(row.script);
    ASSERT_FALSE(token) << row.script;
    EXPECT_THAT(token.error().message, HasSubstr(row.message));
    EXPECT_THAT(token.error().message, HasSubstr("getting credentials"));
    EXPECT_EQ(token.error().message.find('\n'), std::string::npos);
    EXPECT_EQ(token.error().message.find("s3cret"), std::string::npos);
    EXPECT_NE(token.error().remedy, "");
  }
}

TEST_F(RealPluginTest, AHangEndsWithTheInterrupt) {
  loop_.Interrupt();
  auto token = Authorize("sleep 1000");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::Interrupted);
}

}  // namespace
}  // namespace datafly::kube

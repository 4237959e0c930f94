#include "common/io/kube/exec_plugin.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/unit/io/kubeconfig/fixture.h"

/// The plugin's life as the client sees it, with a fake process; real_plugin_test.cc has real ones.
namespace datafly::kube {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

constexpr const char* kV1 = "client.authentication.k8s.io/v1";

std::string UserWith(const std::string& extra, const std::string& mode = "Never") {
  return std::string("    exec:\n      apiVersion: ") + kV1 +
         "\n      command: login\n      args: [get-token, --region, eu]\n      interactiveMode: " +
         mode + "\n      env: [{name: PROFILE, value: prod}]\n" + extra;
}

CommandOutput Replies(const Json& status) {
  return {0, Json{{"kind", "ExecCredential"}, {"apiVersion", kV1}, {"status", status}}.dump(), ""};
}

CommandOutput Certificate(const PemPair& pair) {
  return Replies({{"clientCertificateData", pair.certificate}, {"clientKeyData", pair.key}});
}

/// A machine whose kubeconfig uses a plugin.
struct PluginMachine : FakeMachine {
  RestConfig config;
  explicit PluginMachine(const std::string& user = UserWith(""), const ConnectionFlags& flags = {},
                         const std::string& cluster = Https()) {
    SetHome(OneContext(cluster, user));
    auto loaded = Load(flags);
    EXPECT_TRUE(loaded) << loaded.error().message;
    if (loaded) config = *loaded;
  }
  std::string Authorization() { return AuthorizationOf(config); }
  [[nodiscard]] std::size_t runs() const { return processes.commands().size(); }
};

std::string ValueOf(const Command& command, const std::string& name) {
  for (const auto& [key, value] : command.env) {
    if (key == name) return value;
  }
  return "(unset)";
}

TEST(ExecPlugin, RunsOnlyWhenAskedAndOnceForManyRequests) {
  PluginMachine machine;
  EXPECT_EQ(machine.runs(), 0U) << "loading must not run it";
  machine.processes.Reply(Replies({{"token", "abc"}}));
  EXPECT_EQ(machine.Authorization(), "Bearer abc");
  EXPECT_EQ(machine.Authorization(), "Bearer abc");
  ASSERT_EQ(machine.runs(), 1U);
  const Command& command = machine.processes.commands()[0];
  EXPECT_EQ(command.argv, (std::vector<std::string>{"login", "get-token", "--region", "eu"}));
  EXPECT_EQ(ValueOf(command, "PROFILE"), "prod");
  EXPECT_EQ(Json::parse(ValueOf(command, "KUBERNETES_EXEC_INFO"))["spec"],
            Json::parse(R"({"interactive":false})"));
  EXPECT_TRUE(command.inherit_stderr);
  EXPECT_FALSE(command.inherit_stdin);
  EXPECT_GT(command.timeout, Millis{0});
}

TEST(ExecPlugin, WithoutExpiryGoodForEver) {
  PluginMachine machine;
  machine.processes.Reply(Replies({{"token", "abc"}}));
  machine.Authorization();
  machine.clock.Advance(std::chrono::hours(24 * 365));
  EXPECT_EQ(machine.Authorization(), "Bearer abc");
}

TEST(ExecPlugin, RunsAgainAfterExpiry) {
  PluginMachine machine;
  machine.processes.Reply(
      Replies({{"token", "one"}, {"expirationTimestamp", "2026-11-26T03:10:00Z"}}));
  machine.processes.Reply(Replies({{"token", "two"}}));
  EXPECT_EQ(machine.Authorization(), "Bearer one");
  machine.clock.Advance(std::chrono::minutes(10));
  EXPECT_EQ(machine.Authorization(), "Bearer one") << "valid to its very end";
  machine.clock.Advance(Millis{1});
  EXPECT_EQ(machine.Authorization(), "Bearer two");
}

TEST(ExecPlugin, ARefusedBurstRunsItOnce) {
  PluginMachine machine;
  machine.processes.Reply(Replies({{"token", "one"}}));
  machine.processes.Reply(Replies({{"token", "two"}}));
  machine.processes.Reply(Replies({{"token", "three"}}));
  EXPECT_FALSE(machine.config.credentials->Refresh()) << "nothing to forget yet";
  machine.Authorization();
  for (int request = 0; request < 12; ++request) {
    EXPECT_TRUE(machine.config.credentials->Refresh());
    EXPECT_EQ(machine.Authorization(), "Bearer two");
  }
  EXPECT_EQ(machine.runs(), 2U);
  machine.clock.Advance(Millis{10000});
  EXPECT_TRUE(machine.config.credentials->Refresh());
  EXPECT_EQ(machine.Authorization(), "Bearer three");
}

TEST(ExecPlugin, AFailureIsSharedByABurstAndThenForgotten) {
  PluginMachine machine;
  machine.processes.Reply({3, "", ""});
  machine.processes.Reply(Replies({{"token", "abc"}}));
  EXPECT_THAT(machine.Authorization(), HasSubstr("exec: executable login failed with exit code 3"));
  EXPECT_THAT(machine.Authorization(), HasSubstr("exit code 3"));
  EXPECT_EQ(machine.runs(), 1U);
  machine.clock.Advance(Millis{10000});
  EXPECT_EQ(machine.Authorization(), "Bearer abc");
}

TEST(ExecPlugin, ACertificateMakesANewEndpointOnlyWhenItChanges) {
  PluginMachine machine(UserWith(""), {}, Https() + "\n    tls-server-name: api");
  auto& credentials = *machine.config.credentials;
  EXPECT_EQ(credentials.ReplacedEndpoint(), nullptr);
  machine.processes.Reply(Certificate(GoodPair()));
  machine.processes.Reply(Certificate(GoodPair()));
  machine.processes.Reply(Certificate(OtherPair()));
  machine.processes.Reply(Replies({{"token", "abc"}}));
  auto next = [&] {
    machine.clock.Advance(Millis{60000});
    credentials.Refresh();
    EXPECT_TRUE(credentials.Authorization());
    return credentials.ReplacedEndpoint();
  };
  auto first = next();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->client_cert_pem, GoodPair().certificate);
  EXPECT_EQ(first->client_key_pem.Reveal(), GoodPair().key);
  EXPECT_EQ(first->tls_server_name, "api");
  EXPECT_EQ(machine.Authorization(), "");
  EXPECT_EQ(next(), first);
  auto third = next();
  EXPECT_NE(third, first);
  EXPECT_EQ(third->client_cert_pem, OtherPair().certificate);
  EXPECT_EQ(next()->client_cert_pem, "")
      << "a token instead of a certificate drops the certificate";
  EXPECT_EQ(machine.Authorization(), "Bearer abc");
}

struct ModeCase {
  const char* mode;
  bool terminal;
  const char* expected;  ///< "stdin", "none" or an error
};

TEST(ExecPlugin, InteractiveModes) {
  for (const ModeCase& row :
       {ModeCase{"Never", true, "none"}, ModeCase{"Never", false, "none"},
        ModeCase{"IfAvailable", true, "stdin"}, ModeCase{"IfAvailable", false, "none"},
        ModeCase{"Always", true, "stdin"},
        ModeCase{"Always", false, "standard input is not a terminal"}}) {
    ConnectionFlags flags;
    flags.stdin_is_terminal = row.terminal;
    PluginMachine machine(UserWith("", row.mode), flags);
    machine.processes.Reply(Replies({{"token", "abc"}}));
    std::string got = machine.Authorization();
    if (machine.runs() == 1) {
      const Command& command = machine.processes.commands()[0];
      Json info = Json::parse(ValueOf(command, "KUBERNETES_EXEC_INFO"));
      EXPECT_EQ(info["spec"]["interactive"], command.inherit_stdin);
      got = command.inherit_stdin ? "stdin" : "none";
    }
    EXPECT_THAT(got, HasSubstr(row.expected)) << row.mode << row.terminal;
  }
}

TEST(ExecPlugin, V1beta1WithoutModeIsIfAvailable) {
  ConnectionFlags flags;
  flags.stdin_is_terminal = true;
  PluginMachine machine(
      "    exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: login}", flags);
  machine.processes.Reply({0,
                           R"({"kind":"ExecCredential","apiVersion":)"
                           R"("client.authentication.k8s.io/v1beta1","status":{"token":"abc"}})",
                           ""});
  EXPECT_EQ(machine.Authorization(), "Bearer abc");
  EXPECT_TRUE(machine.processes.commands()[0].inherit_stdin);
}

TEST(ExecPlugin, ClusterInfoOnDemand) {
  FakeMachine files;
  PluginMachine machine(
      UserWith("      provideClusterInfo: true"), {},
      Https() + "\n    certificate-authority-data: " + EncodeBase64(OtherPair().certificate) +
          "\n    proxy-url: socks5://p:1080\n    extensions:\n    - name: other\n      extension: "
          "{a: b}\n"
          "    - name: client.authentication.k8s.io/exec\n      extension: {audience: x, count: 5, "
          "ok: "
          "true}");
  machine.processes.Reply(Replies({{"token", "abc"}}));
  machine.Authorization();
  Json cluster = Json::parse(
      ValueOf(machine.processes.commands().at(0), "KUBERNETES_EXEC_INFO"))["spec"]["cluster"];
  EXPECT_EQ(cluster["server"], "https://10.0.0.1:6443");
  EXPECT_EQ(cluster["certificate-authority-data"], EncodeBase64(OtherPair().certificate));
  EXPECT_EQ(cluster["proxy-url"], "socks5://p:1080");
  EXPECT_EQ(cluster["config"]["count"], 5) << "the plugin's configuration keeps its types";
  EXPECT_EQ(cluster["config"]["audience"], "x");
}

TEST(ExecPlugin, ClientCertificateKeepsItFromRunning) {
  PluginMachine machine(AdminUser() + "\n" + UserWith(""));
  EXPECT_EQ(machine.Authorization(), "");
  EXPECT_EQ(machine.runs(), 0U);
}

TEST(ExecPlugin, MissingProgramShowsTheHintMadeSafe) {
  PluginMachine machine(UserWith("      installHint: \"run\\e[31m\\ninstall me\""));
  auto failed = machine.config.credentials->Authorization();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "getting credentials: exec: executable login not found");
  EXPECT_THAT(failed.error().remedy, HasSubstr("install me"));
  EXPECT_EQ(failed.error().remedy.find('\x1b'), std::string::npos);
  EXPECT_EQ(failed.error().remedy.find('\n'), std::string::npos);
}

TEST(ExecPlugin, TimeoutAndHugeOutputAreExplained) {
  PluginMachine machine;
  machine.processes.ReplyError(Error::TimedOut("login did not end within 1m"));
  EXPECT_THAT(machine.Authorization(), HasSubstr("login did not end within 1m"));
  machine.clock.Advance(Millis{10000});
  machine.processes.ReplyError(Error::TooLarge("login wrote more than 1048576 bytes"));
  auto failed = machine.config.credentials->Authorization();
  EXPECT_EQ(failed.error().kind, ErrorKind::TooLarge);
  EXPECT_THAT(failed.error().remedy, HasSubstr("the credential plugin login"));
}

TEST(ExecPlugin, AnInterruptStaysAnInterrupt) {
  PluginMachine machine;
  machine.processes.ReplyError(Error::Interrupted());
  EXPECT_EQ(machine.config.credentials->Authorization().error().kind, ErrorKind::Interrupted);
}

TEST(ExecPlugin, KubercForbidsIt) {
  PluginMachine allowed;
  FakeMachine machine;
  machine.SetHome(OneContext(Https(), UserWith("")));
  machine.files.Set("/home/u/.kube/kuberc",
                    "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
                    "credentialPluginPolicy: DenyAll\n");
  auto config = machine.Load();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(AuthorizationOf(*config), HasSubstr("plugin \"login\" not allowed"));
  EXPECT_TRUE(machine.processes.commands().empty());
}

}  // namespace
}  // namespace datafly::kube

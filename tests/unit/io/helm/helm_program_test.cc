#include "common/io/helm/helm_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/system/fakes.h"

namespace datafly::helm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

constexpr const char* kRelease =
    R"({"name":"datafly","namespace":"ns","version":4,"manifest":"kind: Pod",)"
    R"("chart":{"metadata":{"name":"datafly","version":"1.3.0"}}})";

RenderRequest Request() {
  RenderRequest request;
  request.helm = "/opt/helm";
  request.release = "datafly";
  request.name_space = "ns";
  request.chart = "oci://r.example/datafly";
  request.version = "1.3.0";
  return request;
}

Result<release::ReleaseRecord> Render(FakeProcessRunner& processes,
                                      const RenderRequest& request = Request()) {
  auto pending = StartRender(processes, request, {{"HELM_NAMESPACE", "ns"}});
  EXPECT_TRUE(pending.Done());
  return pending.Take();
}

TEST(HelmProgram, ValuesThatWereResolvedGoByStandardInput) {
  FakeProcessRunner processes;
  processes.Reply({0, kRelease, ""});
  RenderRequest request = Request();
  request.resolved_values = "token: s3cret\n";
  ASSERT_TRUE(Render(processes, request).has_value());
  EXPECT_TRUE(request.GivesValues());
  const Command& command = processes.commands()[0];
  EXPECT_EQ(command.stdin_bytes, "token: s3cret\n");
  EXPECT_THAT(command.argv, Contains("--values"));
  EXPECT_THAT(command.argv, Contains("-"));
  EXPECT_THAT(command.argv, Not(Contains(HasSubstr("s3cret"))));
}

TEST(HelmProgram, PullsByWhatSaysWhereTheChartComesFromAndNothingElse) {
  FakeProcessRunner processes;
  processes.Reply({0, "", "Pulled: r.example/datafly:1.3.0"});
  RenderRequest request = Request();
  request.plain_http = true;
  request.fetch_flags = {"--ca-file", "ca.pem", "--devel=true"};
  request.flags = {"--skip-crds=true"};
  request.sets = {"a=b"};
  auto pulling = StartPull(processes, request, "/tmp/x", {{"HELM_NAMESPACE", "ns"}});
  EXPECT_TRUE(pulling.Take().has_value());
  EXPECT_THAT(
      processes.commands()[0].argv,
      ElementsAre("/opt/helm", "pull", "oci://r.example/datafly", "--destination", "/tmp/x",
                  "--version", "1.3.0", "--plain-http", "--ca-file", "ca.pem", "--devel=true"));
}

TEST(HelmProgram, APullThatFailsTellsHelmsWords) {
  FakeProcessRunner processes;
  processes.Reply({1, "", "Error: r.example/datafly:9.9.9: not found"});
  const auto pulled = StartPull(processes, Request(), "/tmp/x", {}).Take();
  ASSERT_FALSE(pulled.has_value());
  EXPECT_THAT(pulled.error().message, HasSubstr("9.9.9: not found"));
}

TEST(HelmProgram, RendersInOneRunThatChangesNothing) {
  FakeProcessRunner processes;
  processes.Reply({0, std::string("W1126 a warning\n") + kRelease, ""});
  RenderRequest request = Request();
  request.plain_http = true;
  request.values_files = {"a.yaml", "b.yaml"};
  request.sets = {"image.tag=v2"};
  request.timeout = Millis(1234);
  const auto record = Render(processes, request);
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_EQ(record->revision, 4);
  EXPECT_EQ(record->chart.version, "1.3.0");
  ASSERT_EQ(processes.commands().size(), 1U);
  const Command& command = processes.commands()[0];
  EXPECT_THAT(
      command.argv,
      ElementsAre("/opt/helm", "upgrade", "datafly", "oci://r.example/datafly", "--namespace", "ns",
                  "--dry-run=server", "--output", "json", "--version", "1.3.0", "--plain-http",
                  "--values", "a.yaml", "--values", "b.yaml", "--set", "image.tag=v2"));
  EXPECT_THAT(command.env, ElementsAre(Pair("HELM_NAMESPACE", "ns")));
  EXPECT_EQ(command.timeout, Millis(1234));
}

TEST(HelmProgram, OfAFolderHasNoVersion) {
  FakeProcessRunner processes;
  processes.Reply({0, kRelease, ""});
  RenderRequest request = Request();
  request.chart = "./chart";
  request.version.clear();
  ASSERT_TRUE(Render(processes, request).has_value());
  EXPECT_THAT(processes.commands()[0].argv, Not(Contains("--version")));
  EXPECT_THAT(processes.commands()[0].argv, Not(Contains("--plain-http")));
}

TEST(HelmProgram, GivesHelmsOwnWordsWithoutItsWarnings) {
  FakeProcessRunner processes;
  processes.Reply({1, "",
                   "WARNING: Kubernetes configuration file is group-readable\n"
                   "Error: UPGRADE FAILED: values don't meet the specifications:\n"
                   "  replicas: expected integer\n"});
  const auto record = Render(processes);
  ASSERT_FALSE(record.has_value());
  EXPECT_EQ(record.error().kind, ErrorKind::InvalidInput);
  EXPECT_EQ(record.error().message,
            "helm: UPGRADE FAILED: values don't meet the specifications: replicas: expected "
            "integer");
}

TEST(HelmProgram, ErrorsShowNoCredentialAndNoControlCharacter) {
  FakeProcessRunner processes;
  processes.Reply({1, "", "Error: get https://ann:hunter2@r.example/v2: \x1b[31mdenied\n"});
  const auto record = Render(processes);
  ASSERT_FALSE(record.has_value());
  EXPECT_THAT(record.error().message, Not(HasSubstr("hunter2")));
  EXPECT_THAT(record.error().message, Not(HasSubstr("\x1b")));
  EXPECT_THAT(record.error().message, HasSubstr("denied"));
}

TEST(HelmProgram, ThatFailsInSilenceIsNamedWithItsCode) {
  FakeProcessRunner processes;
  processes.Reply({137, "", "\n"});
  const auto record = Render(processes);
  ASSERT_FALSE(record.has_value());
  EXPECT_THAT(record.error().message, HasSubstr("/opt/helm ended with exit code 137"));
}

TEST(HelmProgram, ThatIsMissingComesWithTheRemedy) {
  FakeProcessRunner processes;
  const auto record = Render(processes);
  ASSERT_FALSE(record.has_value());
  EXPECT_EQ(record.error().kind, ErrorKind::NotFound);
  EXPECT_THAT(record.error().remedy, HasSubstr("HELM_BIN="));
}

TEST(HelmProgram, ThatPrintsSomethingElseIsAnError) {
  for (const char* out : {"", "Release \"datafly\" has been upgraded.", "{", "[]", "{}"}) {
    FakeProcessRunner processes;
    processes.Reply({0, out, ""});
    EXPECT_FALSE(Render(processes).has_value()) << out;
  }
}

TEST(ConnectionEnvironment, HandsEveryConnectionSettingToHelm) {
  kube::ConnectionFlags flags;
  flags.kubeconfig = "/k";
  flags.context = "prod";
  flags.server = "https://10.0.0.1:6443";
  flags.as = "jane";
  flags.as_groups = {"ops", "dev"};
  flags.certificate_authority = "/ca";
  flags.tls_server_name = "api";
  flags.token = SecretString("t0ken");
  flags.insecure_skip_tls_verify = true;
  const auto environment = ConnectionEnvironment(flags, "ns");
  ASSERT_TRUE(environment.has_value());
  EXPECT_THAT(
      *environment,
      testing::UnorderedElementsAre(
          Pair("KUBECONFIG", "/k"), Pair("HELM_KUBECONTEXT", "prod"),
          Pair("HELM_KUBEAPISERVER", "https://10.0.0.1:6443"), Pair("HELM_KUBEASUSER", "jane"),
          Pair("HELM_KUBEASGROUPS", "ops,dev"), Pair("HELM_KUBECAFILE", "/ca"),
          Pair("HELM_KUBETLS_SERVER_NAME", "api"), Pair("HELM_KUBETOKEN", "t0ken"),
          Pair("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "true"), Pair("HELM_NAMESPACE", "ns"),
          Pair("HELM_DEBUG", "false")));
  EXPECT_THAT(ConnectionEnvironment({}, "ns").value(),
              ElementsAre(Pair("HELM_NAMESPACE", "ns"), Pair("HELM_DEBUG", "false")));
}

// Else a helm that runs inside helm inherits what the outer one was told.
TEST(ConnectionEnvironment, SaysThatCertificatesAreVerifiedWhenTheUserDoes) {
  kube::ConnectionFlags flags;
  flags.insecure_skip_tls_verify = false;
  EXPECT_THAT(ConnectionEnvironment(flags, "ns").value(),
              Contains(Pair("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "false")));
}

TEST(ConnectionEnvironment, RefusesWhatHelmCannotTake) {
  const std::pair<const char*, void (*)(kube::ConnectionFlags&)> cases[] = {
      {"--cluster", [](kube::ConnectionFlags& f) { f.cluster = "c"; }},
      {"--user", [](kube::ConnectionFlags& f) { f.user = "u"; }},
      {"--client-certificate", [](kube::ConnectionFlags& f) { f.client_certificate = "/c"; }},
      {"--client-key", [](kube::ConnectionFlags& f) { f.client_key = "/k"; }},
      {"--as-uid", [](kube::ConnectionFlags& f) { f.as_uid = "7"; }},
  };
  for (const auto& [flag, set] : cases) {
    kube::ConnectionFlags flags;
    set(flags);
    const auto environment = ConnectionEnvironment(flags, "ns");
    ASSERT_FALSE(environment.has_value()) << flag;
    EXPECT_EQ(environment.error().kind, ErrorKind::Unsupported);
    EXPECT_THAT(environment.error().message, HasSubstr(flag));
    EXPECT_THAT(environment.error().remedy, Not(IsEmpty()));
  }
}

TEST(HelmProgram, TemplateGetsOnlyTheFlagsThatItKnows) {
  FakeProcessRunner processes;
  processes.Reply({0, "---\nkind: Pod\nmetadata: {name: a}\n", ""});
  RenderRequest request = Request();
  request.value_flags = {"--set-string", "a=b"};
  request.upgrade_flags = {"--install", "--reuse-values"};
  const auto record = StartTemplate(processes, request, "x: 1\n", {}).Take();
  ASSERT_TRUE(record.has_value()) << record.error().message;
  EXPECT_TRUE(record->partial);
  EXPECT_THAT(processes.commands()[0].argv, Not(Contains("--install")));
  EXPECT_THAT(processes.commands()[0].argv, Contains("--is-upgrade"));
  EXPECT_EQ(processes.commands()[0].stdin_bytes, "x: 1\n");
  processes.Reply({0, kRelease, ""});
  ASSERT_TRUE(Render(processes, request).has_value());
  EXPECT_THAT(processes.commands()[1].argv, Contains("--reuse-values"));
}

TEST(HelmProgram, WithNothingInstalledTemplateIsNoUpgrade) {
  FakeProcessRunner processes;
  processes.Reply({0, "", ""});
  RenderRequest request = Request();
  request.installs = true;
  (void)StartTemplate(processes, request, "", {}).Take();
  EXPECT_THAT(processes.commands()[0].argv, Not(Contains("--is-upgrade")));
}

TEST(HelmProgram, ThatFailsNamesTheCommandToPaste) {
  FakeProcessRunner processes;
  RenderRequest request;
  request.helm = "/opt/helm";
  request.release = "app";
  request.name_space = "prod";
  request.chart = "/tmp/copy.tgz";
  request.shown_chart = "oci://r.example/my app";
  request.version = "1.2.0";
  request.sets = {"password=hunter2"};
  processes.Reply({1, "", "Error: boom\n"});
  const auto record = StartRender(processes, request, {{"HELM_KUBECONTEXT", "eu"}}).Take();
  ASSERT_FALSE(record.has_value());
  EXPECT_EQ(record.error().remedy,
            "the same by hand: helm upgrade --dry-run=server app 'oci://r.example/my app' "
            "--version 1.2.0 --namespace prod --kube-context eu (and your values)");
}

// Helm would read our standard input, find nothing, and render without the values.
TEST(HelmProgram, ValuesFromStandardInputAreRefused) {
  FakeProcessRunner processes;
  RenderRequest request = Request();
  request.values_files = {"-"};
  const auto record = Render(processes, request);
  ASSERT_FALSE(record.has_value());
  EXPECT_THAT(record.error().message, HasSubstr("-f -"));
  EXPECT_THAT(processes.commands(), IsEmpty());
}

TEST(HelmProgram, KnowsWhetherValuesAreGiven) {
  RenderRequest request = Request();
  EXPECT_FALSE(request.GivesValues());
  request.fetch_flags = {"--repo", "https://x.example"};
  EXPECT_FALSE(request.GivesValues());
  request.value_flags = {"--set-string", "a=b"};
  EXPECT_TRUE(request.GivesValues());
}

}  // namespace
}  // namespace datafly::helm

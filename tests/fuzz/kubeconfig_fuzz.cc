#include <cstddef>
#include <cstdint>
#include <string>

#include "common/io/kube/exec_plugin_protocol.h"
#include "common/io/kube/kubeconfig.h"
#include "common/io/kube/kuberc.h"
#include "common/io/system/fakes.h"

// The input is a kubeconfig; the same bytes also stand for every file that it may name, a kuberc
// and a plugin's answer. Nothing may crash, hang or give an error without words; what loads must be
// usable.
namespace {

using namespace datafly;  // NOLINT(google-build-using-namespace): a program of one file

void CheckError(const Error& error) {
  if (error.message.empty() || error.message.find('\n') != std::string::npos) __builtin_trap();
}

void CheckConfig(const kube::RestConfig& config) {
  bool http = config.server.rfind("http://", 0) == 0;
  if (!http && config.server.rfind("https://", 0) != 0) __builtin_trap();
  if (!config.credentials || !config.endpoint) __builtin_trap();
  auto authorization = config.credentials->Authorization();
  if (!authorization) return CheckError(authorization.error());
  if (http && !authorization->empty()) __builtin_trap();
  if (http && !config.endpoint->client_cert_pem.empty()) __builtin_trap();
  if (authorization->Reveal().find_first_of("\r\n") != std::string::npos) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  static Loop loop;
  FakeFileSystem files(
      {{"/h/.kube/config", text}, {"/h/.kube/kuberc", text}, {"/h/.kube/f", text}});
  FakeEnvironment environment({{"HOME", "/h"}, {"HTTPS_PROXY", text.substr(0, 40)}});
  FakeClock clock;
  FakeProcessRunner processes;
  processes.Reply({0, text, ""});
  auto config = kube::LoadRestConfig({}, System{files, environment, clock, processes, loop});
  if (config) {
    CheckConfig(*config);
  } else {
    CheckError(config.error());
  }
  auto policy = kube::ParsePluginPolicy(text);
  if (!policy) CheckError(policy.error());
  auto reply = kube::DecodeExecCredential(text, "client.authentication.k8s.io/v1");
  if (!reply) CheckError(reply.error());
  return 0;
}

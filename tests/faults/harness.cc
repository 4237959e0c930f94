#include "tests/faults/harness.h"

namespace datafly::testing {

namespace {

kube::RestConfig ConfigOf(const ScriptedServer& server, std::vector<std::string> credentials) {
  kube::RestConfig config;
  config.server = server.Url();
  config.context = "lab";
  config.user_name = "ann";
  config.user_agent = "kubectl-signal/test";
  config.endpoint = std::make_shared<const http::Endpoint>(TrustingEndpoint());
  config.credentials = std::make_shared<ScriptedCredentials>(std::move(credentials));
  return config;
}

}  // namespace

const TestCa& Ca() {
  static const TestCa ca("signal test CA");
  return ca;
}

http::Endpoint TrustingEndpoint() {
  http::Endpoint endpoint;
  endpoint.ca_pem = Ca().pem();
  return endpoint;
}

ServerOptions Trusted(bool http2) {
  ServerOptions options;
  options.http2 = http2;
  options.identity = Ca().Issue();
  return options;
}

http::Request HttpHarness::Get(const std::string& url, http::Endpoint endpoint) {
  http::Request request;
  request.endpoint = std::make_shared<const http::Endpoint>(std::move(endpoint));
  request.url = url;
  return request;
}

Result<http::Response> HttpHarness::Fetch(http::Request request) {
  auto pending = http.Start(std::move(request));
  return Await(pending);
}

KubeHarness::KubeHarness(const ScriptedServer& server, std::vector<std::string> credentials)
    : client(loop, http, ConfigOf(server, std::move(credentials))) {}

}  // namespace datafly::testing

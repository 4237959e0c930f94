#include "common/io/kube/kubeconfig_endpoint.h"

#include "common/core/base/text.h"
#include "common/io/kube/credentials_pem.h"
#include "common/io/kube/kubeconfig_roots.h"
#include "common/io/kube/proxy.h"

namespace datafly::kube {
namespace {

constexpr std::size_t kMaxPemFile = 1U << 20U;

/// The data form beats the file.
Result<std::string> DataOrFile(const std::string& data, const std::string& path,
                               const FileSystem& files) {
  if (!data.empty() || path.empty()) return data;
  return files.Read(path, kMaxPemFile);
}

Result<void> SetTrust(const Selection& selection, const System& system, http::Endpoint& endpoint) {
  const Kubeconfig::Cluster& cluster = selection.cluster;
  ASSIGN_OR_RETURN(endpoint.ca_pem, DataOrFile(cluster.certificate_authority_data,
                                               cluster.certificate_authority, system.files));
  bool has_ca = !cluster.certificate_authority.empty() || !endpoint.ca_pem.empty();
  if (has_ca && cluster.insecure_skip_tls_verify) {
    return Fail(Error::InvalidInput(
        "specifying a root certificates file with the insecure flag is not allowed",
        "remove insecure-skip-tls-verify, or the certificate-authority"));
  }
  endpoint.insecure_skip_tls_verify = cluster.insecure_skip_tls_verify;
  endpoint.tls_server_name = cluster.tls_server_name;
  if (has_ca) return CheckCaBundle(endpoint.ca_pem);
  if (!endpoint.insecure_skip_tls_verify) endpoint.ca_file = SystemRootsFile(system);
  return {};
}

Result<std::optional<CertificateLife>> SetIdentity(const Selection& selection, const System& system,
                                                   http::Endpoint& endpoint) {
  const Kubeconfig::User& user = selection.user;
  if (user.client_certificate.empty() && user.client_certificate_data.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(endpoint.client_cert_pem,
                   DataOrFile(user.client_certificate_data, user.client_certificate, system.files));
  endpoint.client_key_pem = user.client_key_data;
  if (endpoint.client_key_pem.empty()) {
    ASSIGN_OR_RETURN(std::string key, system.files.Read(user.client_key, kMaxPemFile));
    endpoint.client_key_pem = SecretString(std::move(key));
  }
  auto life = CheckClientCertificate(endpoint.client_cert_pem, endpoint.client_key_pem);
  if (!life) {
    return Fail(life.error().Within(fmt::format("unable to load the client certificate of {}",
                                                EscapeForTerminal(selection.user_name))));
  }
  return *life;
}

Result<std::string> ChooseProxy(const Selection& selection, const ServerUrl& server,
                                const System& system) {
  if (!selection.cluster.proxy_url.empty()) return ProxyFromUrl(selection.cluster.proxy_url);
  return ProxyFromEnvironment(system.environment, server.https, server.host,
                              server.EffectivePort());
}

}  // namespace

Result<BuiltEndpoint> BuildEndpoint(const Selection& selection, const ServerUrl& server,
                                    const System& system) {
  BuiltEndpoint built;
  ASSIGN_OR_RETURN(built.endpoint.proxy_url, ChooseProxy(selection, server, system));
  // gzip costs more than it saves where there is no network.
  built.endpoint.compression = !selection.cluster.disable_compression && !server.IsLoopback();
  built.endpoint.http2 = system.environment.Get("DISABLE_HTTP2").value_or("").empty();
  if (!server.https) return built;
  TRY(SetTrust(selection, system, built.endpoint));
  ASSIGN_OR_RETURN(built.client_certificate_life, SetIdentity(selection, system, built.endpoint));
  return built;
}

}  // namespace datafly::kube

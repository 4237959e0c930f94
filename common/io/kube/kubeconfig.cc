#include "common/io/kube/kubeconfig.h"

#include "common/core/base/text.h"
#include "common/io/kube/credentials.h"
#include "common/io/kube/credentials_pem.h"
#include "common/io/kube/exec_plugin.h"
#include "common/io/kube/kubeconfig_endpoint.h"
#include "common/io/kube/kubeconfig_incluster.h"
#include "common/io/kube/kubeconfig_load.h"
#include "common/io/kube/kubeconfig_resolve.h"
#include "common/io/kube/kubeconfig_server.h"

namespace datafly::kube {
namespace {

/// A cluster is named by kubeconfig or flags, or it is the pod's own, or KUBERNETES_MASTER's, or
/// nobody's.
Result<void> FindServer(const LoadedKubeconfig& loaded, const System& system,
                        Selection& selection) {
  if (!selection.cluster.server.empty()) return {};
  if (selection.cluster_name.empty() && InClusterPossible(system)) {
    UseInCluster(system, selection);
    return {};
  }
  selection.cluster.server = system.environment.Get("KUBERNETES_MASTER").value_or("");
  if (!selection.cluster.server.empty()) return {};
  return Fail(ExplainMissingServer(loaded.config, selection, loaded.missing));
}

bool HasTlsMaterial(const Selection& selection) {
  const auto& [cluster, user] = std::tie(selection.cluster, selection.user);
  return cluster.insecure_skip_tls_verify || !cluster.certificate_authority.empty() ||
         !cluster.certificate_authority_data.empty() || !user.client_certificate.empty() ||
         !user.client_certificate_data.empty();
}

std::string FindNamespace(const Selection& selection, const System& system) {
  if (!selection.name_space.empty()) return selection.name_space;
  std::string name = InClusterPossible(system) ? InClusterNamespace(system) : std::string();
  return name.empty() ? "default" : name;
}

Result<Millis> ParseRequestTimeout(const ConnectionFlags& flags) {
  std::string text = flags.request_timeout.value_or("");
  if (text.empty()) return Millis{0};
  auto timeout = ParseDuration(text);
  if (timeout) return timeout;
  return Fail(Error::InvalidInput(
      "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed "
      "by a corresponding time unit (e.g. 1s | 2m | 3h)",
      "see --request-timeout"));
}

Impersonation MakeImpersonation(const Kubeconfig::User& user) {
  Impersonation out{user.as, user.as_uid, user.as_groups, {}};
  for (const auto& [key, values] : user.as_user_extra) {
    for (const std::string& value : values) out.extra.emplace_back(key, value);
  }
  return out;
}

Error AuthProviderRefused(const std::string& user, const std::string& provider) {
  std::string remedy =
      "use an exec credential plugin instead, such as kubelogin (kubectl oidc-login) for OIDC";
  if (provider == "gcp") remedy = "use the gke-gcloud-auth-plugin credential plugin instead";
  if (provider == "azure") {
    remedy = "use the kubelogin credential plugin instead (kubelogin convert-kubeconfig)";
  }
  return Error::Unsupported(
      fmt::format("user {} logs in by the auth-provider \"{}\", which is not supported",
                  EscapeForTerminal(user), EscapeForTerminal(provider)),
      std::move(remedy));
}

ExecClusterInfo DescribeCluster(const Selection& selection, const http::Endpoint& endpoint) {
  const Kubeconfig::Cluster& cluster = selection.cluster;
  return {cluster.server,        cluster.tls_server_name, cluster.insecure_skip_tls_verify,
          endpoint.ca_pem,       cluster.proxy_url,       cluster.disable_compression,
          cluster.exec_extension};
}

Result<std::shared_ptr<Credentials>> MakeExecCredentials(
    const Selection& selection, const ConnectionFlags& flags, const System& system,
    std::shared_ptr<const http::Endpoint> endpoint) {
  ExecPluginSetup setup;
  setup.config = *selection.user.exec;
  if (setup.config.provide_cluster_info) setup.cluster = DescribeCluster(selection, *endpoint);
  ASSIGN_OR_RETURN(setup.policy, LoadPluginPolicy(system));
  setup.stdin_is_terminal = flags.stdin_is_terminal;
  setup.endpoint = std::move(endpoint);
  ASSIGN_OR_RETURN(std::shared_ptr<Credentials> made, ExecCredentials(std::move(setup), system));
  return made;
}

/// client-go's order: a token (with its file), basic auth or a certificate keeps the plugin from
/// running.
Result<std::shared_ptr<Credentials>> MakeCredentials(
    const Selection& selection, const ConnectionFlags& flags, const System& system,
    std::shared_ptr<const http::Endpoint> endpoint) {
  const Kubeconfig::User& user = selection.user;
  TRY(CheckHeaderSafe(user.token,
                      fmt::format("the token of user {}", EscapeForTerminal(selection.user_name))));
  if (!user.token_file.empty()) {
    return TokenFileCredentials(user.token_file, user.token, system.files, system.clock);
  }
  if (!user.token.empty()) return TokenCredentials(user.token);
  if (!user.username.empty() || !user.password.empty()) {
    return BasicCredentials(user.username, user.password);
  }
  if (!endpoint->client_cert_pem.empty()) return NoCredentials();
  if (user.exec) return MakeExecCredentials(selection, flags, system, std::move(endpoint));
  if (user.auth_provider) {
    return Fail(AuthProviderRefused(selection.user_name, *user.auth_provider));
  }
  return NoCredentials();
}

Result<void> SetConnection(const Selection& selection, const ConnectionFlags& flags,
                           const System& system, RestConfig& config) {
  ASSIGN_OR_RETURN(ServerUrl server,
                   ParseServerUrl(selection.cluster.server, HasTlsMaterial(selection)));
  ASSIGN_OR_RETURN(BuiltEndpoint built, BuildEndpoint(selection, server, system));
  config.server = server.Format();
  if (const auto& life = built.client_certificate_life) {
    config.client_certificate_not_after = life->not_after;
    config.client_certificate_trouble = CertificateTrouble(*life, system.clock.Now());
  }
  config.endpoint = std::make_shared<const http::Endpoint>(std::move(built.endpoint));
  config.credentials = NoCredentials();
  // Nothing secret goes over plain HTTP.
  if (!server.https) return {};
  ASSIGN_OR_RETURN(config.credentials, MakeCredentials(selection, flags, system, config.endpoint));
  return {};
}

/// As client-go has it (apimachinery, IsValidPathSegmentName): in a request's path it would ask for
/// something else, and a 404 would be taken for "no such release".
Result<void> CheckNamespace(const std::string& name_space) {
  const bool is_segment = name_space != "." && name_space != ".." &&
                          name_space.find_first_of("/%") == std::string::npos;
  if (is_segment) return {};
  return Fail(Error::InvalidInput(
      fmt::format("invalid namespace \"{}\": it cannot be \".\" or \"..\", nor hold \"/\" or \"%\"",
                  EscapeForTerminal(name_space)),
      "kubectl get namespaces lists those that are there"));
}

}  // namespace

Result<RestConfig> LoadRestConfig(const ConnectionFlags& flags, const System& system) {
  KubeconfigPaths paths = FindKubeconfigPaths(flags.kubeconfig, system.environment);
  ASSIGN_OR_RETURN(LoadedKubeconfig loaded, LoadKubeconfig(paths, system.files));
  ASSIGN_OR_RETURN(Selection selection, SelectContext(loaded.config, flags));
  TRY(ValidateSelection(selection, system.files));
  TRY(FindServer(loaded, system, selection));
  RestConfig config;
  config.context = selection.context_name;
  config.cluster_name = selection.cluster_name;
  config.user_name = selection.user_name;
  config.default_namespace = FindNamespace(selection, system);
  TRY(CheckNamespace(config.default_namespace));
  config.impersonation = MakeImpersonation(selection.user);
  config.user_agent = flags.user_agent;
  ASSIGN_OR_RETURN(config.request_timeout, ParseRequestTimeout(flags));
  TRY(SetConnection(selection, flags, system, config));
  return config;
}

}  // namespace datafly::kube

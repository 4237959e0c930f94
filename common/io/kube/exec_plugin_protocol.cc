#include "common/io/kube/exec_plugin_protocol.h"

#include "common/core/base/base64.h"
#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/io/kube/credentials.h"
#include "common/io/kube/credentials_pem.h"
#include "common/io/kube/yaml_fields.h"

namespace datafly::kube {
namespace {

using Json = nlohmann::json;

Json EncodeCluster(const ExecClusterInfo& cluster) {
  Json out = {{"server", cluster.server}};
  if (!cluster.tls_server_name.empty()) out["tls-server-name"] = cluster.tls_server_name;
  if (cluster.insecure_skip_tls_verify) out["insecure-skip-tls-verify"] = true;
  if (!cluster.ca_pem.empty()) out["certificate-authority-data"] = EncodeBase64(cluster.ca_pem);
  if (!cluster.proxy_url.empty()) out["proxy-url"] = cluster.proxy_url;
  if (cluster.disable_compression) out["disable-compression"] = true;
  // Null when there is none: client-go's encoder does not leave the field out.
  out["config"] = Json::parse(cluster.config_json, nullptr, false);
  if (out["config"].is_discarded()) out["config"] = nullptr;
  return out;
}

/// JSON by the JSON parser (plugins print it on one long line); else YAML, which client-go takes
/// too.
Result<Json> ParseOutput(std::string_view output) {
  std::string_view text = Trim(output);
  if (text.empty()) return Fail(Error::Protocol("decoding stdout: the output is empty"));
  if (text.front() != '{') {
    auto document = yaml::ParseDocument(text, yaml::Scalars::AsStrings);
    if (document && document->is_object()) return *document;
    return Fail(Error::Protocol("decoding stdout: the output is not an ExecCredential object"));
  }
  Json document = Json::parse(text, nullptr, false);
  if (!document.is_discarded()) return document;
  return Fail(Error::Protocol("decoding stdout: the output is not valid JSON"));
}

Result<void> CheckVersion(const Json& document, const std::string& wanted) {
  YamlFields fields(document, "");
  std::string kind;
  std::string version;
  fields.Read("kind", kind);
  fields.Read("apiVersion", version);
  TRY(fields.status());
  if (kind != "ExecCredential") {
    return Fail(
        Error::Protocol(fmt::format("decoding stdout: its kind is \"{}\", not ExecCredential",
                                    EscapeForTerminal(kind.substr(0, 80)))));
  }
  if (version == wanted) return {};
  return Fail(Error::Protocol(
      fmt::format("exec plugin is configured to use API version {}, plugin returned version {}",
                  wanted, EscapeForTerminal(version.substr(0, 80))),
      "set the apiVersion in the kubeconfig to what the plugin speaks, or update the plugin"));
}

Result<void> CheckStatus(const ExecCredential& credential) {
  bool certificate = !credential.certificate_pem.empty();
  bool key = !credential.key_pem.empty();
  if (credential.token.empty() && !certificate && !key) {
    return Fail(Error::Protocol("exec plugin didn't return a token or cert/key pair"));
  }
  if (certificate != key) {
    return Fail(Error::Protocol("exec plugin returned only certificate or key, not both"));
  }
  if (certificate) {
    auto life = CheckClientCertificate(credential.certificate_pem, credential.key_pem);
    if (!life) return Fail(life.error().Within("failed parsing client key/certificate"));
  }
  return CheckHeaderSafe(credential.token, "the token of the exec plugin");
}

}  // namespace

std::string EncodeExecInfo(const std::string& api_version, bool interactive,
                           const std::optional<ExecClusterInfo>& cluster) {
  Json spec = {{"interactive", interactive}};
  if (cluster) spec["cluster"] = EncodeCluster(*cluster);
  Json info = {{"kind", "ExecCredential"}, {"apiVersion", api_version}, {"spec", std::move(spec)}};
  return info.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ExecCredential> DecodeExecCredential(std::string_view output,
                                            const std::string& api_version) {
  ASSIGN_OR_RETURN(Json document, ParseOutput(output));
  TRY(CheckVersion(document, api_version));
  YamlFields fields(document, "");
  const Json* status = fields.Find("status");
  if (status == nullptr) return Fail(Error::Protocol("exec plugin didn't return a status field"));
  YamlFields status_fields(*status, "status");
  ExecCredential credential;
  std::string expires;
  status_fields.Read("token", credential.token);
  status_fields.Read("clientCertificateData", credential.certificate_pem);
  status_fields.Read("clientKeyData", credential.key_pem);
  status_fields.Read("expirationTimestamp", expires);
  if (!status_fields.status()) {
    return Fail(status_fields.status().error().Within("decoding stdout"));
  }
  TRY(CheckStatus(credential));
  if (expires.empty()) return credential;
  auto time = ParseTime(expires);
  if (!time) {
    return Fail(
        Error::Protocol("decoding stdout: status.expirationTimestamp is not an RFC 3339 time"));
  }
  credential.expires = *time;
  return credential;
}

}  // namespace datafly::kube

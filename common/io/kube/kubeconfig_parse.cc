#include "common/io/kube/kubeconfig_parse.h"

#include "common/core/base/text.h"
#include "common/core/manifest/yaml.h"
#include "common/io/kube/yaml_fields.h"

namespace datafly::kube {
namespace {

using Json = nlohmann::json;
using InteractiveMode = ExecConfig::InteractiveMode;

constexpr const char* kExecExtension = "client.authentication.k8s.io/exec";

InteractiveMode ParseInteractiveMode(const std::string& text, const std::string& api_version) {
  if (text == "Never") return InteractiveMode::Never;
  if (text == "IfAvailable") return InteractiveMode::IfAvailable;
  if (text == "Always") return InteractiveMode::Always;
  if (!text.empty()) return InteractiveMode::Invalid;
  // The older API had no such field; v1 demands it.
  if (api_version == "client.authentication.k8s.io/v1beta1") return InteractiveMode::IfAvailable;
  return InteractiveMode::Unset;
}

Result<std::pair<std::string, std::string>> DecodeVariable(const Json& node,
                                                           const std::string& path) {
  YamlFields fields(node, path);
  std::pair<std::string, std::string> variable;
  fields.Read("name", variable.first);
  fields.Read("value", variable.second);
  TRY(fields.status());
  return variable;
}

Result<ExecConfig> DecodeExec(const Json& node, const std::string& path) {
  YamlFields fields(node, path);
  ExecConfig exec;
  fields.Read("apiVersion", exec.api_version);
  fields.Read("command", exec.command);
  fields.Read("args", exec.args);
  fields.Read("installHint", exec.install_hint);
  fields.Read("provideClusterInfo", exec.provide_cluster_info);
  fields.Read("interactiveMode", exec.interactive_mode_text);
  fields.ForEach("env", [&](const Json& item, const std::string& item_path) -> Result<void> {
    ASSIGN_OR_RETURN(auto variable, DecodeVariable(item, item_path));
    exec.env.push_back(std::move(variable));
    return {};
  });
  TRY(fields.status());
  exec.interactive_mode = ParseInteractiveMode(exec.interactive_mode_text, exec.api_version);
  return exec;
}

void DecodeExtensions(YamlFields& fields, Kubeconfig::Cluster& cluster) {
  fields.ForEach("extensions", [&](const Json& item, const std::string& path) -> Result<void> {
    YamlFields extension(item, path);
    std::string name;
    extension.Read("name", name);
    const Json* value = extension.Find("extension");
    if (name == kExecExtension && value != nullptr) {
      cluster.exec_extension = value->dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return extension.status();
  });
}

Result<Kubeconfig::Cluster> DecodeCluster(const Json& node, const std::string& path) {
  YamlFields fields(node, path);
  Kubeconfig::Cluster cluster;
  fields.Read("server", cluster.server);
  fields.Read("tls-server-name", cluster.tls_server_name);
  fields.Read("insecure-skip-tls-verify", cluster.insecure_skip_tls_verify);
  fields.Read("certificate-authority", cluster.certificate_authority);
  fields.ReadData("certificate-authority-data", cluster.certificate_authority_data);
  fields.Read("proxy-url", cluster.proxy_url);
  fields.Read("disable-compression", cluster.disable_compression);
  DecodeExtensions(fields, cluster);
  TRY(fields.status());
  return cluster;
}

void DecodeAuthProvider(YamlFields& fields, const std::string& path, Kubeconfig::User& user) {
  const Json* provider = fields.Find("auth-provider");
  if (provider == nullptr) return;
  YamlFields provider_fields(*provider, path + ".auth-provider");
  std::string name;
  provider_fields.Read("name", name);
  if (!provider_fields.status()) fields.Fail(provider_fields.status().error());
  user.auth_provider = std::move(name);
}

Result<Kubeconfig::User> DecodeUser(const Json& node, const std::string& path) {
  YamlFields fields(node, path);
  Kubeconfig::User user;
  fields.Read("client-certificate", user.client_certificate);
  fields.ReadData("client-certificate-data", user.client_certificate_data);
  fields.Read("client-key", user.client_key);
  fields.ReadData("client-key-data", user.client_key_data);
  fields.Read("token", user.token);
  fields.Read("tokenFile", user.token_file);
  fields.Read("as", user.as);
  fields.Read("as-uid", user.as_uid);
  fields.Read("as-groups", user.as_groups);
  fields.Read("as-user-extra", user.as_user_extra);
  fields.Read("username", user.username);
  fields.Read("password", user.password);
  DecodeAuthProvider(fields, path, user);
  TRY(fields.status());
  if (const Json* exec = fields.Find("exec"); exec != nullptr) {
    ASSIGN_OR_RETURN(user.exec, DecodeExec(*exec, path + ".exec"));
  }
  return user;
}

Result<Kubeconfig::Context> DecodeContext(const Json& node, const std::string& path) {
  YamlFields fields(node, path);
  Kubeconfig::Context context;
  fields.Read("cluster", context.cluster);
  fields.Read("user", context.user);
  fields.Read("namespace", context.name_space);
  TRY(fields.status());
  return context;
}

/// A list of {name: N, <member>: {...}} as a map by name.
template <class Entry>
void DecodeNamed(YamlFields& fields, const char* list, const char* member,
                 Result<Entry> (*decode)(const Json&, const std::string&),
                 std::map<std::string, Entry>& out) {
  fields.ForEach(list, [&](const Json& item, const std::string& path) -> Result<void> {
    YamlFields entry(item, path);
    std::string name;
    entry.Read("name", name);
    TRY(entry.status());
    static const Json kAbsent;
    const Json* value = entry.Find(member);
    ASSIGN_OR_RETURN(Entry decoded,
                     decode(value == nullptr ? kAbsent : *value, entry.PathOf(member)));
    if (out.emplace(name, std::move(decoded)).second) return {};
    return Fail(Error::InvalidInput(
        fmt::format("duplicate name \"{}\" in {}", EscapeForTerminal(name), list)));
  });
}

Result<void> CheckKind(YamlFields& fields) {
  std::string kind;
  std::string api_version;
  fields.Read("kind", kind);
  fields.Read("apiVersion", api_version);
  TRY(fields.status());
  if ((kind.empty() || kind == "Config") && (api_version.empty() || api_version == "v1")) return {};
  return Fail(
      Error::InvalidInput(fmt::format("no kind \"{}\" is registered for version \"{}\"",
                                      kind.empty() ? "Config" : EscapeForTerminal(kind),
                                      api_version.empty() ? "v1" : EscapeForTerminal(api_version)),
                          "the file is not a kubeconfig (kind: Config, apiVersion: v1)"));
}

/// A plugin's configuration keeps its types (numbers, booleans), so the rare file that has one is
/// read a second time with types.
Result<void> TypeExtensions(std::string_view text, Kubeconfig& config) {
  auto has_extension = [](const auto& entry) { return !entry.second.exec_extension.empty(); };
  if (std::none_of(config.clusters.begin(), config.clusters.end(), has_extension)) return {};
  ASSIGN_OR_RETURN(Json document,
                   yaml::ParseDocument(text, yaml::Scalars::Typed, yaml::DuplicateKeys::LastWins));
  YamlFields fields(document, "");
  fields.ForEach("clusters", [&](const Json& item, const std::string& path) -> Result<void> {
    YamlFields entry(item, path);
    const Json* name = entry.Find("name");
    const Json* cluster = entry.Find("cluster");
    if (name == nullptr || cluster == nullptr || !name->is_string()) return {};
    YamlFields cluster_fields(*cluster, path);
    auto found = config.clusters.find(name->get<std::string>());
    if (found != config.clusters.end()) DecodeExtensions(cluster_fields, found->second);
    return {};
  });
  return {};
}

}  // namespace

Result<Kubeconfig> ParseKubeconfig(std::string_view text) {
  ASSIGN_OR_RETURN(Json document, yaml::ParseDocument(text, yaml::Scalars::AsStrings,
                                                      yaml::DuplicateKeys::LastWins));
  YamlFields fields(document, "");
  TRY(fields.status());
  TRY(CheckKind(fields));
  Kubeconfig config;
  DecodeNamed(fields, "clusters", "cluster", DecodeCluster, config.clusters);
  DecodeNamed(fields, "users", "user", DecodeUser, config.users);
  DecodeNamed(fields, "contexts", "context", DecodeContext, config.contexts);
  fields.Read("current-context", config.current_context);
  TRY(fields.status());
  TRY(TypeExtensions(text, config));
  return config;
}

}  // namespace datafly::kube

#include "common/core/base/text.h"
#include "common/io/kube/kubeconfig_resolve.h"
#include "common/io/kube/proxy.h"

namespace datafly::kube {
namespace {

using InteractiveMode = ExecConfig::InteractiveMode;

constexpr std::size_t kMaxPemFile = 1U << 20U;

/// All findings, told as client-go tells them: one alone, several in brackets.
class Findings {
 public:
  template <class... Args>
  void Add(fmt::format_string<Args...> format, Args&&... args) {
    messages_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  [[nodiscard]] Result<void> status() const {
    if (messages_.empty()) return {};
    std::string all =
        messages_.size() == 1 ? messages_[0] : fmt::format("[{}]", fmt::join(messages_, ", "));
    return Fail(Error::InvalidInput("invalid configuration: " + all));
  }

 private:
  std::vector<std::string> messages_;
};

void CheckFile(const FileSystem& files, const std::string& path, std::string_view what,
               const std::string& owner, Findings& findings) {
  if (path.empty()) return;
  auto bytes = files.Read(path, kMaxPemFile);
  if (!bytes) {
    findings.Add("unable to read {} {} for {} due to {}", what, EscapeForTerminal(path), owner,
                 bytes.error().message);
  } else {
    SecretString wipe(std::move(*bytes));
  }
}

void ValidateCluster(const std::string& name, const Kubeconfig::Cluster& cluster,
                     const FileSystem& files, Findings& findings) {
  if (!cluster.proxy_url.empty()) {
    if (auto proxy = ProxyFromUrl(cluster.proxy_url); !proxy) {
      findings.Add("invalid 'proxy-url' for cluster \"{}\": {}", name, proxy.error().message);
    }
  }
  if (!cluster.certificate_authority.empty() && !cluster.certificate_authority_data.empty()) {
    findings.Add(
        "certificate-authority-data and certificate-authority are both specified for {}. "
        "certificate-authority-data will override.",
        name);
  }
  CheckFile(files, cluster.certificate_authority, "certificate-authority", name, findings);
}

void ValidateClientCertificate(const std::string& name, const Kubeconfig::User& user,
                               const FileSystem& files, Findings& findings) {
  if (user.client_certificate.empty() && user.client_certificate_data.empty()) return;
  if (!user.client_certificate.empty() && !user.client_certificate_data.empty()) {
    findings.Add(
        "client-cert-data and client-cert are both specified for {}. client-cert-data will "
        "override.",
        name);
  }
  if (!user.client_key.empty() && !user.client_key_data.empty()) {
    findings.Add(
        "client-key-data and client-key are both specified for {}; client-key-data will override",
        name);
  }
  if (user.client_key.empty() && user.client_key_data.empty()) {
    findings.Add(
        "client-key-data or client-key must be specified for {} to use the clientCert "
        "authentication method.",
        name);
  }
  CheckFile(files, user.client_certificate, "client-cert", name, findings);
  CheckFile(files, user.client_key, "client-key", name, findings);
}

void ValidateInteractiveMode(const std::string& name, const ExecConfig& exec, Findings& findings) {
  if (exec.interactive_mode == InteractiveMode::Unset) {
    findings.Add("interactiveMode must be specified for {} to use exec authentication plugin",
                 name);
  }
  if (exec.interactive_mode == InteractiveMode::Invalid) {
    findings.Add("invalid interactiveMode for {}: \"{}\"", name,
                 EscapeForTerminal(exec.interactive_mode_text));
  }
}

void ValidateExec(const std::string& name, const Kubeconfig::User& user, Findings& findings) {
  if (!user.exec) return;
  const ExecConfig& exec = *user.exec;
  if (user.auth_provider) {
    findings.Add("authProvider cannot be provided in combination with an exec plugin for {}", name);
  }
  if (exec.command.empty()) {
    findings.Add("command must be specified for {} to use exec authentication plugin", name);
  }
  if (exec.api_version.empty()) {
    findings.Add("apiVersion must be specified for {} to use exec authentication plugin", name);
  }
  for (const auto& [variable, value] : exec.env) {
    if (!variable.empty()) continue;
    findings.Add("env variable name must be specified for {} to use exec authentication plugin",
                 name);
  }
  ValidateInteractiveMode(name, exec, findings);
}

void ValidateUser(const std::string& name, const Kubeconfig::User& user, const FileSystem& files,
                  Findings& findings) {
  ValidateClientCertificate(name, user, files, findings);
  ValidateExec(name, user, findings);
  bool basic = !user.username.empty() || !user.password.empty();
  if (basic && (!user.token.empty() || !user.token_file.empty())) {
    findings.Add(
        "more than one authentication method found for {}; found [token basicAuth], only one is "
        "allowed",
        name);
  }
  bool more = !user.as_uid.empty() || !user.as_groups.empty() || !user.as_user_extra.empty();
  if (more && user.as.empty()) {
    findings.Add("requesting uid, groups or user-extra for {} without impersonating a user", name);
  }
}

}  // namespace

Result<void> ValidateSelection(const Selection& selection, const FileSystem& files) {
  Findings findings;
  ValidateUser(EscapeForTerminal(selection.user_name), selection.user, files, findings);
  ValidateCluster(EscapeForTerminal(selection.cluster_name), selection.cluster, files, findings);
  return findings.status();
}

}  // namespace datafly::kube

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/io/kube/rest_config.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// kubectl's connection flags as they came from the command line; nullopt = not given (an empty
/// value can be meaningful).
struct ConnectionFlags {
  std::optional<std::string> kubeconfig;             ///< --kubeconfig: this file alone
  std::optional<std::string> context;                ///< --context
  std::optional<std::string> cluster;                ///< --cluster: a name from the kubeconfig
  std::optional<std::string> user;                   ///< --user: a name from the kubeconfig
  std::optional<std::string> name_space;             ///< -n, --namespace
  std::optional<std::string> server;                 ///< -s, --server
  std::optional<SecretString> token;                 ///< --token
  std::optional<std::string> as;                     ///< --as
  std::vector<std::string> as_groups;                ///< --as-group, repeated
  std::optional<std::string> as_uid;                 ///< --as-uid
  std::vector<std::string> as_user_extra;            ///< --as-user-extra KEY=VALUE, repeated
  std::optional<std::string> certificate_authority;  ///< --certificate-authority FILE
  std::optional<std::string> client_certificate;     ///< --client-certificate FILE
  std::optional<std::string> client_key;             ///< --client-key FILE
  std::optional<bool> insecure_skip_tls_verify;      ///< --insecure-skip-tls-verify
  std::optional<std::string> tls_server_name;        ///< --tls-server-name
  std::optional<std::string> request_timeout;  ///< --request-timeout: "0", "30" (seconds), "1m"
  std::optional<bool> disable_compression;     ///< --disable-compression

  // Not flags, but what the caller alone knows.
  std::string user_agent;  ///< "kubectl-signal/v1.2.3 (linux/amd64)"
  bool stdin_is_terminal =
      false;  ///< whether an exec credential plugin may ask the user (the terminal belongs to cli/)
};

/// Reads the kubeconfig files that kubectl would read, merges them, applies the flags and gives
/// what a client needs, by client-go's rules (tools/clientcmd). Reads files and environment only:
/// no request is made and no credential plugin runs before the first Authorization(). Errors carry
/// kubectl's words and a remedy. The result's credentials keep references to what `system` names.
Result<RestConfig> LoadRestConfig(const ConnectionFlags& flags, const System& system);

}  // namespace datafly::kube

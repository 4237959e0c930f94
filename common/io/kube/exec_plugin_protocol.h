#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/core/base/time.h"

namespace datafly::kube {

/// What a plugin may be told of the cluster (provideClusterInfo).
struct ExecClusterInfo {
  std::string server = {};
  std::string tls_server_name = {};
  bool insecure_skip_tls_verify = false;
  std::string ca_pem = {};  ///< a file is inlined by the caller
  std::string proxy_url = {};
  bool disable_compression = false;
  std::string config_json = {};  ///< the extension's value; "" = null
};

/// The value of KUBERNETES_EXEC_INFO.
std::string EncodeExecInfo(const std::string& api_version, bool interactive,
                           const std::optional<ExecClusterInfo>& cluster);

/// A plugin's answer.
struct ExecCredential {
  SecretString token;
  std::string certificate_pem;  ///< both or neither
  SecretString key_pem;
  std::optional<Time> expires;  ///< none: good for the life of the process
};

/// Reads a plugin's stdout (JSON or YAML). It must be an ExecCredential of `api_version` with a
/// token, a certificate pair, or both. Messages hold nothing of the output, which may be a secret.
/// Pure.
Result<ExecCredential> DecodeExecCredential(std::string_view output,
                                            const std::string& api_version);

}  // namespace datafly::kube

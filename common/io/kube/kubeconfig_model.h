#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/core/base/secret.h"

namespace datafly::kube {

/// A credential plugin as kubeconfig describes it (users[].user.exec).
struct ExecConfig {
  enum class InteractiveMode { Unset, Never, IfAvailable, Always, Invalid };

  std::string api_version;
  std::string command;
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> env;
  std::string install_hint;  ///< untrusted text for people
  bool provide_cluster_info = false;
  InteractiveMode interactive_mode = InteractiveMode::Unset;
  std::string interactive_mode_text;  ///< as written, for messages
};

/// One or more kubeconfig files as values, by client-go's names of the fields
/// (tools/clientcmd/api). Empty strings mean "not given".
struct Kubeconfig {
  struct Cluster {
    std::string server;
    std::string tls_server_name;
    bool insecure_skip_tls_verify = false;
    std::string certificate_authority;       ///< a path
    std::string certificate_authority_data;  ///< decoded: PEM
    std::string proxy_url;
    bool disable_compression = false;
    std::string exec_extension;  ///< JSON of the extension "client.authentication.k8s.io/exec"
  };
  struct User {
    std::string client_certificate;       ///< a path
    std::string client_certificate_data;  ///< decoded: PEM
    std::string client_key;               ///< a path
    SecretString client_key_data;         ///< decoded: PEM
    SecretString token;
    std::string token_file;
    std::string as;
    std::string as_uid;
    std::vector<std::string> as_groups;
    std::map<std::string, std::vector<std::string>> as_user_extra;
    std::string username;
    SecretString password;
    std::optional<std::string> auth_provider;  ///< its name; its configuration is not used
    std::optional<ExecConfig> exec;
  };
  struct Context {
    std::string cluster;
    std::string user;
    std::string name_space;
  };

  std::map<std::string, Cluster> clusters;
  std::map<std::string, User> users;
  std::map<std::string, Context> contexts;
  std::string current_context;
};

}  // namespace datafly::kube

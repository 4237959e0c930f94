#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/core/base/time.h"
#include "common/io/http/client.h"

namespace datafly::kube {

/// Who acts on whose behalf: Impersonate-User, -Uid, -Group and -Extra-… headers.
struct Impersonation {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  std::vector<std::pair<std::string, std::string>> extra;
};

/// Gives the current Authorization header value ("Bearer …", "Basic …", or empty); re-reads a
/// tokenFile, re-runs an expired exec plugin.
class Credentials {
 public:
  virtual ~Credentials() = default;
  virtual Result<SecretString> Authorization() = 0;
  /// After a 401: forget what is cached. True when a new attempt may succeed (an exec plugin, a
  /// re-readable file).
  virtual bool Refresh() = 0;
  /// What to connect by, asked after each Authorization(): an exec plugin that answers with a
  /// client certificate (or with a new one) puts its own Endpoint in the place of
  /// RestConfig::endpoint. Null: RestConfig::endpoint stands. A new pointer means new connections.
  [[nodiscard]] virtual std::shared_ptr<const http::Endpoint> ReplacedEndpoint() { return nullptr; }
};

/// Everything that a client needs to talk to one API server; made from kubeconfig, flags and
/// environment by LoadRestConfig (kube/kubeconfig.h).
struct RestConfig {
  std::string server;   ///< "https://host:port/prefix" without a trailing slash
  std::string context;  ///< name, or "" (in cluster)
  std::string cluster_name;
  std::string user_name;  ///< the kubeconfig's user entry, for messages
  std::string default_namespace = "default";
  std::shared_ptr<const http::Endpoint> endpoint;
  std::shared_ptr<Credentials> credentials;  ///< never null
  Impersonation impersonation;
  std::string user_agent;
  Millis request_timeout{0};  ///< --request-timeout; 0 = none
  /// End of the client certificate's life, when there is one: a 401 or a TLS alert after it is
  /// explained by "your client certificate expired on …".
  std::optional<Time> client_certificate_not_after;
  /// "your client certificate expired on …", judged when it was loaded; "" = nothing known. The
  /// server has the last word; this explains its refusal.
  std::string client_certificate_trouble;
};

}  // namespace datafly::kube

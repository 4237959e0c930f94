#pragma once

#include <memory>

#include "common/cli/session.h"
#include "common/io/http/client.h"
#include "common/io/kube/client.h"

namespace datafly::cli {

/// The connection of one command to one cluster: kubeconfig resolved by the flags, one HTTP client,
/// one API client. Nothing is sent before the first request.
struct Cluster {
  kube::ConnectionFlags flags;  ///< as given, token and this context included; for helm
  std::unique_ptr<http::Client> http;
  std::unique_ptr<kube::Client> kube;

  [[nodiscard]] const kube::RestConfig& config() const { return kube->config(); }
};

/// By the flags' one --context.
Result<Cluster> Connect(Session& session, const SharedFlags& flags);
/// The same with this one of several; nothing = the kubeconfig's current one.
Result<Cluster> ConnectTo(Session& session, const SharedFlags& flags,
                          const std::optional<std::string>& context);
/// The same for a command that sends no request: where no cluster is configured, the connection
/// leads nowhere, and the namespace is the given one or "default".
Result<Cluster> ConnectIfConfigured(Session& session, const SharedFlags& flags);

}  // namespace datafly::cli

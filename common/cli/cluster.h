#pragma once

#include <memory>

#include "common/cli/session.h"
#include "common/io/http/client.h"
#include "common/io/kube/client.h"

namespace datafly::cli {

/// The connection of one command: kubeconfig resolved by the flags, one HTTP client, one API
/// client. Nothing is sent before the first request.
struct Cluster {
  std::unique_ptr<http::Client> http;
  std::unique_ptr<kube::Client> kube;

  [[nodiscard]] const kube::RestConfig& config() const { return kube->config(); }
};

Result<Cluster> Connect(Session& session, SharedFlags& flags);

}  // namespace datafly::cli

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/io/kube/exec_plugin_protocol.h"
#include "common/io/kube/kubeconfig_model.h"
#include "common/io/kube/kuberc.h"
#include "common/io/kube/rest_config.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// All that one exec credential plugin needs to run.
struct ExecPluginSetup {
  ExecConfig config;
  std::optional<ExecClusterInfo> cluster;  ///< set when the kubeconfig asks for provideClusterInfo
  PluginPolicy policy;
  bool stdin_is_terminal = false;
  std::shared_ptr<const http::Endpoint> endpoint;  ///< without a client certificate
};

/// Runs the plugin when credentials are first asked for, and again when they have expired or were
/// refused (401); keeps them in memory only. A failure is kept for a few seconds, so that a burst
/// of requests does not start a broken plugin once each. The plugin's stderr goes to ours, as with
/// kubectl. Holds references to what `system` names. Error: an apiVersion that is neither v1 nor
/// v1beta1.
Result<std::unique_ptr<Credentials>> ExecCredentials(ExecPluginSetup setup, const System& system);

}  // namespace datafly::kube

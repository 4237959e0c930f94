#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// Which credential plugins the user lets run (kuberc, kubectl 1.35 and later).
struct PluginPolicy {
  enum class Type { AllowAll, DenyAll, Allowlist };
  Type type = Type::AllowAll;
  std::vector<std::string> allowlist;  ///< commands: bare names (looked up in PATH) or paths
};

/// The policy of one kuberc file; other preferences are not ours. Documents of unknown versions are
/// passed over. Errors carry kubectl's words.
Result<PluginPolicy> ParsePluginPolicy(std::string_view text);

/// $KUBERC ("off": none), else $HOME/.kube/kuberc. No file is AllowAll. A file that cannot be read
/// or understood is an error: whoever wrote a policy does not want it skipped.
Result<PluginPolicy> LoadPluginPolicy(const System& system);

/// Whether the policy lets `command` run, as client-go judges it: by the same spelling or by the
/// same file after a look-up in PATH.
Result<void> CheckPluginAllowed(const PluginPolicy& policy, const std::string& command,
                                const System& system);

}  // namespace datafly::kube

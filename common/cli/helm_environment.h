#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/cli/command_line.h"
#include "common/cli/shared_flags.h"
#include "common/io/system/system.h"

/// What Helm gives to a plugin, and what it leaves to it. Helm parses its global flags even behind
/// the plugin's name, takes most of them out of the plugin's arguments and tells their values by
/// HELM_* variables (helm: pkg/cli/environment.go); some it passes on although it has parsed them:
/// -nNAME, --debug=true, --burst-limit, --qps, --content-cache, --color. Run directly, without
/// helm, the plugin gets all of them.
namespace datafly::cli {

/// Helm's global flags that are no kubectl flag, as given; empty = not given.
struct HelmFlags {
  bool debug = false;
  std::string burst_limit;
  std::string qps;
  std::string registry_config;
  std::string repository_config;
  std::string repository_cache;
  std::string content_cache;
};

/// Declares the connection flags by Helm's names (--kube-context, --kube-token, …) on top of
/// kubectl's, and Helm's other global flags. Instead of DeclareConnectionFlags, on every command of
/// helm-signal; Command::helm must point to `helm`. --insecure-skip-tls-verify is not among them:
/// Helm has it for the chart's download, and --kube-insecure-skip-tls-verify for the API server.
void DeclareHelmFlags(CommandLine& command, SharedFlags& flags, HelmFlags& helm);

/// Lays what Helm's variables say under the flags: a flag that was given stands. An empty variable
/// says nothing, since Helm sets all of them always. HELM_KUBEASGROUPS names each group twice when
/// --kube-as-group was repeated, which is a bug of Helm: each counts once. HELM_DEBUG is -v.
/// HELM_NAMESPACE is what Helm resolved, from the context that Helm knows of: whoever wants
/// another context's namespace names it by --kube-context, not by --context.
void TakeHelmEnvironment(const Environment& environment, SharedFlags& flags, HelmFlags& helm);

/// Checks what is not checked elsewhere; an error is wrong usage.
Result<void> CheckHelmFlags(const HelmFlags& helm);

/// $HELM_BIN, which is only "helm" when Helm was found on PATH: the ProcessRunner looks it up
/// there, as the user's shell did.
std::string HelmProgram(const Environment& environment);

/// For a helm that we run: Helm's own variables as the flags have them, on top of
/// helm::ConnectionEnvironment.
std::vector<std::pair<std::string, std::string>> HelmChildEnvironment(const HelmFlags& helm);

/// Helm's files, by flag, variable, HELM_CONFIG_HOME and HELM_CACHE_HOME, XDG's and HOME (helm:
/// pkg/helmpath).
struct HelmFiles {
  std::string registry_config;    ///< credentials of registries, as docker's config.json
  std::string repository_config;  ///< repositories.yaml
  std::string repository_cache;   ///< a folder: NAME-index.yaml
};
HelmFiles ResolveHelmFiles(const HelmFlags& helm, const Environment& environment);

/// The arguments with Helm's global flags that stand before the command put behind it, where they
/// are declared: `helm -nzz signal versions` hands us "-nzz versions".
std::vector<std::string> HelmFlagsBehindCommand(std::vector<std::string> arguments);

}  // namespace datafly::cli

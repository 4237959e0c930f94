#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/io/registry/pull_secrets.h"
#include "common/io/system/system.h"

namespace datafly::registry {

/// The credential that the user's own configuration has for a registry: files in docker's format,
/// the first that knows the registry wins. A file that does not exist is passed over. A credential
/// helper that a file names (credHelpers, credsStore) is run: `docker-credential-NAME get`, the
/// registry's name by stdin. Nothing: no file knows the registry. An error names the file or the
/// helper, never a value.
Result<std::optional<PullCredential>> FindLogin(const System& system,
                                                const std::vector<std::string>& files,
                                                const ImageReference& image);

/// Where docker keeps its own, which Helm looks at behind its own file: $DOCKER_CONFIG/config.json
/// or ~/.docker/config.json.
std::string DockerConfigFile(const Environment& environment);

}  // namespace datafly::registry

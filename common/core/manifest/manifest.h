#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

/// Rendered manifests: documents and their identity.
namespace datafly::manifest {

/// One object of a rendered manifest. Lists (kind: List) are expanded.
struct Object {
  std::string api_version;
  std::string kind;
  std::string name_space;   ///< "" = the release's
  std::string name;
  std::string source;       ///< template from Helm's "# Source:" comment, or ""
  std::string json;         ///< the whole object as JSON text
};

/// All objects of a manifest in their order. Documents that hold nothing are skipped; a document without kind or name is an error that names its source.
Result<std::vector<Object>> ParseManifest(std::string_view yaml);

/// Group of an apiVersion: "apps" of "apps/v1", "" of "v1".
std::string_view GroupOf(std::string_view api_version);

/// "Deployment/x".
std::string ObjectName(const Object& object);

/// For a Secret or ConfigMap: each key of data/stringData with a digest of its value (SHA-256, process-local use: compare, never store or show).
struct KeyDigest {
  std::string key;
  std::string digest;
};
Result<std::vector<KeyDigest>> DataDigests(const Object& object);

/// For a workload: each literal env value of each container, as "container/NAME" with its digest. References (valueFrom) digest the reference.
Result<std::vector<KeyDigest>> EnvDigests(const Object& object);

}  // namespace datafly::manifest

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace datafly::diff {

/// The structural schema of one version in a CustomResourceDefinition ("v1"); null when it has
/// none.
const nlohmann::json* SchemaOf(const nlohmann::json& crd, const std::string& version);

/// Takes out of a custom resource what its schema does not declare, as the API server does before
/// it stores it (apiextensions: pruning). Returns the paths of what was taken out.
std::vector<std::string> Prune(nlohmann::json& object, const nlohmann::json& schema);

}  // namespace datafly::diff

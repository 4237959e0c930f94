#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// "spec.selector" covers itself and what is below it.
bool IsUnder(std::string_view path, std::string_view root);
bool IsUnderAny(std::string_view path, std::initializer_list<std::string_view> roots);

/// Whether the API server refuses the change of this field. `live` is the object as it is now, or
/// null: then what depends on it counts as immutable. Rules: the API's validation
/// (pkg/apis/*/validation), Kubernetes 1.28 to 1.36.
bool IsImmutable(std::string_view kind, const FieldChange& field, const nlohmann::json* live);

}  // namespace datafly::diff

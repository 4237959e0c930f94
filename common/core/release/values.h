#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

/// Values of a chart, compared as Helm merges them. All inputs are JSON texts of objects.
namespace datafly::release {

/// User values over chart defaults as Helm coalesces them: maps merge, null deletes, all else
/// replaces. JSON text.
Result<std::string> CoalesceValues(std::string_view defaults_json, std::string_view user_json);

/// Dotted paths that the user sets and the defaults do not know. A key under a default that is an
/// empty map (or null) is the user's to choose.
std::vector<std::string> UnknownKeys(std::string_view defaults_json, std::string_view user_json);

/// Dotted paths whose default differs between two charts while the user overrides them.
std::vector<std::string> ChangedDefaults(std::string_view old_defaults,
                                         std::string_view new_defaults, std::string_view user_json);

/// Dotted paths that the new defaults have and the old ones have not (a new map counts once).
std::vector<std::string> NewKeys(std::string_view old_defaults, std::string_view new_defaults);

/// Dotted paths whose values differ, or that only one of the two has; a map counts by its leaves
/// where both have one.
std::vector<std::string> DifferingKeys(std::string_view one_json, std::string_view other_json);

/// The boolean at a dotted path, if there is one.
std::optional<bool> BoolAt(std::string_view values_json, std::string_view dotted_path);

}  // namespace datafly::release

#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "common/core/profile/fields.h"

/// A profile's YAML as a document of keys: what reading, tightening and recording have in common.
namespace datafly::profile {

/// The mapping of keys, scalars as text; an empty document is an empty mapping. Errors:
/// InvalidInput for what is not a YAML mapping, TooLarge beyond 1 MiB (the size of a ConfigMap).
Result<nlohmann::json> ParseKeys(std::string_view yaml);

/// What to do with each key; both return whether to go on.
struct KeyVisitor {
  std::function<bool(const Field& field, const nlohmann::json& value)> on_field;
  std::function<bool(const std::string& key, Error error)> on_error;  ///< not in the table
};

/// Every key of a document in turn.
void VisitKeys(const nlohmann::json& document, const KeyVisitor& visitor);

}  // namespace datafly::profile

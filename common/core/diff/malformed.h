#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace datafly::diff {

/// The path of the first value that must be a text and is none (an unquoted number or boolean in
/// env, args, labels, annotations or data), which the API server refuses while Helm's dry run does
/// not notice; "" when there is none.
std::string FirstUnquoted(const nlohmann::json& object);

}  // namespace datafly::diff

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace datafly::yaml {

/// What a plain (unquoted) scalar is by the rules of sigs.k8s.io/yaml: null, a boolean, a number,
/// or the text itself.
nlohmann::json ResolvePlainScalar(std::string_view text);

}  // namespace datafly::yaml

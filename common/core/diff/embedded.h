#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// Where both values are texts, tells what differs in them: the fields, when both are JSON or YAML
/// maps or lists (a file in a ConfigMap, a policy in an annotation); else the lines, when there are
/// several. Then `inside` or `lines` takes the place of the values. Texts that differ by their
/// layout alone are `formatting_only`.
void OpenText(const nlohmann::json& before, const nlohmann::json& after, FieldChange& change);

}  // namespace datafly::diff

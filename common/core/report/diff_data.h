#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/core/diff/release_diff.h"

namespace datafly::report {

/// The diff as data, in the shape of docs/schemas/diff.schema.json; schemaVersion as in data.h. A
/// value that a side does not have, or that is secret, has no key. Nothing is folded or left out.
nlohmann::ordered_json ToData(const diff::ReleaseDiff& diff);

std::string DiffJson(const diff::ReleaseDiff& diff);
std::string DiffYaml(const diff::ReleaseDiff& diff);

}  // namespace datafly::report

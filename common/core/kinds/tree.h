#pragma once

#include <simdjson.h>

#include <nlohmann/json.hpp>

namespace datafly::kinds {

/// A value that simdjson has parsed, as nlohmann's tree: for who compares whole objects. The same
/// as nlohmann makes of the text, save that it is not read a second time.
nlohmann::json ToTree(simdjson::dom::element value);

}  // namespace datafly::kinds

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace datafly::report {

/// What in `data` is not as docs/schemas/NAME says: "$.sections[0] lacks title".
std::vector<std::string> SchemaErrors(const nlohmann::json& data, std::string_view schema_name);

}  // namespace datafly::report

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/core/report/document.h"

namespace datafly::report {

/// The version of the shape below. A new optional key keeps it; a key that goes or changes its
/// meaning raises it.
inline constexpr std::string_view kSchemaVersion = "1";

/// The document as data, in the shape of docs/schemas/report.schema.json. Text is as it came, with
/// what is not UTF-8 replaced by U+FFFD.
nlohmann::ordered_json ToData(const Document& document);

/// DEL, C1 and bidirectional overrides as \uXXXX: what JSON and double-quoted YAML mean by it.
std::string EscapeHazards(std::string_view text);

/// The data as JSON text that is also safe to print: besides C0, DEL, C1 and bidirectional
/// overrides are written as \uXXXX. Ends in a newline.
std::string DumpJson(const nlohmann::ordered_json& data);

/// "LAST SEEN" -> "lastSeen", "CPU%" -> "cpu"; other characters than ASCII letters and digits part
/// words. Empty: "column".
std::string CamelCase(std::string_view title);

/// The distinct keys of a table's columns: Column::key or CamelCase(title), a second "name" becomes
/// "name2".
std::vector<std::string> ColumnKeys(const Table& table);

}  // namespace datafly::report

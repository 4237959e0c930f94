#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/report/diff_words.h"

namespace datafly::report {

/// A row of a table of fields: path, and what happens to it.
std::string HtmlFieldRow(const diff::FieldChange& field, std::string_view where = {});
std::string HtmlFieldRow(std::string_view mark, std::string_view path, const Telling& telling);

/// The table around such rows; nothing around none. `label` is markup.
std::string HtmlFieldTable(std::string_view rows, std::string_view label);

/// What the style sheet of the reports lacks for a diff.
std::string_view DiffStyle();

}  // namespace datafly::report

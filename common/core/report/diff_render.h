#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/diff/redact.h"
#include "common/core/report/document.h"

namespace datafly::report {

enum class DiffFormat { Text, Summary, Json, Yaml, Markdown, Html };
/// A value of `-o`. Unknown: Error::InvalidInput that lists the formats and names the nearest.
Result<DiffFormat> ParseDiffFormat(std::string_view name);
/// "text", "json", …: what ParseDiffFormat reads.
std::string_view ToString(DiffFormat format);

/// The diff in one of the formats, ending in a newline. Only what Redact has been over can be
/// shown. `options` shape text and summary alone; `quiet` leaves only objects that are written and
/// risks. The last line of text and summary is the plan.
///  json, yaml: docs/schemas/diff.schema.json; all others are for people.
std::string RenderDiff(const diff::ShownDiff& shown, DiffFormat format,
                       const RenderOptions& options);

}  // namespace datafly::report

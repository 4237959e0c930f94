#pragma once

#include "common/core/diff/redact.h"

/// Diffs that the renderers are tested with.
namespace datafly::report::samples {

/// An upgrade with everything in it: each op, effect, origin and class of risk.
diff::ReleaseDiff Upgrade();
/// One new label on `count` Deployments, a few of which change otherwise too.
diff::ReleaseDiff ChartLabel(std::size_t count);
/// Every text is an attack, as samples::Hostile().
diff::ReleaseDiff HostileDiff();
/// Long paths, values, names, lists.
diff::ReleaseDiff LongTexts();
/// Nothing differs.
diff::ReleaseDiff NoChanges();

/// With no secrets known but those that are marked.
diff::ShownDiff Shown(diff::ReleaseDiff diff);

diff::ResourceChange Object(diff::ResourceOp op, std::string_view kind, std::string_view name);
diff::FieldChange Field(std::string path, std::optional<std::string> old_value,
                        std::optional<std::string> new_value);

}  // namespace datafly::report::samples

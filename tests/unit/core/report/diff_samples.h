#pragma once

#include "common/core/report/diff_render.h"

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

/// What RenderDiff shows of a diff that Redact leaves as it is: how a renderer fares with the worst
/// of texts does not depend on what is hidden before.
std::string Rendered(const diff::ReleaseDiff& diff, DiffFormat format,
                     const RenderOptions& options = {});

diff::ResourceChange Object(diff::ResourceOp op, std::string_view kind, std::string_view name);
diff::FieldChange Field(std::string path, std::optional<std::string> old_value,
                        std::optional<std::string> new_value);

}  // namespace datafly::report::samples

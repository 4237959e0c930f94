#pragma once

#include <string_view>

#include "common/core/base/result.h"
#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// A label selector as kubectl's -l takes it (apimachinery pkg/labels Parse): "a=b", "a==b",
/// "a!=b", "a in (b,c)", "a notin (b,c)", "a", "!a", joined by commas that all must hold. Empty
/// text selects everything. Error::InvalidInput names the part that is wrong; "a>1" and "a<1" are
/// refused.
Result<LabelSelector> ParseSelector(std::string_view text);

}  // namespace datafly::kinds

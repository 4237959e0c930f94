#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/gather/given_values.h"

namespace datafly::operations {

/// Takes out of helm's words what they may quote: the values that it is given, and the values and
/// Secrets of these revisions. Helm's error stands in the journal for long.
std::function<std::string(std::string_view words)> MaskOf(
    const FileSystem& files, const helm::RenderRequest& request,
    const std::vector<const release::ReleaseRecord*>& records);

}  // namespace datafly::operations

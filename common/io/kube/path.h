#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly::kube {

/// Refuses a path with a segment that is empty, "." or ".." (plain or percent-encoded): a name must
/// not lead elsewhere.
Result<void> CheckPath(std::string_view path_and_query);

/// Appends `?key=value` or `&key=value`, the value percent-encoded.
void AddQuery(std::string& path, std::string_view key, std::string_view value);

/// "apps/v1 deployments" of "/apis/apps/v1/namespaces/x/deployments/y"; empty for any other path.
std::string ApiOfPath(std::string_view path);

}  // namespace datafly::kube

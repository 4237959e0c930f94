#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly::release {

/// Whether the bytes start as gzip does. Helm reads records without it, too.
bool IsGzip(std::string_view bytes);

/// The content of one gzip member. Error::Protocol when it is damaged, cut, or followed by more; Error::TooLarge beyond `limit` bytes, found before
/// they are held in memory.
Result<std::string> Gunzip(std::string_view bytes, std::size_t limit);

/// How many bytes gzip makes of it at the best compression (which is what Helm uses).
std::size_t GzipSize(std::string_view bytes);

}  // namespace datafly::release

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly {

/// Whether the bytes start as a gzip member does (RFC 1952: 1f 8b).
bool IsGzip(std::string_view bytes);

/// One gzip member with no name and no time in it: the same bytes for the same text. Fails
/// (TooLarge) only for lack of memory.
Result<std::string> Gzip(std::string_view text);

/// The content of one gzip member, at most `max_size` bytes of it: beyond that TooLarge, whatever
/// more there would be is not inflated. InvalidInput for what is cut, damaged (checksum), not gzip,
/// or followed by anything.
Result<std::string> Gunzip(std::string_view bytes, std::size_t max_size);

}  // namespace datafly

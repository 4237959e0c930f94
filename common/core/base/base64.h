#pragma once

#include <string>
#include <string_view>

#include "common/core/base/result.h"

namespace datafly {

/// RFC 4648, standard alphabet. Decoding skips ASCII white space, accepts a missing padding,
/// refuses everything else.
Result<std::string> DecodeBase64(std::string_view text);
std::string EncodeBase64(std::string_view bytes);
/// Without padding, URL alphabet.
std::string EncodeBase64Url(std::string_view bytes);

}  // namespace datafly

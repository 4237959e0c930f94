#pragma once

#include <string>
#include <string_view>

namespace datafly {

/// SHA-256 in lower-case hex. Of a secret: for comparing inside this process only, never to be
/// stored or shown.
std::string Sha256Hex(std::string_view bytes);

}  // namespace datafly

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datafly::diff {

/// A text by which a secret is recognised.
struct Needle {
  std::string text;
  /// A part of a base64 or hex text: all of the run of such characters around it tells of the
  /// secret, and is masked with it.
  bool in_run = false;
};

/// How `value` may stand in a text: as it is, URL-escaped (as Go, JavaScript and RFC 3986 do),
/// escaped for JSON (once and twice), YAML and XML, in hex, in base64 once and twice, standard and
/// URL alphabet, at each of the three places that it may have within a longer text that was
/// encoded. Long ones come in pieces, any one of which a copy must hold. None is shorter than 4
/// bytes.
std::vector<Needle> EncodingsOf(std::string_view value);

/// Only as it is and escaped: for the single lines of a value of several lines.
std::vector<Needle> EscapesOf(std::string_view value);

}  // namespace datafly::diff

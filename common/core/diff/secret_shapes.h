#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datafly::diff {

/// "***" for what is a secret whatever stands around it: private keys, JWTs, tokens of known makes
/// (ghp_, AKIA, xoxb-, glpat-, sk-, …), passwords in URLs and DSNs.
std::string MaskCertain(std::string_view text);

/// MaskCertain, and what a key, flag or scheme in the text says is a secret ("password=x",
/// "--token x", "Bearer x", "<password>x</password>"), and words that look random. One line; for
/// more see redact_lines.h.
std::string MaskLikely(std::string_view line);

/// The same, but random words stay: for references of images and the like.
std::string MaskNamed(std::string_view line);

/// What stands in `text` (a document, a DSN, a line of an .htpasswd or .pgpass) for a secret.
std::vector<std::string> SecretsWithin(std::string_view text);

}  // namespace datafly::diff

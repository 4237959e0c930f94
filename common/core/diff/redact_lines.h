#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/diff/known_secrets.h"
#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// Masks the lines of a text of any kind (YAML, JSON, properties, ini, shell, XML): what follows a
/// key that names a secret, also over several lines; private keys; what looks like a secret. Lines
/// that are hidden one after the other become one, so that their number is not told.
std::vector<TextLine> RedactLines(std::vector<TextLine> lines, const KnownSecrets& secrets);

/// The same for a whole text of several lines.
std::string RedactText(std::string_view text, const KnownSecrets& secrets);

/// Leaves `context` lines that stay the same around those that do not; a longer run of them is one
/// line marked '@' that says how many were left out.
std::vector<TextLine> FoldLines(std::vector<TextLine> lines, std::size_t context = 2);

}  // namespace datafly::diff

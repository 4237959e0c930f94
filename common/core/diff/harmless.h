#pragma once

#include <string_view>

namespace datafly::diff {

/// Whether the word cannot be a secret: a boolean, a log level, one of Kubernetes' own words, a
/// number of up to 5 digits, a duration, a quantity, a version.
bool IsHarmless(std::string_view word);

/// Whether it is a name as Kubernetes has them (DNS-1123), an absolute path or harmless: what a
/// field that only points to a secret holds.
bool IsPointer(std::string_view word);

/// Whether the word looks as if a generator made it: a key, a token, a digest, a UUID.
bool LooksRandom(std::string_view word);

/// Whether a user or chart may well use the word for something that is no secret ("admin",
/// "postgres"), so that masking it everywhere would hide more than it protects.
bool IsCommonWord(std::string_view word);

}  // namespace datafly::diff

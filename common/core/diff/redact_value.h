#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/core/diff/known_secrets.h"
#include "common/core/diff/secret_place.h"

namespace datafly::diff {

/// A value (JSON text) as it may be shown at its place; nothing where it is a secret altogether.
/// Within lists and maps a secret becomes "***". What is no JSON is never shown.
std::optional<std::string> RedactValue(std::string_view json, const SecretPlace& place,
                                       const KnownSecrets& secrets);

}  // namespace datafly::diff

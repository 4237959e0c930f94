#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "common/core/plan/plan.h"

/// The encrypted content of a saved plan. Internal to this room.
namespace datafly::plan {

/// The key as it is used, without the newline that an editor or openssl leaves at its end. Errors:
/// InvalidInput for one that is too short.
Result<SecretString> UsableKey(const SecretString& key);

/// `document` (kind, schemaVersion and header) with "encrypted", which holds `content`. Errors:
/// Internal.
Result<nlohmann::ordered_json> WithEncrypted(nlohmann::ordered_json document,
                                             std::string_view content, const SecretString& key);

/// The content of a document that has "encrypted". Errors: InvalidInput (another key, a damaged
/// envelope), Unsupported (a cipher of later versions), TooLarge.
Result<std::string> Decrypted(const nlohmann::ordered_json& document, const SecretString& key);

}  // namespace datafly::plan

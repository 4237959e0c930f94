#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datafly::diff {

/// What the name of a key, field, flag or environment variable says about its value.
enum class KeyKind {
  Plain,
  Secret,  ///< "db.password", "PGPASS", "tls.key", "saslJaasConfig": the value is not to be seen
  /// Speaks about a secret without being one: "secretName", "TOKEN_FILE", "passwordMinLength". Its
  /// value is to be seen when it looks like a name, a path or a number.
  AboutSecret,
};
KeyKind KindOfKey(std::string_view key);

/// KindOfKey is Secret; for texts, where there is no telling what the value is of.
bool NamesSecret(std::string_view key);

/// "username", "host", "port", "database": such a value of a Secret is ordinary text elsewhere.
bool NamesNoSecret(std::string_view key);

/// "sha256sum", "checksum/config": made of content, and so a way to guess it.
bool NamesDigest(std::string_view key);

/// Words of a key in lower case: "saslJaasConfig", "SASL_JAAS_CONFIG" -> sasl, jaas, config.
std::vector<std::string> WordsOf(std::string_view key);

}  // namespace datafly::diff

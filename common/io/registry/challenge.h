#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace datafly::registry {

/// A WWW-Authenticate header (RFC 7235; the distribution project's token specification for Bearer).
struct Challenge {
  enum class Scheme { Basic, Bearer } scheme = Scheme::Basic;
  std::string realm;  ///< Bearer: the token server's URL
  std::string service;
  std::string scope;  ///< "repository:datafly/x:pull"
};

/// The first Bearer or Basic challenge of the header; nothing when it names neither or cannot be
/// read.
std::optional<Challenge> ParseChallenge(std::string_view header);

/// The token server's URL with service, scope and (if not empty) account as query; "" when the
/// realm is not http(s).
std::string TokenUrl(const Challenge& challenge, std::string_view account,
                     std::string_view default_scope);

}  // namespace datafly::registry

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/io/registry/reference.h"

namespace datafly::registry {

struct PullCredential {
  std::string username;
  SecretString password;
  SecretString
      identity_token;  ///< an OAuth2 refresh token ("identitytoken"), used instead of a password
};

/// The registry credentials of some image pull secrets, matched as the kubelet's keyring does: host
/// (with "*" globs per label), an optional port, an optional path that must be a prefix of the
/// repository; the longest path wins.
class PullSecrets {
 public:
  /// Adds a `.dockerconfigjson` ({"auths": {...}}) or legacy `.dockercfg` document. An error names
  /// no value.
  Result<void> Add(std::string_view json);
  [[nodiscard]] std::optional<PullCredential> Find(const ImageReference& image) const;
  [[nodiscard]] bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    std::string host;
    std::string path;
    PullCredential credential;
  };
  std::vector<Entry> entries_;
};

}  // namespace datafly::registry

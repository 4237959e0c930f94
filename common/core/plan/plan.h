#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/base/secret.h"
#include "common/core/base/time.h"

/// A plan that was saved to be applied exactly so later. Pure but for one thing: sealing with a key
/// draws a salt and a nonce, so that no caller can use one twice.
namespace datafly::plan {

/// What `helm signal plan --save` has found and `upgrade --plan` will apply.
struct Plan {
  std::string release, name_space;
  std::string server;              ///< URL of the API server, for people
  std::string release_uid;         ///< uid of the newest release record; "" = not known
  std::int64_t from_revision = 0;  ///< the newest when the plan was made; 0 = no such release
  std::string from_version;        ///< of the chart
  std::string chart;               ///< as given to helm
  std::string chart_name, chart_version;
  std::string chart_digest;  ///< "sha256:…" of the archive, or FolderDigest of a folder
  std::string made_by;       ///< user and machine
  Time made_at;
  std::string tool_version;  ///< of helm signal

  // What may hold secrets, and is encrypted where a key is given.
  std::vector<std::string> fetch_flags;   ///< flags of helm that say where the chart comes from
  std::vector<std::string> render_flags;  ///< further flags of helm that shape the rendering
  std::vector<std::string> apply_flags;   ///< flags of helm that only matter when applying
  std::string values_json;  ///< the complete user values by Helm's rule, one JSON object
  std::string manifest;     ///< as rendered
  std::string hooks;        ///< rendered manifests of the hooks, one after the other
};

/// A saved plan is at most so large, and so is what is in it.
inline constexpr std::size_t kMaxSize = std::size_t{64} << 20;

/// A key is the content of a file; of fewer bytes (without one newline at the end) it is refused.
inline constexpr std::size_t kShortestKey = 16;

/// The plan as a file: JSON, ASCII only, with a seal that tells whether it was changed. With a key
/// all but the header is encrypted (AES-256-GCM, the header authenticated; the AES key is made of
/// `key` by scrypt), compressed and padded to whole 4 KiB. What of the header looks like a secret
/// is "***" there and stands in full in the content. Two calls never give the same text with a key,
/// always without one. Errors: InvalidInput for secrets without a key, for a key that is too short,
/// for values that are no JSON object and for text that is not UTF-8; TooLarge.
Result<std::string> SealPlan(const Plan& plan, const std::optional<SecretString>& key);

/// The plan of a file that SealPlan made. The values come back as the same JSON value, written
/// compactly. The seal is a checksum that anybody can make: only a key proves who saved the plan,
/// which is why a plan that is not encrypted is refused when a key is given. Errors, each with its
/// remedy: InvalidInput (no plan; changed or cut; another key; a key where none belongs),
/// Unsupported (of a newer helm signal), NotConfigured (encrypted and no key), TooLarge.
Result<Plan> OpenPlan(std::string_view text, const std::optional<SecretString>& key);

/// Whether the plan is only saved with a key: a diff (core/diff/redact.h) would hide something of
/// its values, manifests, their comments, its flags or its header, or they cannot be read.
bool HoldsSecrets(const Plan& plan);

/// Where the first of them stands, for people ("Secret/datafly-keys", "the values"); "" = nowhere.
std::string WhereSecret(const Plan& plan);

/// "sha256:…" over path, length and content of each file, whatever their order. Paths are relative
/// to the chart's folder, with '/', spelled the same each time; which files count is the caller's
/// choice.
std::string FolderDigest(const std::vector<std::pair<std::string, std::string>>& files);

/// Whether the release is still as it was when the plan was made. `newest_revision` is 0 when there
/// is no such release; a uid is compared where both are known. Errors: Conflict, in words.
Result<void> CheckStillFits(const Plan& plan, std::int64_t newest_revision,
                            std::string_view newest_uid);

}  // namespace datafly::plan

#pragma once

#include <utility>

#include "common/core/diff/known_secrets.h"
#include "common/core/diff/release_diff.h"

namespace datafly::diff {

/// A diff that is fit to be shown: only Redact makes one, and only it is rendered.
class ShownDiff {
 public:
  [[nodiscard]] const ReleaseDiff& get() const { return diff_; }

 private:
  friend ShownDiff Redact(ReleaseDiff diff, const KnownSecrets& secrets);
  explicit ShownDiff(ReleaseDiff diff) : diff_(std::move(diff)) {}
  ReleaseDiff diff_;
};

/// Takes every secret out of every text of the diff. Of a FieldChange or ValueChange that is a
/// secret, the values are dropped and `secret` is set: that it changes is told, with no length and
/// no hash. Within lists, maps, texts and lines a secret becomes "***".
///
/// Hidden are: data of Secrets, values of environment variables and users' values that are more
/// than a harmless word (harmless.h), what stands under a key, after a flag or in a place that
/// names a secret (secret_keys.h, secret_place.h), annotations but for settings of known domains,
/// checksums, what looks like a key or token (secret_shapes.h), and known secrets wherever they
/// stand, in each of their encodings.
///
/// FieldChange::lines may hold all lines of the text and had better: a key far above tells that a
/// line is secret. Redact then leaves out those that stay the same. In the same way `args` and
/// `command` are best told as whole lists; one argument by its index is shown only where it cannot
/// be the value of a flag before it.
ShownDiff Redact(ReleaseDiff diff, const KnownSecrets& secrets);

}  // namespace datafly::diff

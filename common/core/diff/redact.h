#pragma once

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

/// Takes every secret out of every text of the diff: values of fields marked secret are dropped,
/// env values and values under keys that smell of a secret too, known secrets are masked wherever
/// they stand, in each of their encodings. What a secret changed to is told as "changed" alone: no
/// length, no hash.
ShownDiff Redact(ReleaseDiff diff, const KnownSecrets& secrets);

}  // namespace datafly::diff

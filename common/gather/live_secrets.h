#pragma once

#include <memory>
#include <string>

#include "common/core/diff/known_secrets.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// The Secrets of a namespace as they are now (Helm's records left out), on their way. Learnt only
/// when they are asked for, so that what the caller knows itself is learnt before them: there is a
/// bound to all of it.
class LiveSecrets {
 public:
  LiveSecrets(Io& io, const std::string& name_space);
  ~LiveSecrets();
  LiveSecrets(const LiveSecrets&) = delete;
  LiveSecrets& operator=(const LiveSecrets&) = delete;

  [[nodiscard]] bool Done() const { return list_.Done(); }
  /// Once, after a Wait. What came before an error is learnt, too. Errors: they may not be listed;
  /// too late; too large: what lies beyond the bounds is not learnt.
  Result<void> Learn(diff::KnownSecrets& secrets);

 private:
  struct Kept;
  std::shared_ptr<Kept> kept_;
  Pending<kube::ListOutcome> list_;
};

}  // namespace datafly::gather

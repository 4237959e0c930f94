#pragma once

#include <vector>

#include "common/gather/gather.h"

namespace datafly::gather {

/// What the rules review left open: for every need of an upgrade, and of
/// ClusterRequest::questions, that no rule grants, a
/// SelfSubjectAccessReview, when the review is incomplete (some authorizers cannot list rules) or
/// failed. At most kMaxReviews are sent.
class AccessReads {
 public:
  AccessReads(Io& io, const Facts& facts, const ClusterRequest& request);
  [[nodiscard]] bool Done() const;
  Fact<std::vector<AccessAnswer>> Take();

 private:
  std::vector<Pending<std::string>> replies_;
};

}  // namespace datafly::gather

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/gather/gather.h"
#include "common/gather/lists.h"

namespace datafly::gather {

/// Sums up, node by node, what the pods of all other namespaces request: what a surge has to share.
/// Pods are dropped page by page, only sums stay.
class OtherPods {
 public:
  OtherPods(Io& io, const std::string& name_space);
  [[nodiscard]] bool Done() const { return pending_.Done(); }
  Fact<std::map<std::string, kinds::ResourceList>> Take();

 private:
  using Sums = std::map<std::string, kinds::ResourceList>;
  std::shared_ptr<Sums> sums_ = std::make_shared<Sums>();
  Pending<kube::ListOutcome> pending_;
};

}  // namespace datafly::gather

#pragma once

#include "common/gather/gather.h"
#include "common/gather/lists.h"

namespace datafly::gather {

/// What tells causes beside the workloads and pods themselves: ReplicaSets (refused pods show only
/// there), events (probes, volumes) and EndpointSlices (what takes traffic) of the namespace.
class CauseLists {
 public:
  CauseLists(Io& io, const std::string& name_space);
  [[nodiscard]] bool Done() const {
    return replica_sets_.Done() && events_.Done() && endpoint_slices_.Done();
  }
  void Store(Facts& facts);

 private:
  std::shared_ptr<kinds::Decoder> decoder_ = std::make_shared<kinds::Decoder>();
  Listing<kinds::ReplicaSet> replica_sets_;
  Listing<kinds::Event> events_;
  Listing<kinds::EndpointSlice> endpoint_slices_;
};

}  // namespace datafly::gather

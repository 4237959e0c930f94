#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "common/core/facts/facts.h"

namespace datafly {

/// The pods of some Facts by their labels, so that hundreds of workloads find theirs among
/// thousands without each looking at all. Points into the facts, which must outlive it.
class PodIndex {
 public:
  explicit PodIndex(const Facts& facts);

  /// Every pod that the workload's selector matches, finished ones too, in the order of the facts;
  /// none when the pods are not known.
  [[nodiscard]] std::vector<const kinds::Pod*> Matching(const kinds::Workload& workload) const;
  /// Those that are not finished: what PodsOf finds.
  [[nodiscard]] std::vector<const kinds::Pod*> Of(const kinds::Workload& workload) const;

 private:
  using Pods = std::vector<const kinds::Pod*>;
  Pods all_;
  std::unordered_map<std::string, Pods> by_label_;  ///< "key\nvalue"
};

}  // namespace datafly

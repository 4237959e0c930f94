#include "common/core/facts/pod_index.h"

namespace datafly {

namespace {

std::string KeyOf(const std::string& label, const std::string& value) {
  return label + "\n" + value;
}

bool SameNamespace(const kinds::Pod& pod, const kinds::Workload& workload) {
  return pod.meta.name_space == workload.meta.name_space || pod.meta.name_space.empty() ||
         workload.meta.name_space.empty();
}

}  // namespace

PodIndex::PodIndex(const Facts& facts) {
  if (!facts.pods) return;
  all_.reserve(facts.pods->size());
  for (const kinds::Pod& pod : *facts.pods) {
    all_.push_back(&pod);
    for (const auto& [label, value] : pod.meta.labels)
      by_label_[KeyOf(label, value)].push_back(&pod);
  }
}

std::vector<const kinds::Pod*> PodIndex::Matching(const kinds::Workload& workload) const {
  Pods out;
  // An empty selector matches everything; no workload of apps/v1 may have one.
  if (workload.selector.Empty()) return out;
  const Pods* fewest = &all_;
  for (const auto& [label, value] : workload.selector.match_labels) {
    const auto found = by_label_.find(KeyOf(label, value));
    if (found == by_label_.end()) return out;
    if (found->second.size() < fewest->size()) fewest = &found->second;
  }
  for (const kinds::Pod* pod : *fewest) {
    if (SameNamespace(*pod, workload) && workload.selector.Matches(pod->meta.labels))
      out.push_back(pod);
  }
  return out;
}

std::vector<const kinds::Pod*> PodIndex::Of(const kinds::Workload& workload) const {
  Pods out = Matching(workload);
  std::erase_if(out, [](const kinds::Pod* pod) {
    return pod->phase == "Succeeded" || pod->phase == "Failed";
  });
  return out;
}

}  // namespace datafly

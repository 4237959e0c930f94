#include "common/core/rollout/owners.h"

#include <charconv>

namespace datafly::rollout {

namespace {

using kinds::ObjectMeta;
using kinds::Pod;
using kinds::Workload;

/// The number behind the last dash of a StatefulSet's pod; -1 when there is none.
std::int64_t OrdinalOf(const Pod& pod) {
  const std::string& name = pod.meta.name;
  const std::size_t dash = name.rfind('-');
  std::int64_t ordinal = -1;
  if (dash == std::string::npos) return ordinal;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + dash + 1, end, ordinal);
  return error == std::errc{} && stop == end ? ordinal : -1;
}

/// What the DaemonSet controller labels its pods with, and notes on the DaemonSet (apps/v1
/// DeprecatedTemplateGeneration): a DaemonSet's status names no revision.
bool HasTemplateGeneration(const Pod& pod, const Workload& workload) {
  const auto wanted = workload.meta.annotations.find("deprecated.daemonset.template.generation");
  const std::string* of_pod = LabelOf(pod.meta, "pod-template-generation");
  if (wanted == workload.meta.annotations.end() || of_pod == nullptr) return true;
  return *of_pod == wanted->second;
}

bool StaysAsItIs(const Pod& pod, const Workload& workload) {
  if (workload.strategy == "OnDelete") return true;
  return workload.partition > 0 && OrdinalOf(pod) < workload.partition;
}

}  // namespace

const std::string* LabelOf(const ObjectMeta& meta, std::string_view key) {
  const auto found = meta.labels.find(std::string(key));
  return found == meta.labels.end() ? nullptr : &found->second;
}

bool IsOfNewestRevision(const Pod& pod, const Workload& workload) {
  if (StaysAsItIs(pod, workload)) return true;
  if (workload.kind == "DaemonSet") return HasTemplateGeneration(pod, workload);
  const std::string* hash = LabelOf(pod.meta, "controller-revision-hash");
  if (workload.update_revision.empty() || hash == nullptr) return true;
  return *hash == workload.update_revision;
}

}  // namespace datafly::rollout

#include "common/core/rollout/owners.h"

#include <charconv>

namespace datafly::rollout {

namespace {

using kinds::ObjectMeta;
using kinds::Pod;
using kinds::Workload;

constexpr std::string_view kTemplateHash = "pod-template-hash";

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

/// The hash in the first quoted word that is a ReplicaSet's name of this Deployment.
std::string HashInWords(const std::string& message, const std::string& deployment) {
  const std::string start = fmt::format("\"{}-", deployment);
  const std::size_t at = message.find(start);
  if (at == std::string::npos) return {};
  const std::size_t from = at + start.size();
  const std::size_t end = message.find('"', from);
  if (end == std::string::npos) return {};
  std::string hash = message.substr(from, end - from);
  return hash.find('-') == std::string::npos ? hash : std::string();
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

std::string GuessDeployment(const ObjectMeta& pod) {
  const std::string* hash = LabelOf(pod, kTemplateHash);
  if (hash == nullptr || hash->empty() || !pod.controller || pod.controller->kind != "ReplicaSet")
    return {};
  const std::string& owner = pod.controller->name;
  const std::string ending = "-" + *hash;
  if (!owner.ends_with(ending) || owner.size() == ending.size()) return {};
  return "Deployment/" + owner.substr(0, owner.size() - ending.size());
}

std::string GuessNewestHash(const Workload& workload, const std::vector<const Pod*>& pods) {
  const kinds::Condition* progressing = FindCondition(workload.conditions, "Progressing");
  if (progressing != nullptr) {
    std::string hash = HashInWords(progressing->message, workload.meta.name);
    if (!hash.empty()) return hash;
  }
  const Pod* newest = nullptr;
  for (const Pod* pod : pods) {
    if (newest == nullptr || pod->meta.creation > newest->meta.creation) newest = pod;
  }
  const std::string* hash = newest == nullptr ? nullptr : LabelOf(newest->meta, kTemplateHash);
  return hash == nullptr ? std::string() : *hash;
}

}  // namespace datafly::rollout

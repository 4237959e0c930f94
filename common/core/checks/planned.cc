#include "common/core/checks/planned.h"

namespace datafly::checks {

namespace {

using kinds::Hpa;
using kinds::Pdb;
using kinds::Workload;

bool Scales(const Hpa& hpa, const Workload& workload) {
  return hpa.target_kind == workload.kind && hpa.target_name == workload.meta.name;
}

const Hpa* HpaOf(const std::vector<const Hpa*>& hpas, const Workload& workload) {
  for (const Hpa* hpa : hpas) {
    if (Scales(*hpa, workload)) return hpa;
  }
  return nullptr;
}

bool InNamespace(const kinds::ObjectMeta& meta, const Scope& scope) {
  return meta.name_space.empty() || meta.name_space == scope.name_space;
}

template <class T>
bool Names(const std::vector<T>& objects, const std::string& name) {
  return std::any_of(objects.begin(), objects.end(),
                     [&](const T& object) { return object.meta.name == name; });
}

template <class T>
void AddInNamespace(const std::vector<T>& objects, const Scope& scope, std::vector<const T*>& out) {
  for (const T& object : objects) {
    if (InNamespace(object.meta, scope)) out.push_back(&object);
  }
}

/// `list` names the member of Rendered that holds objects of this kind.
template <class T>
std::vector<const T*> Planned(const Facts& facts, const Fact<std::vector<T>>& live,
                              std::vector<T> Rendered::*list) {
  std::vector<const T*> out;
  if (facts.target) AddInNamespace(facts.target->rendered.*list, facts.scope, out);
  if (!live) return out;
  for (const T& object : *live) {
    const bool replaced =
        facts.target && (Names(facts.target->rendered.*list, object.meta.name) ||
                         (facts.release && Names(facts.release->rendered.*list, object.meta.name)));
    if (!replaced) out.push_back(&object);
  }
  return out;
}

const Workload* LiveOf(const Facts& facts, const Workload& planned) {
  if (!facts.workloads) return nullptr;
  for (const Workload& live : *facts.workloads) {
    if (live.kind == planned.kind && live.meta.name == planned.meta.name) return &live;
  }
  return nullptr;
}

}  // namespace

std::int64_t PlannedWorkload::LowestReplicas() const {
  if (hpa != nullptr) return hpa->min_replicas;
  if (workload->replicas) return *workload->replicas;
  return live != nullptr ? live->DesiredReplicas() : workload->DesiredReplicas();
}

std::int64_t PlannedWorkload::RolloutReplicas() const {
  if (hpa != nullptr && live != nullptr) return live->DesiredReplicas();
  return LowestReplicas();
}

std::vector<const Hpa*> PlannedHpas(const Input& input) {
  return Planned(input.facts, input.facts.hpas, &Rendered::hpas);
}

std::vector<const Pdb*> PlannedPdbs(const Input& input) {
  return Planned(input.facts, input.facts.pdbs, &Rendered::pdbs);
}

std::vector<PlannedWorkload> PlannedWorkloads(const Input& input) {
  const Facts& facts = input.facts;
  const auto hpas = PlannedHpas(input);
  std::vector<PlannedWorkload> out;
  if (facts.target) {
    for (const Workload& workload : facts.target->rendered.workloads) {
      if (!InNamespace(workload.meta, facts.scope)) continue;
      out.push_back({&workload, LiveOf(facts, workload), HpaOf(hpas, workload)});
    }
    return out;
  }
  for (const Workload* live : WorkloadsOfRelease(facts, input.profile.part_of_label)) {
    out.push_back({live, live, HpaOf(hpas, *live)});
  }
  return out;
}

std::int64_t UnavailablePods(const Workload& workload, std::int64_t replicas) {
  const std::int64_t surge = workload.max_surge.Resolve(replicas, true);
  const std::int64_t unavailable = workload.max_unavailable.Resolve(replicas, false);
  return surge == 0 && unavailable == 0 ? 1 : unavailable;
}

std::int64_t SurgePods(const Workload& workload, std::int64_t replicas) {
  const bool surges = workload.kind != "StatefulSet" && workload.strategy == "RollingUpdate";
  return surges ? std::max<std::int64_t>(0, workload.max_surge.Resolve(replicas, true)) : 0;
}

const Absence* MissingPlan(const Facts& facts) {
  if (facts.target || facts.workloads) return nullptr;
  return &facts.workloads.absence();
}

}  // namespace datafly::checks

#pragma once

#include <string>
#include <vector>

#include "common/core/kinds/pods.h"
#include "common/core/kinds/workloads.h"

/// Which pods are a workload's, and which of them are of its newest generation, by what pods and
/// workloads themselves say.
namespace datafly::rollout {

/// Of a StatefulSet or DaemonSet: whether a pod is as it should be today. Without anything to
/// compare with, every pod is; so are those that stay of an earlier revision by the workload's own
/// strategy (OnDelete, a StatefulSet's partition).
bool IsOfNewestRevision(const kinds::Pod& pod, const kinds::Workload& workload);

/// Without ReplicaSets: the Deployment ("Deployment/gateway") of a pod whose owner is a ReplicaSet
/// by the name of DEPLOYMENT-HASH, where HASH is the pod's own label pod-template-hash; else empty.
std::string GuessDeployment(const kinds::ObjectMeta& pod);

/// Without ReplicaSets: the pod-template-hash of the newest one, from the words of the condition
/// Progressing (`ReplicaSet "gateway-5d9c" is progressing.`), else that of the pod made last.
/// Empty: not known.
std::string GuessNewestHash(const kinds::Workload& workload,
                            const std::vector<const kinds::Pod*>& pods);

/// The label of that key, or null.
const std::string* LabelOf(const kinds::ObjectMeta& meta, std::string_view key);

}  // namespace datafly::rollout

#pragma once

#include <string>

#include "common/core/base/result.h"
#include "common/io/kube/kubeconfig_resolve.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// Whether we run in a pod with a service account: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT
/// and a token file.
bool InClusterPossible(const System& system);

/// The API server of the pod's cluster with its service account, under the flags that the selection
/// already holds.
void UseInCluster(const System& system, Selection& selection);

/// $POD_NAMESPACE, else the service account's namespace, else "".
std::string InClusterNamespace(const System& system);

}  // namespace datafly::kube

#pragma once

#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/io/kube/kubeconfig.h"
#include "common/io/kube/kubeconfig_model.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// One context with the flags laid over it: what client-go calls the merged cluster, user and
/// context.
struct Selection {
  std::string context_name;  ///< "" when none is chosen
  std::string cluster_name;
  std::string user_name;
  Kubeconfig::Cluster cluster;  ///< server may be empty: nothing names one
  Kubeconfig::User user;
  std::string name_space;  ///< of --namespace or the context; "" when neither gives one
};

/// Chooses context, cluster and user by flags and current-context. Names that do not exist are
/// errors with the known names and the nearest one as remedy.
Result<Selection> SelectContext(const Kubeconfig& config, const ConnectionFlags& flags);

/// client-go's validation of the chosen user and cluster ("invalid configuration: …"), except for a
/// missing server. Reads the named files to see whether they are readable.
Result<void> ValidateSelection(const Selection& selection, const FileSystem& files);

/// Why there is no server to talk to: nothing configured, no context chosen, or a cluster without a
/// server. Call it when Selection::cluster.server is empty.
Error ExplainMissingServer(const Kubeconfig& config, const Selection& selection,
                           const std::vector<std::string>& looked_for);

}  // namespace datafly::kube

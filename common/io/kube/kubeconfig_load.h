#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/base/result.h"
#include "common/io/kube/kubeconfig_model.h"
#include "common/io/system/system.h"

namespace datafly::kube {

/// Where kubectl would look, in this order.
struct KubeconfigPaths {
  std::vector<std::string> paths;
  bool explicit_path =
      false;  ///< --kubeconfig: the one file must exist; else missing files are skipped
};

/// --kubeconfig, else $KUBECONFIG (split on ':', empty entries and repetitions dropped), else
/// $HOME/.kube/config.
KubeconfigPaths FindKubeconfigPaths(const std::optional<std::string>& flag,
                                    const Environment& environment);

struct LoadedKubeconfig {
  Kubeconfig config;
  std::vector<std::string> missing;  ///< files that were looked for and do not exist
};

/// Reads and merges the files: the first file to define a name wins whole; the first
/// current-context that is not empty wins. Relative paths inside a file become relative to its
/// folder. A file that cannot be read or understood is an error, after all files have been tried
/// (all are named).
Result<LoadedKubeconfig> LoadKubeconfig(const KubeconfigPaths& paths, const FileSystem& files);

/// `path` as seen from the folder of `origin`; absolute paths and "" stay.
std::string ResolveBeside(const std::string& origin, const std::string& path);

}  // namespace datafly::kube

#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

struct Taint {
  std::string key;
  std::string effect;  ///< NoSchedule, PreferNoSchedule, NoExecute
};

struct Node {
  ObjectMeta meta;
  ResourceList capacity;
  ResourceList allocatable;
  bool unschedulable = false;
  std::vector<Taint> taints;
  std::vector<Condition> conditions;
  std::string os;            ///< "linux"
  std::string architecture;  ///< "amd64"
  std::string kubelet_version;
  std::string container_runtime;
};

struct ResourceQuota {
  ObjectMeta meta;
  std::vector<std::string> scopes;
  bool has_scope_selector = false;
  ResourceList hard;  ///< status.hard
  ResourceList used;  ///< status.used
};

/// GET /version.
struct ServerVersion {
  std::string git_version;  ///< "v1.36.3"
  std::string platform;
};

}  // namespace datafly::kinds

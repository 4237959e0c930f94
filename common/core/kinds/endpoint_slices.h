#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// discovery.k8s.io/v1 EndpointSlice: which pods of a Service take traffic.
struct Endpoint {
  std::string pod;  ///< targetRef.name, when it names a Pod
  bool ready = true;
};
struct EndpointSlice {
  ObjectMeta meta;
  std::string service;  ///< label kubernetes.io/service-name
  std::vector<Endpoint> endpoints;
};

}  // namespace datafly::kinds

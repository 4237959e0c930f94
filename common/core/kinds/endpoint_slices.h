#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// discovery.k8s.io/v1 EndpointSlice, counted: how many addresses of a Service take traffic.
struct EndpointSlice {
  ObjectMeta meta;
  std::string service;  ///< label kubernetes.io/service-name
  std::int64_t ready = 0;
  std::int64_t not_ready = 0;
};

}  // namespace datafly::kinds

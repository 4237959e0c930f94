#pragma once

#include "common/core/kinds/cluster.h"
#include "common/core/kinds/endpoint_slices.h"
#include "common/core/kinds/events.h"
#include "common/core/kinds/ingress.h"
#include "common/core/kinds/json_value.h"
#include "common/core/kinds/pods.h"
#include "common/core/kinds/replica_sets.h"
#include "common/core/kinds/workloads.h"

/// One item of a list, by kind; each is defined beside the readers of its parts. Private to the
/// decoders.
namespace datafly::kinds {

void ReadItem(const json::Value& item, Pod& out);
void ReadItem(const json::Value& item, Workload& out);  ///< out.kind says what it is
void ReadItem(const json::Value& item, Hpa& out);
void ReadItem(const json::Value& item, Pdb& out);
void ReadItem(const json::Value& item, ResourceQuota& out);
void ReadItem(const json::Value& item, Node& out);
void ReadItem(const json::Value& item, ServerVersion& out);
void ReadItem(const json::Value& item, Event& out);
void ReadItem(const json::Value& item, ReplicaSet& out);
void ReadItem(const json::Value& item, EndpointSlice& out);
void ReadItem(const json::Value& item, Ingress& out);

}  // namespace datafly::kinds

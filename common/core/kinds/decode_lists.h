#pragma once

#include "common/core/kinds/cluster.h"
#include "common/core/kinds/json_value.h"
#include "common/core/kinds/pods.h"
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

}  // namespace datafly::kinds

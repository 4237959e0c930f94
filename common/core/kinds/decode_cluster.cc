#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

static void ReadJson(const Value& value, Taint& out) {
  value.Field("key", out.key);
  value.Field("effect", out.effect);
}

namespace {

void ReadNodeStatus(const Value& status, Node& out) {
  status.Field("capacity", out.capacity);
  status.Field("allocatable", out.allocatable);
  status.Field("conditions", out.conditions);
  const auto info = status.Child("nodeInfo");
  if (!info) return;
  info->Field("operatingSystem", out.os);
  info->Field("architecture", out.architecture);
  info->Field("kubeletVersion", out.kubelet_version);
  info->Field("containerRuntimeVersion", out.container_runtime);
}

}  // namespace

void ReadItem(const Value& item, Node& out) {
  item.Field("metadata", out.meta);
  if (const auto spec = item.Child("spec")) {
    spec->Field("unschedulable", out.unschedulable);
    spec->Field("taints", out.taints);
  }
  if (const auto status = item.Child("status")) ReadNodeStatus(*status, out);
}

void ReadItem(const Value& item, ResourceQuota& out) {
  item.Field("metadata", out.meta);
  if (const auto spec = item.Child("spec")) {
    spec->Field("scopes", out.scopes);
    out.has_scope_selector = spec->Has("scopeSelector");
  }
  if (const auto status = item.Child("status")) {
    status->Field("hard", out.hard);
    status->Field("used", out.used);
  }
}

void ReadItem(const Value& item, ServerVersion& out) {
  item.Field("gitVersion", out.git_version);
  item.Field("platform", out.platform);
  if (out.git_version.empty()) item.Expected("the version of an API server (gitVersion)");
}

}  // namespace datafly::kinds

#include "common/core/diff/restarts.h"

#include <fmt/format.h>

#include <algorithm>

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

const Json* Find(const Json& object, const Json::json_pointer& at) {
  return object.is_object() && object.contains(at) ? &object[at] : nullptr;
}

/// What a field is after the upgrade: as rendered; nothing when the chart no longer has it; else
/// what stands in the cluster.
Json After(const WorkloadSides& sides, const char* path) {
  const Json::json_pointer at(path);
  if (const Json* rendered = Find(sides.after, at)) return *rendered;
  if (Find(sides.before, at) != nullptr || sides.live == nullptr) return {};
  const Json* live = Find(*sides.live, at);
  return live == nullptr ? Json() : *live;
}

std::optional<std::size_t> CountOf(const Json& number) {
  if (!number.is_number_integer() || number < 0) return std::nullopt;
  return number.get<std::size_t>();
}

/// The pods that run now.
std::optional<std::size_t> LivePods(const WorkloadSides& sides) {
  const Json* replicas = nullptr;
  if (sides.live != nullptr) replicas = Find(*sides.live, Json::json_pointer("/spec/replicas"));
  return replicas == nullptr ? std::nullopt : CountOf(*replicas);
}

std::string InWords(std::optional<std::size_t> pods) {
  if (!pods) return "its pods are replaced";
  if (*pods == 0) return "no pod of it runs now";
  return *pods == 1 ? "its 1 pod is replaced" : fmt::format("its {} pods are replaced", *pods);
}

/// The pods of a lower ordinal stay (spec.updateStrategy.rollingUpdate.partition).
Restart Above(std::size_t partition, std::optional<std::size_t> pods) {
  if (pods) pods = *pods - std::min(*pods, partition);
  const std::string those = pods ? fmt::format(" ({} now)", *pods) : std::string();
  return {pods,
          fmt::format("updateStrategy has partition {}: only its pods from that ordinal on are "
                      "replaced{}",
                      partition, those)};
}

}  // namespace

bool RunsPods(std::string_view kind) {
  return kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet" ||
         kind == "ReplicaSet";
}

Restart RestartOf(std::string_view kind, const WorkloadSides& sides) {
  const auto pods = LivePods(sides);
  if (kind == "ReplicaSet")
    return {0, "a ReplicaSet replaces no pod: each keeps the old template until it is deleted"};
  if (kind == "Deployment") {
    if (After(sides, "/spec/paused") == Json(true))
      return {0, "it is paused: its pods are replaced once it is resumed"};
    return {pods, InWords(pods)};
  }
  if (After(sides, "/spec/updateStrategy/type") == Json("OnDelete"))
    return {0, "updateStrategy is OnDelete: each pod keeps the old template until it is deleted"};
  const auto partition = CountOf(After(sides, "/spec/updateStrategy/rollingUpdate/partition"));
  if (kind == "StatefulSet" && partition.value_or(0) > 0) return Above(*partition, pods);
  return {pods, InWords(pods)};
}

}  // namespace datafly::diff

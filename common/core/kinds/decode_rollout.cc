#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"

/// The kinds that following a rollout needs beside workloads and pods.
namespace datafly::kinds {

using json::Value;

static void ReadJson(const Value& value, InvolvedObject& out) {
  value.Field("kind", out.kind);
  value.Field("name", out.name);
  value.Field("uid", out.uid);
  value.Field("fieldPath", out.field_path);
}

/// EndpointConditions.ready is a *bool: "nil should be interpreted as true".
static void ReadJson(const Value& value, Endpoint& out) {
  if (const auto conditions = value.Child("conditions")) conditions->Field("ready", out.ready);
  InvolvedObject target;
  value.Field("targetRef", target);
  if (target.kind == "Pod") out.pod = std::move(target.name);
}

namespace {

void Widen(const std::optional<Time>& time, Event& out) {
  if (!time) return;
  out.first_seen = out.first_seen ? std::min(*out.first_seen, *time) : *time;
  out.last_seen = out.last_seen ? std::max(*out.last_seen, *time) : *time;
}

void ReadTime(const Value& value, std::string_view key, Event& out) {
  std::optional<Time> time;
  value.Field(key, time);
  Widen(time, out);
}

void ReadSeries(const Value& series, Event& out) {
  series.Field("count", out.count);
  ReadTime(series, "lastObservedTime", out);
}

}  // namespace

void ReadItem(const Value& item, Event& out) {
  item.Field("metadata", out.meta);
  item.Field("type", out.type);
  item.Field("reason", out.reason);
  ReadWords(item, "message", out.message);
  item.Field("involvedObject", out.involved);
  item.Field("count", out.count);
  for (const std::string_view key : {"firstTimestamp", "lastTimestamp", "eventTime"}) {
    ReadTime(item, key, out);
  }
  if (const auto series = item.Child("series")) ReadSeries(*series, out);
  Widen(out.first_seen ? std::nullopt : std::optional<Time>(out.meta.creation), out);
}

void ReadItem(const Value& item, ReplicaSet& out) {
  item.Field("metadata", out.meta);
  if (const auto spec = item.Child("spec")) spec->Field("replicas", out.replicas);
  if (const auto status = item.Child("status")) {
    status->Field("observedGeneration", out.observed_generation);
    status->Field("replicas", out.status_replicas);
    status->Field("readyReplicas", out.ready_replicas);
    status->Field("availableReplicas", out.available_replicas);
    status->Field("conditions", out.conditions);
  }
}

void ReadItem(const Value& item, EndpointSlice& out) {
  item.Field("metadata", out.meta);
  if (const auto found = out.meta.labels.find("kubernetes.io/service-name");
      found != out.meta.labels.end()) {
    out.service = found->second;
  }
  item.Field("endpoints", out.endpoints);
}

std::string_view ContainerOf(const Event& event) {
  const std::string_view path = event.involved.field_path;
  const std::size_t open = path.find('{');
  if (open == std::string_view::npos || !path.ends_with('}')) return {};
  return path.substr(open + 1, path.size() - open - 2);
}

}  // namespace datafly::kinds

#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

static void ReadJson(const Value& value, ContainerState& out) {
  if (const auto waiting = value.Child("waiting")) {
    out.kind = ContainerState::Kind::Waiting;
    waiting->Field("reason", out.reason);
    ReadWords(*waiting, "message", out.message);
  } else if (const auto running = value.Child("running")) {
    out.kind = ContainerState::Kind::Running;
    running->Field("startedAt", out.started_at);
  } else if (const auto terminated = value.Child("terminated")) {
    out.kind = ContainerState::Kind::Terminated;
    terminated->Field("reason", out.reason);
    ReadWords(*terminated, "message", out.message);
    terminated->Field("exitCode", out.exit_code);
    terminated->Field("signal", out.signal);
    terminated->Field("startedAt", out.started_at);
    terminated->Field("finishedAt", out.finished_at);
  }
}

static void ReadJson(const Value& value, ContainerStatus& out) {
  value.Field("name", out.name);
  value.Field("image", out.image);
  value.Field("imageID", out.image_id);
  value.Field("ready", out.ready);
  value.Field("started", out.started);
  value.Field("restartCount", out.restart_count);
  value.Field("state", out.state);
  value.Field("lastState", out.last_state);
}

namespace {

bool IsSidecar(const PodTemplate& spec, std::string_view name) {
  return std::any_of(spec.init_containers.begin(), spec.init_containers.end(),
                     [&](const ContainerSpec& c) { return c.name == name && c.restart_always; });
}

/// A status for each container of the spec, in the order of the status lists; init containers
/// first.
void ReadContainerStatuses(const Value& status, const PodTemplate& spec,
                           std::vector<ContainerStatus>& out) {
  status.Field("initContainerStatuses", out);
  for (ContainerStatus& init : out) {
    init.init = true;
    init.restart_always = IsSidecar(spec, init.name);
  }
  status.Field("containerStatuses", out);
}

/// Pod-level requests (KEP-2837) stand in for the sum of the containers; the overhead of the
/// RuntimeClass comes on top.
void ReadEffectiveRequests(const Value& spec, const PodTemplate& containers, ResourceList& out) {
  out = containers.EffectiveRequests();
  if (const auto resources = spec.Child("resources")) resources->Field("requests", out);
  ResourceList overhead;
  spec.Field("overhead", overhead);
  for (const auto& [name, amount] : overhead) out[name] += amount;
}

}  // namespace

static void ReadJson(const Value& value, Pod& out) {
  value.Field("metadata", out.meta);
  PodTemplate containers;
  if (const auto spec = value.Child("spec")) {
    spec->Field("nodeName", out.node);
    ReadRequests(*spec, containers);
    ReadEffectiveRequests(*spec, containers, out.requests);
  }
  if (const auto status = value.Child("status")) {
    status->Field("phase", out.phase);
    status->Field("reason", out.reason);
    ReadWords(*status, "message", out.message);
    status->Field("startTime", out.start_time);
    status->Field("conditions", out.conditions);
    ReadContainerStatuses(*status, containers, out.containers);
  }
}

void ReadItem(const Value& item, Pod& out) { ReadJson(item, out); }

}  // namespace datafly::kinds

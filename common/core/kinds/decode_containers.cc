#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

static void ReadJson(const Value& value, Probe& out) {
  for (const std::string_view handler : {"httpGet", "tcpSocket", "exec", "grpc"}) {
    if (value.Has(handler)) out.handler = handler;
  }
  value.Field("initialDelaySeconds", out.initial_delay_seconds);
  value.Field("periodSeconds", out.period_seconds);
  value.Field("timeoutSeconds", out.timeout_seconds);
  value.Field("failureThreshold", out.failure_threshold);
  value.Field("successThreshold", out.success_threshold);
}

namespace {

void ReadEssentials(const Value& container, ContainerSpec& out) {
  container.Field("name", out.name);
  std::string policy;
  container.Field("restartPolicy", policy);
  out.restart_always = policy == "Always";
  if (const auto resources = container.Child("resources")) {
    resources->Field("requests", out.requests);
  }
}

/// A limit without a request is a request (the API server defaults it so; a rendered manifest is
/// not defaulted yet).
void ReadLimits(const Value& container, ContainerSpec& out) {
  if (const auto resources = container.Child("resources")) resources->Field("limits", out.limits);
  for (const auto& [name, amount] : out.limits) out.requests.try_emplace(name, amount);
}

}  // namespace

void ReadRequests(const Value& pod_spec, PodTemplate& out) {
  const auto read_list = [&](std::string_view key, std::vector<ContainerSpec>& list) {
    pod_spec.ForEachIn(key, [&](const Value& container) {
      if (!container.session().Spend(sizeof(ContainerSpec))) return;
      ReadEssentials(container, list.emplace_back());
    });
  };
  read_list("initContainers", out.init_containers);
  read_list("containers", out.containers);
}

void ReadJson(const Value& value, ContainerSpec& out) {
  ReadEssentials(value, out);
  ReadLimits(value, out);
  value.Field("image", out.image);
  value.Field("readinessProbe", out.readiness);
  value.Field("livenessProbe", out.liveness);
  value.Field("startupProbe", out.startup);
  if (const auto lifecycle = value.Child("lifecycle")) out.has_pre_stop = lifecycle->Has("preStop");
  value.ForEachIn("env", [&](const Value& variable) {
    if (!variable.session().Spend(sizeof(std::string))) return;
    variable.Field("name", out.env_names.emplace_back());  // never the value
  });
}

}  // namespace datafly::kinds

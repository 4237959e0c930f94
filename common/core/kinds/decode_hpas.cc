#include "common/core/kinds/decode_lists.h"
#include "common/core/kinds/decode_readers.h"

namespace datafly::kinds {

using json::Value;

namespace {

/// The wanted value of a metric and how it is meant: "80%" of the requests, "500Mi" per pod, or of
/// the whole.
struct Target {
  std::string text = "<unknown>";
  bool average = true;
};

Target ReadTarget(const Value& source) {
  Target target;
  const auto json = source.Child("target");
  if (!json) return target;
  if (json->Has("averageUtilization")) {
    std::int64_t percent = 0;
    json->Field("averageUtilization", percent);
    target.text = fmt::format("{}%", percent);
  } else if (json->Has("averageValue")) {
    json->Field("averageValue", target.text);
  } else {
    json->Field("value", target.text);
    target.average = false;
  }
  return target;
}

std::string MetricName(const Value& source) {
  std::string name;
  if (const auto metric = source.Child("metric")) metric->Field("name", name);
  return name;
}

std::string DescribeResource(const Value& source) {
  std::string name;
  std::string container;
  source.Field("name", name);
  source.Field("container", container);
  const Target target = ReadTarget(source);
  if (container.empty()) return fmt::format("{} {}", name, target.text);
  return fmt::format("{} of container \"{}\" {}", name, container, target.text);
}

std::string DescribePods(const Value& source) {
  return fmt::format("\"{}\" on pods {}", MetricName(source), ReadTarget(source).text);
}

std::string DescribeObject(const Value& source) {
  std::string kind;
  std::string name;
  if (const auto object = source.Child("describedObject")) {
    object->Field("kind", kind);
    object->Field("name", name);
  }
  const Target target = ReadTarget(source);
  return fmt::format("\"{}\" on {}/{} (target {}) {}", MetricName(source), kind, name,
                     target.average ? "average value" : "value", target.text);
}

std::string DescribeExternal(const Value& source) {
  const Target target = ReadTarget(source);
  return fmt::format("\"{}\" (target {}) {}", MetricName(source),
                     target.average ? "average value" : "value", target.text);
}

/// The words of kubectl's describeHorizontalPodAutoscalerV2, the target alone.
std::string DescribeMetric(const Value& metric) {
  if (const auto source = metric.Child("resource")) return DescribeResource(*source);
  if (const auto source = metric.Child("containerResource")) return DescribeResource(*source);
  if (const auto source = metric.Child("pods")) return DescribePods(*source);
  if (const auto source = metric.Child("object")) return DescribeObject(*source);
  if (const auto source = metric.Child("external")) return DescribeExternal(*source);
  std::string type;
  metric.Field("type", type);
  return fmt::format("<unknown metric type {}>", type);
}

void ReadSpec(const Value& spec, Hpa& out) {
  if (const auto target = spec.Child("scaleTargetRef")) {
    target->Field("kind", out.target_kind);
    target->Field("name", out.target_name);
  }
  spec.Field("minReplicas", out.min_replicas);
  spec.Field("maxReplicas", out.max_replicas);
  spec.ForEachIn("metrics", [&](const Value& metric) {
    if (metric.session().Spend(sizeof(std::string))) out.metrics.push_back(DescribeMetric(metric));
  });
  std::int64_t cpu_percent = 0;  // autoscaling/v1, in rendered manifests
  spec.Field("targetCPUUtilizationPercentage", cpu_percent);
  if (cpu_percent > 0) out.metrics.push_back(fmt::format("cpu {}%", cpu_percent));
}

}  // namespace

void ReadItem(const Value& item, Hpa& out) {
  item.Field("metadata", out.meta);
  if (const auto spec = item.Child("spec")) ReadSpec(*spec, out);
  if (const auto status = item.Child("status")) {
    status->Field("currentReplicas", out.current_replicas);
    status->Field("desiredReplicas", out.desired_replicas);
    status->Field("conditions", out.conditions);
  }
}

}  // namespace datafly::kinds

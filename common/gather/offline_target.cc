#include "common/gather/offline_target.h"

#include <nlohmann/json.hpp>

#include "common/core/charts/metadata.h"
#include "common/core/manifest/yaml.h"
#include "common/io/helm/helm_output.h"

namespace datafly::gather {
namespace {

using Json = nlohmann::json;

/// What Chart.yaml says of a chart; its files stay what they are.
Result<void> ReadChartYaml(std::string_view text, const helm::RenderRequest& request,
                           release::ChartInfo& chart) {
  ASSIGN_OR_RETURN(const Json yaml, yaml::ParseDocument(text));
  const auto metadata = charts::ReadMetadata(yaml);
  if (!metadata)
    return Fail(Error::Protocol("helm show chart tells no version",
                                helm::ByHand({"show", "chart", request.ShownChart()}, {})));
  chart.name = metadata->name;
  chart.version = metadata->version;
  chart.app_version = metadata->app_version;
  chart.kube_version = metadata->kube_version;
  const Json home = yaml.value("home", Json());
  chart.home = home.is_string() ? home.get<std::string>() : "";
  chart.annotations.clear();
  const Json annotations = yaml.value("annotations", Json());
  if (!annotations.is_object()) return {};
  for (const auto& [key, value] : annotations.items())
    if (value.is_string()) chart.annotations.emplace_back(key, value.get<std::string>());
  return {};
}

}  // namespace

Result<release::ReleaseRecord> RenderOffline(Io& io, HelmRendering& rendering,
                                             const release::ReleaseRecord* today) {
  rendering.StartOffline(today);
  auto shown =
      helm::StartShowChart(io.system.processes, rendering.request(), rendering.environment());
  ASSIGN_OR_RETURN(auto record, rendering.Wait(today));
  TRY(io.loop.Wait(io.deadline, shown));
  ASSIGN_OR_RETURN(const std::string chart, shown.Take());
  TRY(ReadChartYaml(chart, rendering.request(), record.chart));
  return record;
}

void KnowOnlyTheManifest(TargetFacts& facts) {
  facts.crds =
      Absence{AbsenceKind::NotAvailable, "the release is pending: helm template tells no CRDs", {}};
  facts.values = {};
}

}  // namespace datafly::gather

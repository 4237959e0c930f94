#include "common/core/charts/offer.h"

#include <nlohmann/json.hpp>

#include "common/core/charts/metadata.h"

namespace datafly::charts {
namespace {

using nlohmann::json;

std::string TextOf(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  // A person writes appVersion: 1.16 without quotes.
  return found->is_number() ? found->dump() : std::string();
}

std::optional<Time> TimeOf(const json& object, const char* key) {
  const auto time = ParseTime(TextOf(object, key));
  if (!time) return std::nullopt;
  return *time;
}

}  // namespace

std::optional<ChartMetadata> ReadMetadata(const json& chart) {
  if (!chart.is_object()) return std::nullopt;
  ChartMetadata metadata;
  metadata.name = TextOf(chart, "name");
  metadata.version = TextOf(chart, "version");
  metadata.app_version = TextOf(chart, "appVersion");
  metadata.kube_version = TextOf(chart, "kubeVersion");
  metadata.created = TimeOf(chart, "created");
  const auto deprecated = chart.find("deprecated");
  metadata.deprecated =
      deprecated != chart.end() && deprecated->is_boolean() && deprecated->get<bool>();
  if (metadata.version.empty()) return std::nullopt;
  return metadata;
}

Result<ChartMetadata> ParseChartConfig(std::string_view text) {
  auto metadata = ReadMetadata(json::parse(text, nullptr, /*allow_exceptions=*/false));
  if (!metadata) return Fail(Error::Protocol("the chart's config is not a Chart.yaml as JSON"));
  return *std::move(metadata);
}

std::vector<Offer> OffersOfTags(const std::vector<std::string>& tags) {
  std::vector<Offer> offers;
  for (std::string tag : tags) {
    std::replace(tag.begin(), tag.end(), '_', '+');
    auto version = SemVer::Parse(tag);
    // A tag "v1.2.0" is no version to Helm, which asks for the tag that it is given.
    if (version && version->ToString() == tag) offers.push_back({*std::move(version), {}});
  }
  return offers;
}

std::string TagOf(const SemVer& version) {
  std::string tag = version.ToString();
  std::replace(tag.begin(), tag.end(), '+', '_');
  return tag;
}

}  // namespace datafly::charts

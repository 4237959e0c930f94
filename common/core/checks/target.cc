#include "common/core/checks/target.h"

#include "common/core/base/text.h"

namespace datafly::checks {

namespace {

/// A folder, an archive, repo/name or oci://…; not a version and not "latest".
bool IsChart(std::string_view requested) {
  return requested.find('/') != std::string_view::npos || requested.ends_with(".tgz");
}

/// A folder or an archive is one version; a reference that ends in ":1.4.0" names it.
bool TakesVersion(std::string_view chart) {
  if (chart.starts_with("oci://"))
    return chart.find(':', chart.rfind('/')) == std::string_view::npos;
  return !chart.ends_with(".tgz") && !chart.starts_with('.') && !chart.starts_with('/');
}

}  // namespace

std::string ChartArguments(const TargetFacts& target, const Profile& profile) {
  std::string chart = IsChart(target.requested) ? target.requested : profile.chart_ref;
  std::string arguments = ShellQuote(chart);
  if (TakesVersion(chart)) arguments += " --version " + ShellQuote(target.chart_version);
  if (profile.registry_plain_http && chart.starts_with("oci://")) arguments += " --plain-http";
  return arguments;
}

std::string ChartObject(const TargetFacts& target) {
  return fmt::format("chart {} {}", target.chart_name, target.chart_version);
}

}  // namespace datafly::checks

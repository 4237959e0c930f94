#include "common/core/charts/versions.h"

namespace datafly::charts {

Chosen ChooseOffers(std::vector<Offer> offers, const Choice& choice) {
  // Builds of one version are told apart by their text alone.
  const auto newer = [](const Offer& a, const Offer& b) {
    const int order = Compare(a.version, b.version);
    return order != 0 ? order > 0 : a.version.build > b.version.build;
  };
  std::stable_sort(offers.begin(), offers.end(), newer);
  Chosen chosen;
  for (Offer& offer : offers) {
    const bool is_newer = !choice.today || *choice.today < offer.version;
    if (!is_newer && !choice.all) continue;
    if (!chosen.offers.empty() &&
        chosen.offers.back().version.ToString() == offer.version.ToString())
      continue;
    if (offer.version.prerelease.empty() || choice.prereleases)
      chosen.offers.push_back(std::move(offer));
    else if (is_newer)
      ++chosen.hidden_prereleases;
  }
  return chosen;
}

Runs RunsOn(const ChartMetadata& chart, const std::string& server) {
  if (chart.kube_version.empty()) return Runs::Yes;
  const auto range = SemVerRange::Parse(chart.kube_version);
  const auto version = SemVer::Parse(server);
  if (!range || !version) return Runs::Unknown;
  return range->Contains(*version) ? Runs::Yes : Runs::No;
}

}  // namespace datafly::charts

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/charts/offer.h"

namespace datafly::charts {

/// Which of the versions offered are shown.
struct Choice {
  std::optional<SemVer> today;  ///< of the release; nothing = not known, and all count as newer
  bool all = false;             ///< older ones, too
  bool prereleases = false;
};

struct Chosen {
  std::vector<Offer> offers;           ///< newest first, each version once
  std::size_t hidden_prereleases = 0;  ///< newer than today
};
Chosen ChooseOffers(std::vector<Offer> offers, const Choice& choice);

/// Whether a version may run on a cluster, by the chart's own range.
enum class Runs { Yes, No, Unknown };
/// `server` as the API server says it ("v1.31.2+k3s1"), "" when not known. A range or a version
/// that cannot be read is Unknown; no range at all is Yes.
Runs RunsOn(const ChartMetadata& chart, const std::string& server);

}  // namespace datafly::charts

#include "common/gather/target_chart.h"

namespace datafly::gather {
namespace {

constexpr std::string_view kOci = "oci://";

bool LooksLikeVersion(const std::string& text) {
  return SemVer::Parse(text).has_value() && text.find('/') == std::string::npos;
}

ChartChoice SplitOci(const std::string& reference) {
  const auto slash = reference.rfind('/');
  const auto colon = reference.rfind(':');
  if (colon == std::string::npos || colon < slash) return {reference, {}, ChartChoice::Newest::No};
  return {reference.substr(0, colon), reference.substr(colon + 1), ChartChoice::Newest::No};
}

bool Within(ChartChoice::Newest bound, const SemVer& version, const SemVer& today) {
  switch (bound) {
    case ChartChoice::Newest::SameMinor:
      return version.major == today.major && version.minor == today.minor;
    case ChartChoice::Newest::SameMajor:
      return version.major == today.major;
    default:
      return true;
  }
}

}  // namespace

ChartChoice ChooseChart(const std::string& to, const Profile& profile) {
  if (to == "latest") return {profile.chart_ref, {}, ChartChoice::Newest::Any};
  if (to == "latest-minor") return {profile.chart_ref, {}, ChartChoice::Newest::SameMajor};
  if (to == "latest-patch") return {profile.chart_ref, {}, ChartChoice::Newest::SameMinor};
  if (LooksLikeVersion(to)) return {profile.chart_ref, to, ChartChoice::Newest::No};
  if (to.rfind(kOci, 0) == 0) return SplitOci(to);
  return {to, {}, ChartChoice::Newest::No};
}

std::optional<std::string> NewestTag(const std::vector<std::string>& tags,
                                     ChartChoice::Newest bound, const SemVer& today) {
  std::optional<SemVer> best;
  for (const std::string& tag : tags) {
    const auto version = SemVer::Parse(tag);
    if (!version || !version->prerelease.empty() || !Within(bound, *version, today)) continue;
    if (!best || *best < *version) best = *version;
  }
  if (!best || *best < today) return std::nullopt;
  return best->ToString();
}

}  // namespace datafly::gather

#include "common/core/release/values_rule.h"

#include <algorithm>

#include "common/core/base/text.h"
#include "common/core/release/values.h"

namespace datafly::release {
namespace {

using Keys = std::vector<std::string>;
using Rule = ValuesStep::Rule;

constexpr std::size_t kMostNamed = 8;

/// "a.b, c, and 3 more"
std::string InWords(const Keys& keys) {
  Keys first(std::min(keys.size(), kMostNamed));
  std::copy_n(keys.begin(), first.size(), first.begin());
  std::string text = fmt::format("{}", fmt::join(first, ", "));
  if (keys.size() > kMostNamed) text += fmt::format(", and {} more", keys.size() - kMostNamed);
  return text;
}

Keys Without(const Keys& keys, const Keys& others) {
  Keys left;
  for (const std::string& key : keys) {
    if (std::find(others.begin(), others.end(), key) == others.end()) left.push_back(key);
  }
  return left;
}

/// Whether the release's own values go into the upgrade's. Without --reset-values and without any
/// value that is given they do, whole.
bool TakesOwn(const ValuesStep& step) {
  if (step.rule == Rule::Reset) return false;
  return step.rule != Rule::Default || !step.gives_values;
}

/// What the release sets today and the upgrade would not. Where its values are taken, only the user
/// takes something away (null).
void TellLost(const ValuesStep& step, std::vector<std::string>& told) {
  if (TakesOwn(step)) return;
  const Keys lost = NewKeys(step.target_json, step.deployed_json);
  if (lost.empty()) return;
  const std::string_view why =
      step.rule == Rule::Reset ? "--reset-values drops them"
                               : "Helm drops a release's own values as soon as others are given";
  told.push_back(fmt::format(
      "lost: {} (set in revision {}, and not given now; {}). --reset-then-reuse-values keeps them",
      InWords(lost), step.deployed_revision, why));
}

/// What a later revision, one that failed, had set otherwise: Helm goes on from the deployed one.
void TellRevived(const ValuesStep& step, std::vector<std::string>& told) {
  if (!step.newest_json || !TakesOwn(step)) return;
  const Keys revived = Without(DifferingKeys(*step.newest_json, step.deployed_json),
                               DifferingKeys(step.deployed_json, step.target_json));
  if (revived.empty()) return;
  told.push_back(fmt::format(
      "revived: {} (revision {} had set them otherwise and is not deployed; Helm takes the values "
      "of revision {}). Give them anew if they are meant",
      InWords(revived), step.newest_revision, step.deployed_revision));
}

/// --reuse-values lays the given values over those of today's chart: the new chart's defaults do
/// not count at all.
void TellOldDefaults(const ValuesStep& step, std::vector<std::string>& told) {
  if (step.rule != Rule::Reuse) return;
  constexpr std::string_view kInstead = "--reset-then-reuse-values takes the new chart's defaults";
  if (!step.new_defaults_json) {
    told.push_back(fmt::format(
        "--reuse-values keeps the defaults of today's chart; what the new chart's are is not "
        "known. {}",
        kInstead));
    return;
  }
  const auto today = CoalesceValues(step.old_defaults_json, step.deployed_json);
  if (!today) return;
  const auto with_old = CoalesceValues(*today, step.target_json);
  const auto with_new = CoalesceValues(*step.new_defaults_json, step.target_json);
  if (!with_old || !with_new) return;
  const Keys missing = NewKeys(*with_old, *with_new);
  const Keys gone = NewKeys(*with_new, *with_old);
  const Keys old = Without(Without(DifferingKeys(*with_old, *with_new), missing), gone);
  if (!missing.empty())
    told.push_back(
        fmt::format("lost: the new chart's defaults of {}, which --reuse-values leaves "
                    "unset. {}",
                    InWords(missing), kInstead));
  if (!old.empty())
    told.push_back(
        fmt::format("revived: today's defaults of {}, which the new chart has changed. "
                    "{}",
                    InWords(old), kInstead));
}

}  // namespace

std::vector<std::string> TellValuesRule(const ValuesStep& step) {
  std::vector<std::string> told;
  TellLost(step, told);
  TellRevived(step, told);
  TellOldDefaults(step, told);
  return told;
}

}  // namespace datafly::release

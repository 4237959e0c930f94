#pragma once

#include <optional>
#include <string>
#include <vector>

/// Helm's rule for the values of an upgrade (helm pkg/action/upgrade.reuseValues), told in words:
/// by it an upgrade can lose or revive what nobody meant to change. Only keys are told, no values.
namespace datafly::release {

/// All values are JSON texts of objects.
struct ValuesStep {
  enum class Rule {
    Default,         ///< the release's own when none are given, else the given ones alone
    Reuse,           ///< --reuse-values: over the values of today's chart, not of the new one
    ResetThenReuse,  ///< --reset-then-reuse-values: the new chart's, the release's own over them
    Reset            ///< --reset-values: the given ones alone
  } rule = Rule::Default;
  bool gives_values = false;  ///< by -f, --set or one of its kin
  std::string deployed_json;  ///< the user's, of the revision that Helm takes them from
  std::int64_t deployed_revision = 0;
  std::optional<std::string> newest_json;  ///< the user's, of a later one that is not deployed
  std::int64_t newest_revision = 0;
  std::string target_json;        ///< the user's, as the upgrade would record them
  std::string old_defaults_json;  ///< of today's chart
  /// Of the new chart; nothing: not known, then --reuse-values is told in general.
  std::optional<std::string> new_defaults_json;
};

/// One sentence for each thing that is lost or revived, with the way to keep it; empty when the
/// rule takes nothing away.
std::vector<std::string> TellValuesRule(const ValuesStep& step);

}  // namespace datafly::release

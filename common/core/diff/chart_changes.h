#pragma once

#include <string_view>
#include <vector>

#include "common/core/diff/release_diff.h"
#include "common/core/release/record.h"

/// What changes around the objects: values, defaults, the chart's own words, hooks and CRDs.
namespace datafly::diff {

/// Leaf by leaf; a map that one side lacks is one change. JSON texts of objects; what cannot be
/// read counts as empty.
std::vector<ValueChange> DiffValues(std::string_view before_json, std::string_view after_json);

/// The same for the charts' defaults, marking those that the user's values (of the new side) hide.
std::vector<ValueChange> DiffDefaults(std::string_view before_json, std::string_view after_json,
                                      std::string_view user_json);

std::vector<ChartField> DiffChart(const release::ChartInfo& before,
                                  const release::ChartInfo& after);

/// By kind and name. Errors: a hook's manifest that is not YAML.
Result<std::vector<HookChange>> DiffHooks(const std::vector<release::Hook>& before,
                                          const std::vector<release::Hook>& after);

/// The chart's crds/ folder. Errors: a file that is not YAML.
Result<std::vector<CrdChange>> DiffCrds(const std::vector<release::ChartFile>& before,
                                        const std::vector<release::ChartFile>& after);

/// One container's image on both sides; "" = not there.
struct ImageUse {
  std::string user;  ///< "Deployment/gateway (app)"
  std::string before, after;
};
/// The images of an object's containers, from its old and new text (JSON; "" = not there).
std::vector<ImageUse> ImagesOf(const std::string& object, std::string_view before_json,
                               std::string_view after_json);
/// Uses of like images together; those that stay as they are, if in another object, left out.
std::vector<ImageChange> GroupImages(const std::vector<ImageUse>& uses);

}  // namespace datafly::diff

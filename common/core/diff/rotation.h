#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/diff/paired_objects.h"
#include "common/core/release/record.h"

namespace datafly::diff {

/// Whether a chart may give another manifest at each rendering, by its templates (template_scan.h).
/// Those of dependencies are not in what Helm gives: they may hold anything.
bool MayRotate(const release::ChartInfo& chart);

/// What of a chart comes out otherwise when it is rendered once more: values that it draws, and
/// objects whose very name it draws.
class Rotation {
 public:
  /// Of two renderings of the same. Errors: one that is not YAML, or holds what is no object.
  Result<void> Compare(std::string_view first, std::string_view second,
                       const PairedObjects& objects, const ObjectDiffer& differ);
  /// Marks the fields that rotate, and adds the risk.
  void Mark(const manifest::ObjectId& id, ResourceChange& change) const;

 private:
  [[nodiscard]] bool MarkFields(const std::set<std::string>& paths, ResourceChange& change) const;

  std::map<manifest::ObjectId, std::set<std::string>> paths_;
  std::set<manifest::ObjectId> names_;
};

}  // namespace datafly::diff

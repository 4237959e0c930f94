#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "common/core/base/result.h"
#include "common/core/diff/paired_objects.h"
#include "common/core/diff/release_diff.h"
#include "common/core/release/record.h"

namespace datafly::diff {

/// Whether a rendering may come out otherwise the next time, by its templates (template_scan.h) and
/// by the values and files that they render in turn. What Helm does not give may hold anything: the
/// templates of dependencies, and all of them where `helm template` rendered.
bool MayRotate(const release::ReleaseRecord& rendering);
/// How many further renderings prove it: more than one where chance may make two alike.
std::size_t FurtherRenderings(const release::ReleaseRecord& rendering);

/// What of a chart comes out otherwise when it is rendered once more: values that it draws, and
/// objects whose very name it draws.
class Rotation {
 public:
  /// Of two renderings of the same; adds to what was found before. Errors: one that is not YAML, or
  /// holds what is no object.
  Result<void> Compare(const release::ReleaseRecord& first, const release::ReleaseRecord& second,
                       const PairedObjects& objects, const ObjectDiffer& differ);
  /// Marks the fields that rotate, and adds the risk.
  void Mark(const manifest::ObjectId& id, ResourceChange& change) const;
  void Mark(HookChange& hook) const;

 private:
  Result<void> CompareManifests(std::string_view first, std::string_view second,
                                const PairedObjects& objects, const ObjectDiffer& differ);

  std::map<manifest::ObjectId, std::set<std::string>> paths_;
  std::set<manifest::ObjectId> names_;
  std::map<std::string, HookChange> hooks_;  ///< by what they are called: "Job/migrate"
};

}  // namespace datafly::diff

#pragma once

#include <deque>
#include <string>
#include <vector>

#include "common/core/diff/release_diff.h"

/// What is alike in a diff, brought together: a reader sees a label that changes on 40 objects
/// once.
namespace datafly::report {

/// A change that is the same on several objects.
struct SharedField {
  const diff::FieldChange* field = nullptr;
  std::vector<const diff::ResourceChange*> on;
};

/// One object, or the two that a renaming makes of one.
struct ObjectEntry {
  const diff::ResourceChange* object = nullptr;
  const diff::ResourceChange* old_object = nullptr;  ///< of a renaming: what goes away
  std::vector<const diff::FieldChange*> fields;  ///< its own: the chart's first, then the hand's
  bool shares = false;                           ///< it has changes of FoldedDiff::shared too
};

/// Objects with nothing but shared changes, and the same risks.
using AlikeObjects = std::vector<const diff::ResourceChange*>;

/// Objects to which the same happens.
struct ObjectGroup {
  std::string title;  ///< "Changed"
  std::string note;   ///< what that means, or ""
  std::vector<ObjectEntry> entries;
  std::vector<AlikeObjects> alike;
  std::size_t size = 0;  ///< objects in all
};

/// The risks of one class that are told together. A grave one always stands alone.
struct RiskLine {
  diff::RiskClass risk = diff::RiskClass::RestartsPods;
  std::vector<std::pair<const diff::ResourceChange*, const diff::Risk*>> of;
};

/// Points into the diff that it was made of.
struct FoldedDiff {
  std::vector<SharedField> shared;
  std::vector<ObjectGroup> groups;  ///< without the empty ones
  std::vector<RiskLine> grave, other;
  std::deque<diff::FieldChange> made;  ///< fields that stand for what the diff tells otherwise
};

/// Whether `quiet` shows the object, the field.
bool IsLoud(const diff::ResourceChange& object);
bool IsLoud(const diff::FieldChange& field);

/// `quiet` leaves only what is written, and risks.
FoldedDiff FoldDiff(const diff::ReleaseDiff& diff, bool quiet);

}  // namespace datafly::report

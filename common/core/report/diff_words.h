#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/core/diff/release_diff.h"
#include "common/core/report/diff_fold.h"

/// Words and marks that every form of a diff for people shares. Text in them is as it came:
/// renderers escape it.
namespace datafly::report {

/// Told apart without colour: "+", "-", "~", "↕".
std::string_view Mark(diff::FieldOp op);

/// "restarts 2 pods", "drops data", …; `pods` are those of the object or objects, where known.
std::string Words(diff::RiskClass risk, std::optional<std::size_t> pods);

/// {"drops data", "restarts 2 pods"}: what is to be said beside an object's name, the gravest
/// first.
std::vector<std::string> Tags(const diff::ResourceChange& object, bool three_way);

/// "1 pod", "2 pods".
std::string Counted(std::size_t count, std::string_view noun);

/// How the objects of one diff are called: "Deployment/gateway", with its namespace where that is
/// not the release's, with its group where the diff has the kind of two groups.
class ObjectNames {
 public:
  explicit ObjectNames(const diff::ReleaseDiff& diff);
  [[nodiscard]] std::string Of(const diff::ResourceChange& object) const;

 private:
  std::string name_space_;
  std::unordered_map<std::string, std::string> groups_;  ///< kind -> its one group
  std::vector<std::string> ambiguous_;                   ///< kinds of several groups
};

/// "PersistentVolumeClaim/spool drops data: …", "restarts 60 pods on 20 objects: Deployment/a, …".
std::string RiskInWords(const RiskLine& line, const ObjectNames& names);
/// "20 objects (restarts 60 pods), as above and in nothing else: Deployment/a, Deployment/b, …".
std::string AlikeInWords(const AlikeObjects& alike, const ObjectNames& names);

/// What stands above an object's fields.
struct EntryWords {
  std::string_view mark;
  std::string name;  ///< "Deployment/a", "Deployment/a → Deployment/b"
  std::vector<std::string> tags;
};
EntryWords InWords(const ObjectEntry& entry, const ObjectNames& names, bool three_way);
std::string_view MarkOf(const diff::ResourceChange& object);
/// "Changed (3)", "Renamed (1): the old object is deleted, a new one is made".
std::string TitleOf(const ObjectGroup& group);
/// "on 40 objects".
std::string WhereShared(const SharedField& shared);

/// A part of a sentence about a field.
struct Piece {
  enum class Role { Words, New, Live } role = Role::Words;
  std::string text;
};

inline constexpr std::string_view kRotates = "rotates at every upgrade";

/// What happens to a field, in the order it is told: its values, then the rest of the sentence.
struct Telling {
  std::optional<std::string> old_value, new_value;
  std::vector<Piece> rest;  ///< ", " stands between this and the values
};
/// `2 → 3`, `cluster has 5 (changed by hand), Helm sets 2`, `changed (secret)`, … Empty when only
/// lines or what is inside tell it.
Telling Tell(const diff::FieldChange& field);
/// The whole in one line.
std::string InOneLine(const Telling& telling);

/// The same for a value or default of the chart.
Telling Tell(const diff::ValueChange& value);

/// "Diff of release datafly in namespace prod".
std::string TitleOf(const diff::ReleaseDiff& diff);
/// "2 things to stop at".
std::string GraveTitle(const FoldedDiff& folded);
inline constexpr std::string_view kOtherRisksTitle = "To know";
inline constexpr std::string_view kSharedTitle = "The same on many objects";
inline constexpr std::string_view kValuesTitle = "Your values";
inline constexpr std::string_view kDefaultsTitle = "Defaults of the chart";
inline constexpr std::string_view kWholeValue = "(all of it)";  ///< the path of a whole document

/// `from` and `to`: "revision 3 (deployed) · datafly-signal 1.2.0 · app 1.2.0".
std::string SideInWords(const diff::Side& side);
/// What the comparison could see: "the live objects were looked at", …
std::string BasisInWords(const diff::ReleaseDiff& diff);

/// "1.2.0 → 1.3.0", "1.3.0 (new)", "1.2.0 (no longer used)".
std::string TagsInWords(const diff::ImageChange& image);
Telling Tell(const diff::ImageChange& image);
diff::FieldOp OpOf(const diff::ImageChange& image);
/// "Job/migrate (pre-upgrade, pre-rollback)", "Job/migrate (pre-upgrade): rotates at every
/// upgrade".
std::string HookInWords(const diff::HookChange& hook);

/// "pipelines.datafly.io: Helm does not upgrade it".
std::string CrdInWords(const diff::CrdChange& crd);
inline constexpr std::string_view kCrdsTitle = "CRDs of the chart (crds/)";
/// "appVersion: 1.2.0 → 1.3.0".
std::string ChartFieldInWords(const diff::ChartField& field);
/// NOTES.txt may hold secrets: that it changed is all that is told.
inline constexpr std::string_view kNotesInWords = "NOTES.txt changed (its text is not shown)";

/// "Plan: 1 to add, 3 to change; pods of 2 workloads restart; 1 risk to stop at.", "Plan: no object
/// changes; different: values and NOTES.txt." or "No changes."
std::string PlanInWords(const diff::ReleaseDiff& diff);

}  // namespace datafly::report

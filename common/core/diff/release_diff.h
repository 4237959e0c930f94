#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/manifest/manifest.h"

/// What an upgrade or rollback would really change, by meaning. These structs are the result; they
/// hold text that is fit to show only after Redact() (redact.h), which is what makes a ShownDiff.
namespace datafly::diff {

enum class FieldOp { Added, Removed, Changed, Reordered };
std::string_view ToString(FieldOp op);  ///< "added", "removed", "changed", "reordered"

/// Who moved the field away from what the cluster has: the chart (old and new rendering differ), a
/// hand (the live object differs from a rendering that stays the same), or both.
enum class Origin { Chart, Drift, Both };
std::string_view ToString(Origin origin);  ///< "chart", "drift", "both"

/// What Helm will do with it.
enum class Effect {
  Writes,     ///< the live object changes here
  Already,    ///< the chart changes, and the live object is so already
  Spelling,   ///< written differently, the same by value (1000m and 1)
  Stays,      ///< differs from the chart and Helm does not touch it
  Conflicts,  ///< server-side apply: another manager owns it, the upgrade fails here
};
std::string_view ToString(
    Effect effect);  ///< "writes", "already", "spelling", "stays", "conflicts"

/// One line of a text: ' ' as it was, '-' only in the old one, '+' only in the new one, '@' where
/// lines that are the same were left out.
struct TextLine {
  char mark = ' ';
  std::string text;
};

struct FieldChange {
  /// "spec.template.spec.containers[name=app].image"; a key that is no plain word stands in
  /// brackets: metadata.annotations["checksum/config"].
  std::string path;
  FieldOp op = FieldOp::Changed;
  Origin origin = Origin::Chart;
  Effect effect = Effect::Writes;
  /// The values as JSON text (a string with its quotes); nothing where a side has none, or where
  /// the value is a secret (`secret`), or where `lines` or `inside` tells it better.
  std::optional<std::string> old_value, new_value, live_value;
  bool secret = false;          ///< the values are not to be seen
  bool unstable = false;        ///< another value at each rendering: rotates at every upgrade
  std::vector<TextLine> lines;  ///< of a text of several lines
  /// What differs within a text that is itself JSON or YAML; empty and `formatting_only` when only
  /// its layout does.
  std::vector<FieldChange> inside;
  bool formatting_only = false;
};

enum class RiskClass {
  RestartsPods,
  ReplacesObject,  ///< an immutable field: the object must be deleted and made anew; Helm fails
  DropsData,       ///< a PVC, CRD, Namespace or the like goes away
  ChangesSecret,
  ChangesSelector,    ///< pods are no longer found by what selects them
  ScalesAgainstHpa,   ///< spec.replicas is rendered for what an HPA scales
  Conflicts,          ///< server-side apply will refuse
  Refused,            ///< the API server will not take the object
  TakesOver,          ///< the object exists and does not belong to this release
  InterruptsTraffic,  ///< a Service's type, ports or address
  UndoesHandChange,   ///< drift that the upgrade overwrites
  RotatesAtEveryUpgrade,
};
std::string_view ToString(RiskClass risk);  ///< "restarts-pods", "replaces-object", …
/// Whether this risk is one to stop at (an upgrade that fails, data that is lost) rather than one
/// to know of.
bool IsGrave(RiskClass risk);

struct Risk {
  RiskClass risk = RiskClass::RestartsPods;
  std::string reason;  ///< "spec.template changes: 2 pods of Deployment/gateway are replaced"
};

enum class ResourceOp {
  Added,
  Removed,
  Changed,
  Recreated,  ///< in both manifests, but deleted from the cluster by hand
  Kept,       ///< leaves the manifest; helm.sh/resource-policy keeps the object
  Unchanged,  ///< nothing is written; there is something to say (drift that stays, spelling)
};
std::string_view ToString(ResourceOp op);  ///< "added", "removed", …

struct ResourceChange {
  manifest::ObjectId id;        ///< the namespace is filled in for namespaced kinds
  std::string api_version;      ///< of the new side, else of the old one
  std::string old_api_version;  ///< only where it changes
  std::string source;           ///< template, or ""
  ResourceOp op = ResourceOp::Changed;
  /// Whether Helm's run changes the stored object: what a resourceVersion would show.
  bool writes = true;
  bool live_known = false;  ///< the live object (or its absence) was seen
  /// "Deployment/x" of the object that this one most likely is under a new name (on both of them).
  std::string renamed_from, renamed_to;
  std::vector<FieldChange> fields;
  std::vector<Risk> risks;
  /// Pods that a changed template replaces, where their number is known (live, else rendered).
  std::optional<std::size_t> restarting_pods;
};

struct ValueChange {
  std::string path;  ///< "gateway.replicas"
  FieldOp op = FieldOp::Changed;
  std::optional<std::string> old_value, new_value;  ///< JSON text; nothing for a secret
  bool secret = false;
  bool overridden = false;  ///< of a default: the user's own value hides it
};

struct ImageChange {
  std::string repository;
  std::string old_tag, new_tag;    ///< tag or digest; "" = not used on that side
  std::vector<std::string> users;  ///< "Deployment/gateway (app)"
};

struct HookChange {
  std::string object;  ///< "Job/migrate"
  std::vector<std::string> events;
  FieldOp op = FieldOp::Changed;
  std::vector<FieldChange> fields;
  bool unstable = false;  ///< other values, or another name, at each rendering
};

/// A CRD of the chart's crds/ folder: Helm installs them once and never again.
struct CrdChange {
  std::string name;
  FieldOp op = FieldOp::Changed;
  std::string note;  ///< what Helm does with it, and what to do
};

struct ChartField {
  std::string field;  ///< "version", "appVersion", "kubeVersion", …
  std::string old_value, new_value;
};

/// One side of the comparison.
struct Side {
  std::string title;  ///< "revision 3 (deployed)", "datafly-signal 1.3.0, rendered by helm"
  std::string chart, version, app_version;
  std::int64_t revision = 0;  ///< 0 = not a revision
};

struct ReleaseDiff {
  std::string release, name_space;
  Side old_side, new_side;
  bool three_way = false;  ///< live objects were asked for
  /// Rendered by `helm template`, which sees no cluster: lookups are empty, hooks and capabilities
  /// may differ.
  bool rendered_offline = false;
  std::vector<ResourceChange>
      resources;                      ///< by kind and name; those with nothing to say are not here
  std::size_t unchanged = 0;          ///< objects with nothing to say
  std::vector<ValueChange> values;    ///< the user's own
  std::vector<ValueChange> defaults;  ///< the chart's
  std::vector<ChartField> chart;
  std::vector<ImageChange> images;
  std::vector<HookChange> hooks;
  std::vector<CrdChange> crds;
  bool notes_changed = false;  ///< NOTES.txt; its text may hold secrets and is never shown
  std::vector<std::string>
      notes;  ///< what the reader must know: "live ConfigMaps are not known: …"
  /// Live kinds that could not be read: then nothing is certain about drift in them.
  std::vector<std::string> unknown;
};

/// What is added, removed and so on, in numbers.
struct Counts {
  std::size_t added = 0, removed = 0, changed = 0, recreated = 0, kept = 0, unchanged = 0;
  std::size_t grave = 0;     ///< grave risks
  std::size_t restarts = 0;  ///< workloads whose pods restart
};
Counts CountOf(const ReleaseDiff& diff);

/// Whether anything differs: objects, hooks, values, chart, CRDs. Never depends on what is hidden.
bool Differs(const ReleaseDiff& diff);

}  // namespace datafly::diff

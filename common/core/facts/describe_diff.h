#pragma once

#include "common/core/diff/release_diff.h"
#include "common/core/facts/describe.h"

/// A diff as Redact left it, for snapshots: see describe.h.
namespace datafly::manifest {

template <class V>
constexpr void Describe(V& v, Type<ObjectId>) {
  using S = ObjectId;
  v.Name("ObjectId");
  v.Field("group", &S::group);
  v.Field("kind", &S::kind);
  v.Field("namespace", &S::name_space);
  v.Field("name", &S::name);
}
static_assert(DescribedWhole<ObjectId>);

}  // namespace datafly::manifest

namespace datafly::diff {

inline std::string_view NameOf(FieldOp op) { return ToString(op); }
inline std::string_view NameOf(Origin origin) { return ToString(origin); }
inline std::string_view NameOf(Effect effect) { return ToString(effect); }
inline std::string_view NameOf(RiskClass risk) { return ToString(risk); }
inline std::string_view NameOf(ResourceOp op) { return ToString(op); }

template <class V>
constexpr void Describe(V& v, Type<TextLine>) {
  using S = TextLine;
  v.Name("DiffTextLine");
  v.Field("mark", &S::mark);
  v.Field("text", &S::text);
}
static_assert(DescribedWhole<TextLine>);

template <class V>
constexpr void Describe(V& v, Type<FieldChange>) {
  using S = FieldChange;
  v.Name("DiffField");
  v.Field("path", &S::path);
  v.Field("op", &S::op);
  v.Field("origin", &S::origin);
  v.Field("effect", &S::effect);
  v.Field("old", &S::old_value);
  v.Field("new", &S::new_value);
  v.Field("live", &S::live_value);
  v.Field("secret", &S::secret);
  v.Field("unstable", &S::unstable);
  v.Field("lines", &S::lines);
  v.Field("inside", &S::inside);
  v.Field("formattingOnly", &S::formatting_only);
}
static_assert(DescribedWhole<FieldChange>);

template <class V>
constexpr void Describe(V& v, Type<Risk>) {
  using S = Risk;
  v.Name("DiffRisk");
  v.Field("class", &S::risk);
  v.Field("reason", &S::reason);
}
static_assert(DescribedWhole<Risk>);

template <class V>
constexpr void Describe(V& v, Type<ResourceChange>) {
  using S = ResourceChange;
  v.Name("DiffResource");
  v.Field("id", &S::id);
  v.Field("apiVersion", &S::api_version);
  v.Field("oldApiVersion", &S::old_api_version);
  v.Field("source", &S::source);
  v.Field("op", &S::op);
  v.Field("writes", &S::writes);
  v.Field("liveKnown", &S::live_known);
  v.Field("renamedFrom", &S::renamed_from);
  v.Field("renamedTo", &S::renamed_to);
  v.Field("fields", &S::fields);
  v.Field("risks", &S::risks);
  v.Field("restartingPods", &S::restarting_pods);
}
static_assert(DescribedWhole<ResourceChange>);

template <class V>
constexpr void Describe(V& v, Type<ValueChange>) {
  using S = ValueChange;
  v.Name("DiffValue");
  v.Field("path", &S::path);
  v.Field("op", &S::op);
  v.Field("old", &S::old_value);
  v.Field("new", &S::new_value);
  v.Field("secret", &S::secret);
  v.Field("overridden", &S::overridden);
}
static_assert(DescribedWhole<ValueChange>);

template <class V>
constexpr void Describe(V& v, Type<ImageChange>) {
  using S = ImageChange;
  v.Name("DiffImage");
  v.Field("repository", &S::repository);
  v.Field("oldTag", &S::old_tag);
  v.Field("newTag", &S::new_tag);
  v.Field("users", &S::users);
}
static_assert(DescribedWhole<ImageChange>);

template <class V>
constexpr void Describe(V& v, Type<HookChange>) {
  using S = HookChange;
  v.Name("DiffHook");
  v.Field("object", &S::object);
  v.Field("events", &S::events);
  v.Field("op", &S::op);
  v.Field("fields", &S::fields);
  v.Field("unstable", &S::unstable);
}
static_assert(DescribedWhole<HookChange>);

template <class V>
constexpr void Describe(V& v, Type<CrdChange>) {
  using S = CrdChange;
  v.Name("DiffCrd");
  v.Field("name", &S::name);
  v.Field("op", &S::op);
  v.Field("note", &S::note);
}
static_assert(DescribedWhole<CrdChange>);

template <class V>
constexpr void Describe(V& v, Type<ChartField>) {
  using S = ChartField;
  v.Name("DiffChartField");
  v.Field("field", &S::field);
  v.Field("old", &S::old_value);
  v.Field("new", &S::new_value);
}
static_assert(DescribedWhole<ChartField>);

template <class V>
constexpr void Describe(V& v, Type<Side>) {
  using S = Side;
  v.Name("DiffSide");
  v.Field("title", &S::title);
  v.Field("chart", &S::chart);
  v.Field("version", &S::version);
  v.Field("appVersion", &S::app_version);
  v.Field("revision", &S::revision);
}
static_assert(DescribedWhole<Side>);

template <class V>
constexpr void Describe(V& v, Type<ReleaseDiff>) {
  using S = ReleaseDiff;
  v.Name("Diff");
  v.Field("release", &S::release);
  v.Field("namespace", &S::name_space);
  v.Field("oldSide", &S::old_side);
  v.Field("newSide", &S::new_side);
  v.Field("threeWay", &S::three_way);
  v.Field("renderedOffline", &S::rendered_offline);
  v.Field("resources", &S::resources);
  v.Field("unchanged", &S::unchanged);
  v.Field("values", &S::values);
  v.Field("defaults", &S::defaults);
  v.Field("chart", &S::chart);
  v.Field("images", &S::images);
  v.Field("hooks", &S::hooks);
  v.Field("crds", &S::crds);
  v.Field("notesChanged", &S::notes_changed);
  v.Field("notes", &S::notes);
  v.Field("unknown", &S::unknown);
}
static_assert(DescribedWhole<ReleaseDiff>);

}  // namespace datafly::diff

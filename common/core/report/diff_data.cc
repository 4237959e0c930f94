#include "common/core/report/diff_data.h"

#include <nlohmann/json.hpp>

#include "common/core/manifest/yaml.h"
#include "common/core/report/data.h"

namespace datafly::report {

namespace {

using Json = nlohmann::ordered_json;

std::string Word(std::string_view text) { return std::string(text); }

/// The value itself; what is no JSON (any more, after a mask) is kept as text.
Json Value(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

void AddValue(Json& data, std::string_view key, const std::optional<std::string>& value,
              bool secret) {
  if (value && !secret) data[std::string(key)] = Value(*value);
}
void AddText(Json& data, std::string_view key, const std::string& text) {
  if (!text.empty()) data[std::string(key)] = text;
}

template <class Item, class Convert>
Json List(const std::vector<Item>& items, Convert convert) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(convert(item));
  return list;
}

Json LineData(const diff::TextLine& line) {
  return Json{{"mark", std::string(1, line.mark)}, {"text", line.text}};
}

Json FieldData(const diff::FieldChange& field) {
  Json data = {{"path", field.path},
               {"op", Word(ToString(field.op))},
               {"origin", Word(ToString(field.origin))},
               {"effect", Word(ToString(field.effect))}};
  AddValue(data, "old", field.old_value, field.secret);
  AddValue(data, "new", field.new_value, field.secret);
  AddValue(data, "live", field.live_value, field.secret);
  data["secret"] = field.secret;
  data["unstable"] = field.unstable;
  data["formattingOnly"] = field.formatting_only;
  if (field.secret) return data;
  if (!field.lines.empty()) data["lines"] = List(field.lines, LineData);
  if (!field.inside.empty()) data["inside"] = List(field.inside, FieldData);
  return data;
}

Json RiskData(const diff::Risk& risk) {
  return Json{{"class", Word(ToString(risk.risk))},
              {"reason", risk.reason},
              {"grave", diff::IsGrave(risk.risk)}};
}

Json ResourceData(const diff::ResourceChange& object) {
  Json data = {{"apiVersion", object.api_version}};
  AddText(data, "oldApiVersion", object.old_api_version);
  data["kind"] = object.id.kind;
  AddText(data, "namespace", object.id.name_space);
  data["name"] = object.id.name;
  data["change"] = Word(ToString(object.op));
  data["writes"] = object.writes;
  data["liveKnown"] = object.live_known;
  AddText(data, "source", object.source);
  AddText(data, "renamedFrom", object.renamed_from);
  AddText(data, "renamedTo", object.renamed_to);
  if (object.restarting_pods) data["restartingPods"] = *object.restarting_pods;
  data["fields"] = List(object.fields, FieldData);
  data["risks"] = List(object.risks, RiskData);
  return data;
}

Json ValueData(const diff::ValueChange& value) {
  Json data = {{"path", value.path}, {"op", Word(ToString(value.op))}};
  AddValue(data, "old", value.old_value, value.secret);
  AddValue(data, "new", value.new_value, value.secret);
  data["secret"] = value.secret;
  return data;
}

Json DefaultData(const diff::ValueChange& value) {
  Json data = ValueData(value);
  data["overridden"] = value.overridden;
  return data;
}

Json ChartData(const diff::ChartField& field) {
  return Json{{"field", field.field}, {"old", field.old_value}, {"new", field.new_value}};
}

Json ImageData(const diff::ImageChange& image) {
  return Json{{"repository", image.repository},
              {"oldTag", image.old_tag},
              {"newTag", image.new_tag},
              {"users", image.users}};
}

Json HookData(const diff::HookChange& hook) {
  return Json{{"object", hook.object},
              {"events", hook.events},
              {"op", Word(ToString(hook.op))},
              {"unstable", hook.unstable},
              {"fields", List(hook.fields, FieldData)}};
}

Json CrdData(const diff::CrdChange& crd) {
  return Json{{"name", crd.name}, {"op", Word(ToString(crd.op))}, {"note", crd.note}};
}

Json SideData(const diff::Side& side) {
  Json data = {{"title", side.title},
               {"chart", side.chart},
               {"version", side.version},
               {"appVersion", side.app_version}};
  if (side.revision != 0) data["revision"] = side.revision;
  return data;
}

Json CountsData(const diff::Counts& counts) {
  return Json{{"added", counts.added},      {"removed", counts.removed},
              {"changed", counts.changed},  {"recreated", counts.recreated},
              {"kept", counts.kept},        {"unchanged", counts.unchanged},
              {"graveRisks", counts.grave}, {"restarts", counts.restarts}};
}

}  // namespace

nlohmann::ordered_json ToData(const diff::ReleaseDiff& diff) {
  return Json{{"schemaVersion", Word(kSchemaVersion)},
              {"kind", "Diff"},
              {"release", diff.release},
              {"namespace", diff.name_space},
              {"old", SideData(diff.old_side)},
              {"new", SideData(diff.new_side)},
              {"threeWay", diff.three_way},
              {"renderedOffline", diff.rendered_offline},
              {"differs", diff::Differs(diff)},
              {"summary", CountsData(diff::CountOf(diff))},
              {"resources", List(diff.resources, ResourceData)},
              {"values", List(diff.values, ValueData)},
              {"defaults", List(diff.defaults, DefaultData)},
              {"chart", List(diff.chart, ChartData)},
              {"images", List(diff.images, ImageData)},
              {"hooks", List(diff.hooks, HookData)},
              {"crds", List(diff.crds, CrdData)},
              {"notesChanged", diff.notes_changed},
              {"notes", diff.notes},
              {"unknown", diff.unknown}};
}

std::string DiffJson(const diff::ReleaseDiff& diff) { return DumpJson(ToData(diff)); }

// By way of JSON, as a report (yaml.cc).
std::string DiffYaml(const diff::ReleaseDiff& diff) {
  auto data = nlohmann::ordered_json::parse(DiffJson(diff), nullptr, false);
  return EscapeHazards(yaml::EmitOrdered(data));
}

}  // namespace datafly::report

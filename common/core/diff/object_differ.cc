#include "common/core/diff/object_differ.h"

#include <nlohmann/json.hpp>

#include "common/core/diff/field_rules.h"
#include "common/core/diff/malformed.h"
#include "common/core/diff/normalize.h"
#include "common/core/diff/risks.h"
#include "common/core/diff/schema_prune.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;
using manifest::Object;
using manifest::ObjectId;

Json Parse(const std::string& text) { return Json::parse(text, nullptr, false); }

bool Any(const std::vector<FieldChange>& fields, Effect effect) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const FieldChange& field) { return field.effect == effect; });
}

ResourceChange Describe(const ObjectId& id, const ObjectPair& pair) {
  ResourceChange change;
  change.id = id;
  change.api_version = pair.Any().api_version;
  change.source = pair.Any().source;
  if (pair.before != nullptr && pair.before->api_version != change.api_version)
    change.old_api_version = pair.before->api_version;
  return change;
}

/// Annotations that nobody has put there by hand: the Deployment controller's revision, the API
/// server's generation of a DaemonSet's template.
bool IsControllers(const std::string& annotation) {
  return annotation == "deployment.kubernetes.io/revision" ||
         annotation == "deprecated.daemonset.template.generation";
}

std::string NameOf(const ObjectId& id) { return fmt::format("{}/{}", id.kind, id.name); }

}  // namespace

/// Both manifests' versions of one object, ready to be compared; parsed once where they are the
/// same.
struct ObjectDiffer::Manifests {
  Json before;
  std::optional<Json> changed;  ///< the new one, unless it is as the old one
  std::string unquoted;         ///< of the changed one: FirstUnquoted
  [[nodiscard]] const Json& after() const { return changed ? *changed : before; }
  template <class Change>
  void ForEach(Change change) {
    change(before);
    if (changed) change(*changed);
  }
};

ObjectDiffer::Manifests ObjectDiffer::ManifestsOf(const Object& before, const Object& after) {
  Manifests both;
  both.before = Parse(before.json);
  if (&before != &after && before.json != after.json) {
    both.changed = Parse(after.json);
    both.unquoted = FirstUnquoted(*both.changed);
    if (after.kind == "Secret") DropLostStringData(both.before, *both.changed);
  }
  both.ForEach(Normalize);
  return both;
}

void ObjectDiffer::AddCrd(const Json& crd) {
  const Json::json_pointer group("/spec/group");
  const Json::json_pointer kind("/spec/names/kind");
  if (!crd.is_object() || !crd.contains(group) || !crd.contains(kind)) return;
  if (!crd[group].is_string() || !crd[kind].is_string()) return;
  crds_.insert_or_assign({crd[group].get<std::string>(), crd[kind].get<std::string>()},
                         std::make_shared<const Json>(crd));
}

ComparisonRules ObjectDiffer::RulesFor(const ObjectId& id) const {
  return {IsBuiltInGroup(id.group), request_.method, request_.force_conflicts, id.kind};
}

void ObjectDiffer::AddRisks(const ObjectPair& pair, const Json* live,
                            ResourceChange& change) const {
  const auto text = [](const Object* object) { return object ? &object->json : nullptr; };
  Risks risks =
      RisksOf(change, {scaled_, request_.replaces, request_.method == ApplyMethod::ServerSide, live,
                       text(pair.before), text(pair.after)});
  change.restarting_pods = risks.restarting_pods;
  for (Risk& risk : risks.all) change.risks.push_back(std::move(risk));
}

ResourceChange ObjectDiffer::WithLive(const ObjectId& id, const ObjectPair& pair,
                                      const Json& live) const {
  ResourceChange change = Describe(id, pair);
  change.live_known = true;
  std::string unquoted;
  if (pair.after == nullptr) {
    const bool kept = IsKept(live);
    change.op = kept ? ResourceOp::Kept : ResourceOp::Removed;
    change.writes = !kept;
  } else {
    unquoted = CompareFields(pair, live, change);
  }
  AddRisks(pair, &live, change);
  TellUnquoted(unquoted, change);
  if (pair.before == nullptr && !IsOwnedBy(live, request_.release, request_.name_space))
    TellTakeOver(change);
  return change;
}

/// Of one that is not compared with an old manifest. What was applied as it stands has been taken.
std::string ObjectDiffer::UnquotedOf(const ObjectPair& pair) {
  const bool taken = pair.before != nullptr && pair.before->json == pair.after->json;
  return taken ? std::string() : FirstUnquoted(Parse(pair.after->json));
}

void ObjectDiffer::TellUnquoted(const std::string& path, ResourceChange& change) {
  if (!path.empty() && IsBuiltInGroup(change.id.group))
    change.risks.push_back(
        {RiskClass::Refused,
         fmt::format("{} must be a text: quote it in the template, or the API server refuses the "
                     "object",
                     path)});
}

void ObjectDiffer::TellTakeOver(ResourceChange& change) const {
  const std::string name = NameOf(change.id);
  if (request_.take_ownership) {
    change.writes = true;
    change.op = ResourceOp::Changed;
    change.risks.push_back(
        {RiskClass::TakesOver,
         fmt::format("{} exists and belongs to something else; this release takes it over", name)});
  } else {
    change.risks.push_back(
        {RiskClass::TakesOver,
         fmt::format("{} exists and does not belong to this release: Helm refuses the upgrade",
                     name)});
  }
}

/// Gives what FirstUnquoted finds in the new manifest.
std::string ObjectDiffer::CompareFields(const ObjectPair& pair, const Json& live,
                                        ResourceChange& change) const {
  // What is adopted has no old manifest: Helm takes the new one for it.
  Manifests both = ManifestsOf(pair.before == nullptr ? *pair.after : *pair.before, *pair.after);
  both.ForEach(
      [&](Json& manifest) { AddOwnership(manifest, request_.release, request_.name_space); });
  const Json stored = NormalizedCopy(live);
  const auto undeclared = PruneUndeclared(change, both);
  // Only server-side apply asks who owns what.
  const bool asks = request_.method == ApplyMethod::ServerSide;
  const Json managed = asks ? ReadManagedFields(live) : Json();
  change.fields = CompareObjects({&both.before, &both.after(), &stored, OwnersOf(managed)},
                                 RulesFor(change.id));
  if (!undeclared.empty()) TellUndeclared(undeclared, change);
  if (request_.replaces) TellReplaced(both.after(), live, change);
  change.writes = Any(change.fields, Effect::Writes);
  const bool differs = change.writes || Any(change.fields, Effect::Conflicts);
  change.op = differs ? ResourceOp::Changed : ResourceOp::Unchanged;
  return pair.before == nullptr ? UnquotedOf(pair) : both.unquoted;
}

/// Custom resources are stored without what their CRD does not declare.
std::vector<std::string> ObjectDiffer::PruneUndeclared(const ResourceChange& change,
                                                       Manifests& both) const {
  const auto crd = crds_.find({change.id.group, change.id.kind});
  if (crd == crds_.end()) return {};
  const std::string version = change.api_version.substr(change.api_version.find('/') + 1);
  const Json* schema = SchemaOf(*crd->second, version);
  if (schema == nullptr) return {};
  auto undeclared = Prune(both.before, *schema);
  return both.changed ? Prune(*both.changed, *schema) : std::move(undeclared);
}

/// Client-side it is lost without a word; server-side apply refuses it.
void ObjectDiffer::TellUndeclared(const std::vector<std::string>& paths,
                                  ResourceChange& change) const {
  const bool refused = request_.method == ApplyMethod::ServerSide;
  for (const std::string& path : paths) {
    FieldChange field;
    field.path = path;
    field.op = FieldOp::Added;
    field.effect = refused ? Effect::Conflicts : Effect::Stays;
    field.new_value = R"("not declared by the CRD in the cluster")";
    change.fields.push_back(std::move(field));
  }
  if (refused)
    change.risks.push_back(
        {RiskClass::Refused,
         fmt::format("{} is not declared by the CRD in the cluster: server-side apply refuses it",
                     paths.front())});
}

/// --force puts the new manifest in the place of the object: labels and annotations that only
/// the live one has are lost, among them a Deployment's revision, which moves its generation.
void ObjectDiffer::TellReplaced(const Json& after, const Json& live, ResourceChange& change) {
  for (const char* map : {"labels", "annotations"}) {
    const Json::json_pointer at = Json::json_pointer("/metadata") / map;
    if (!live.contains(at) || !live[at].is_object()) continue;
    const Json kept = after.value(at, Json::object());
    for (const auto& [key, value] : live[at].items()) {
      if (kept.contains(key)) continue;
      FieldChange field;
      field.path = Place{fmt::format("metadata.{}", map), {}, true}.Member(key).path;
      field.op = FieldOp::Removed;
      if (!IsControllers(key)) field.origin = Origin::Drift;
      field.old_value = value.dump(-1, ' ', false, Json::error_handler_t::replace);
      change.fields.push_back(std::move(field));
    }
  }
}

ResourceChange ObjectDiffer::WithoutLive(const ObjectId& id, const ObjectPair& pair,
                                         bool absence_known) const {
  ResourceChange change = Describe(id, pair);
  change.live_known = absence_known;
  std::string unquoted;
  if (pair.after == nullptr) {
    const bool kept = !absence_known && IsKept(Parse(pair.before->json));
    change.op = kept ? ResourceOp::Kept : ResourceOp::Removed;
    change.writes = !absence_known && !kept;
  } else if (pair.before == nullptr || absence_known) {
    change.op = pair.before == nullptr ? ResourceOp::Added : ResourceOp::Recreated;
    unquoted = UnquotedOf(pair);
  } else {
    unquoted = CompareTwoWays(pair, change);
  }
  AddRisks(pair, nullptr, change);
  TellUnquoted(unquoted, change);
  return change;
}

/// As CompareFields.
std::string ObjectDiffer::CompareTwoWays(const ObjectPair& pair, ResourceChange& change) const {
  const Manifests both = ManifestsOf(*pair.before, *pair.after);
  change.fields = CompareObjects({&both.before, &both.after(), nullptr}, RulesFor(change.id));
  change.writes = Any(change.fields, Effect::Writes);
  change.op = change.writes ? ResourceOp::Changed : ResourceOp::Unchanged;
  return both.unquoted;
}

std::set<std::string> ObjectDiffer::PathsThatDiffer(const ObjectId& id,
                                                    const ObjectPair& renderings) const {
  const Manifests both = ManifestsOf(*renderings.before, *renderings.after);
  std::set<std::string> paths;
  for (const FieldChange& field :
       CompareObjects({&both.before, &both.after(), nullptr}, RulesFor(id)))
    paths.insert(field.path);
  return paths;
}

}  // namespace datafly::diff

#include "common/core/diff/risks.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/diff/immutable.h"
#include "common/core/diff/restarts.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Null where there is none.
Json Parse(const std::string* text) {
  return text == nullptr ? Json() : Json::parse(*text, nullptr, false);
}

std::string NameOf(const ResourceChange& change) {
  return fmt::format("{}/{}", change.id.kind, change.id.name);
}

/// What conflicts is not written: Helm fails there.
bool Writes(const FieldChange& field) { return field.effect == Effect::Writes; }

/// PVCs hold data themselves; of the others the server takes along what is in them.
std::string DataLostWith(std::string_view kind) {
  if (kind == "PersistentVolumeClaim")
    return "its volume goes with it, unless the class retains it";
  if (kind == "PersistentVolume") return "the volume is let go";
  if (kind == "CustomResourceDefinition")
    return "every object of this kind goes with it, in all namespaces";
  if (kind == "Namespace") return "everything in the namespace goes with it";
  return {};
}

class Rules {
 public:
  Rules(const ResourceChange& change, const RiskContext& context)
      : change_(change), context_(context) {}

  Risks All() {
    OfRemoval();
    if (change_.op == ResourceOp::Changed) {
      for (const FieldChange& field : change_.fields) OfField(field);
      OfPodTemplate();
      OfStrategy();
      OfSecret();
    }
    OfReplicas();
    OfForcedJob();
    return {std::move(risks_), restarting_pods_};
  }

 private:
  /// One risk of a class: further reasons of the same class would only repeat it.
  void Add(RiskClass risk, std::string reason) {
    const bool known = std::any_of(risks_.begin(), risks_.end(),
                                   [&](const Risk& other) { return other.risk == risk; });
    if (!known) risks_.push_back({risk, std::move(reason)});
  }

  void OfRemoval() {
    const bool goes = change_.op == ResourceOp::Removed && change_.writes;
    const std::string lost = DataLostWith(change_.id.kind);
    if (goes && !lost.empty())
      Add(RiskClass::DropsData, fmt::format("{} is deleted: {}", NameOf(change_), lost));
  }

  void OfField(const FieldChange& field) {
    if (field.effect == Effect::Conflicts)
      Add(RiskClass::Conflicts,
          fmt::format("{} was set by another manager; server-side apply refuses it", field.path));
    if (!Writes(field)) return;
    if (IsImmutable(change_.id.kind, field, context_.live)) OfImmutable(field);
    if (field.origin != Origin::Chart)
      Add(RiskClass::UndoesHandChange,
          fmt::format("{} was changed in the cluster by hand; that is undone", field.path));
    if (change_.id.kind == "Service") OfService(field);
    if (IsOneOf(change_.id.kind, {"PodDisruptionBudget", "NetworkPolicy"}) &&
        IsUnderAny(field.path, {"spec.selector", "spec.podSelector"}))
      Add(RiskClass::ChangesSelector, fmt::format("{} selects other pods than before", field.path));
  }

  void OfImmutable(const FieldChange& field) {
    const bool selector = IsUnder(field.path, "spec.selector");
    if (selector) Add(RiskClass::ChangesSelector, fmt::format("{} changes", field.path));
    // --force (Helm 4: --force-replace) is a PUT, which the API server's validation refuses as
    // well.
    Add(RiskClass::ReplacesObject,
        fmt::format("{} is immutable: the upgrade fails, with --force as well, until the object is "
                    "deleted",
                    field.path));
  }

  void OfService(const FieldChange& field) {
    if (IsUnder(field.path, "spec.selector"))
      Add(RiskClass::ChangesSelector,
          fmt::format("{} changes: traffic goes to other pods", field.path));
    if (IsUnderAny(field.path, {"spec.type", "spec.ports", "spec.clusterIP", "spec.externalName"}))
      Add(RiskClass::InterruptsTraffic,
          fmt::format("{} changes: clients of the Service may lose it", field.path));
  }

  void OfPodTemplate() {
    if (!RunsPods(change_.id.kind)) return;
    const auto found =
        std::find_if(change_.fields.begin(), change_.fields.end(), [](const FieldChange& field) {
          return Writes(field) && IsUnder(field.path, "spec.template");
        });
    if (found == change_.fields.end()) return;
    const Restart restart =
        RestartOf(change_.id.kind, {Parse(context_.before), Parse(context_.after), context_.live});
    restarting_pods_ = restart.pods;
    Add(RiskClass::RestartsPods, fmt::format("{} changes: {}", found->path, restart.words));
  }

  void OfSecret() {
    if (change_.id.kind != "Secret" || !change_.id.group.empty()) return;
    for (const FieldChange& field : change_.fields) {
      if (Writes(field) && IsUnderAny(field.path, {"data", "type"}))
        return Add(
            RiskClass::ChangesSecret,
            fmt::format(
                "{} changes; pods that read it at start keep the old value until they restart",
                field.path));
    }
  }

  /// The rollingUpdate that the server filled in is nobody's: server-side apply leaves it, and
  /// validation then refuses the object.
  void OfStrategy() {
    if (!context_.server_side || change_.id.kind != "Deployment" || context_.live == nullptr)
      return;
    for (const FieldChange& field : change_.fields) {
      if (field.path == "spec.strategy.type" && field.new_value == R"("Recreate")" && Writes(field))
        Add(RiskClass::Refused,
            "spec.strategy.type becomes Recreate while the live object has rollingUpdate: "
            "server-side apply keeps that, and the API server refuses both together");
    }
  }

  /// A PUT of a Job lacks the selector that the API server gave it (ValidateJobSpec requires it),
  /// even where nothing else changes.
  void OfForcedJob() {
    const bool is_put = change_.op == ResourceOp::Changed || change_.op == ResourceOp::Unchanged;
    if (!context_.replaces || !is_put || change_.id.kind != "Job" || context_.live == nullptr)
      return;
    const Json after = Parse(context_.after);
    if (after.is_object() && !after.contains(Json::json_pointer("/spec/selector")))
      Add(RiskClass::Refused,
          "--force puts the Job as it is rendered, without the selector that the API server gave "
          "it: it refuses that, until the Job is deleted");
  }

  /// Rendered replicas set an HPA's count back at this upgrade or, where they are new and the count
  /// happens to be the same now, at a later one.
  void OfReplicas() {
    if (context_.scaled.count(NameOf(change_)) == 0) return;
    const Json::json_pointer replicas("/spec/replicas");
    const Json after = Parse(context_.after);
    if (!after.is_object() || !after.contains(replicas)) return;
    const bool written =
        std::any_of(change_.fields.begin(), change_.fields.end(), [](const FieldChange& field) {
          return field.path == "spec.replicas" && Writes(field) && field.op != FieldOp::Removed;
        });
    const Json before = Parse(context_.before);
    if (written)
      Add(RiskClass::ScalesAgainstHpa,
          "spec.replicas is rendered though an HPA scales it: the upgrade sets the count back");
    else if (!before.is_object() || !before.contains(replicas))
      Add(RiskClass::ScalesAgainstHpa,
          fmt::format(
              "spec.replicas is now rendered though an HPA scales it: each upgrade sets the "
              "count back to {}",
              after[replicas].dump()));
  }

  const ResourceChange& change_;
  const RiskContext& context_;
  std::vector<Risk> risks_;
  std::optional<std::size_t> restarting_pods_;
};

}  // namespace

Risks RisksOf(const ResourceChange& change, const RiskContext& context) {
  return Rules(change, context).All();
}

}  // namespace datafly::diff

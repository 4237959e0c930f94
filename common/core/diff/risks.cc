#include "common/core/diff/risks.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/diff/field_rules.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string NameOf(const ResourceChange& change) {
  return fmt::format("{}/{}", change.id.kind, change.id.name);
}

/// "spec.selector" covers itself and what is below it.
bool IsUnder(std::string_view path, std::string_view root) {
  if (!path.starts_with(root)) return false;
  return path.size() == root.size() || path[root.size()] == '.' || path[root.size()] == '[';
}

bool IsUnderAny(std::string_view path, std::initializer_list<std::string_view> roots) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](std::string_view root) { return IsUnder(path, root); });
}

bool IsWorkload(std::string_view kind) {
  return IsOneOf(kind, {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"});
}

bool Writes(const FieldChange& field) {
  return field.effect == Effect::Writes || field.effect == Effect::Conflicts;
}

/// What a StatefulSet may change (validation of apps/v1, ValidateStatefulSetUpdate).
bool IsMutableOfStatefulSet(std::string_view path) {
  return IsUnderAny(path, {"spec.replicas", "spec.ordinals", "spec.template", "spec.updateStrategy",
                           "spec.revisionHistoryLimit", "spec.persistentVolumeClaimRetentionPolicy",
                           "spec.minReadySeconds"});
}

/// A claim's request may be raised once it is bound (ValidatePersistentVolumeClaimUpdate); whether
/// its class allows it is not known here.
bool IsImmutableOfClaim(std::string_view path, const Json* live) {
  if (IsUnder(path, "spec.volumeAttributesClassName")) return false;
  if (!IsUnder(path, "spec.resources.requests")) return true;
  return live != nullptr && live->value(Json::json_pointer("/status/phase"), "") != "Bound";
}

bool IsImmutableInSpec(std::string_view kind, const FieldChange& field, const Json* live) {
  const std::string_view path = field.path;
  if (kind == "StatefulSet") return !IsMutableOfStatefulSet(path);
  if (IsOneOf(kind, {"Deployment", "DaemonSet", "ReplicaSet"}))
    return IsUnder(path, "spec.selector");
  if (kind == "Job")
    return IsUnderAny(path, {"spec.template", "spec.selector", "spec.completionMode",
                             "spec.manualSelector", "spec.podFailurePolicy", "spec.successPolicy",
                             "spec.backoffLimitPerIndex", "spec.managedBy"}) ||
           (IsUnder(path, "spec.completions"));
  if (kind == "PersistentVolumeClaim") return IsImmutableOfClaim(path, live);
  if (kind == "Service") return path == "spec.clusterIP" && field.op == FieldOp::Changed;
  if (kind == "Pod")
    return !path.ends_with("].image") &&
           !IsUnderAny(path, {"spec.tolerations", "spec.activeDeadlineSeconds",
                              "spec.terminationGracePeriodSeconds", "spec.schedulingGates"});
  if (kind == "PersistentVolume") return IsUnder(path, "spec.persistentVolumeSource");
  if (kind == "CustomResourceDefinition")
    return IsUnderAny(path, {"spec.scope", "spec.names.plural", "spec.group"});
  return false;
}

bool IsImmutable(std::string_view kind, const FieldChange& field, const Json* live) {
  const std::string_view path = field.path;
  if (IsUnder(path, "spec")) return IsImmutableInSpec(kind, field, live);
  if (IsOneOf(kind, {"RoleBinding", "ClusterRoleBinding"})) return IsUnder(path, "roleRef");
  if (kind == "StorageClass")
    return IsUnderAny(path, {"parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"});
  if (kind == "PriorityClass") return IsUnderAny(path, {"value", "preemptionPolicy"});
  if (kind == "Secret" && path == "type") return true;
  if (IsOneOf(kind, {"Secret", "ConfigMap"}) && live != nullptr && live->is_object()) {
    const auto immutable = live->find("immutable");
    return immutable != live->end() && *immutable == Json(true) &&
           IsUnderAny(path, {"data", "binaryData", "immutable"});
  }
  return false;
}

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

/// Numbers of a workload's pods, from the live object: "2 pods".
std::string Pods(const Json* live) {
  if (live == nullptr || !live->is_object()) return "its pods";
  const Json::json_pointer replicas("/spec/replicas");
  if (!live->contains(replicas) || !(*live)[replicas].is_number_integer()) return "its pods";
  const auto count = (*live)[replicas].get<std::int64_t>();
  if (count == 0) return "no pod runs now; its next ones";
  return count == 1 ? "its 1 pod" : fmt::format("its {} pods", count);
}

class Rules {
 public:
  Rules(const ResourceChange& change, const RiskContext& context)
      : change_(change), context_(context) {}

  std::vector<Risk> All() {
    OfRemoval();
    if (change_.op == ResourceOp::Changed) {
      for (const FieldChange& field : change_.fields) OfField(field);
      OfPodTemplate();
      OfStrategy();
      OfSecret();
    }
    OfReplicas();
    return std::move(risks_);
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
    Add(RiskClass::ReplacesObject,
        fmt::format(
            "{} is immutable: {}", field.path,
            context_.replaces
                ? "the object is replaced"
                : "the upgrade fails, unless the object is deleted first or --force is given"));
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
    if (!IsWorkload(change_.id.kind)) return;
    const auto found =
        std::find_if(change_.fields.begin(), change_.fields.end(), [](const FieldChange& field) {
          return Writes(field) && IsUnder(field.path, "spec.template");
        });
    if (found == change_.fields.end()) return;
    Add(RiskClass::RestartsPods,
        fmt::format("{} changes: {} are replaced", found->path, Pods(context_.live)));
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

  void OfReplicas() {
    if (context_.scaled.count(NameOf(change_)) == 0) return;
    for (const FieldChange& field : change_.fields) {
      if (field.path == "spec.replicas" && Writes(field) && field.op != FieldOp::Removed)
        Add(RiskClass::ScalesAgainstHpa,
            "spec.replicas is rendered though an HPA scales it: the upgrade sets the count back");
    }
  }

  const ResourceChange& change_;
  const RiskContext& context_;
  std::vector<Risk> risks_;
};

}  // namespace

std::vector<Risk> RisksOf(const ResourceChange& change, const RiskContext& context) {
  return Rules(change, context).All();
}

}  // namespace datafly::diff

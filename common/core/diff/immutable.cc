#include "common/core/diff/immutable.h"

#include <nlohmann/json.hpp>

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
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

/// The source (spec.nfs, spec.csi, …) and the mode are; a node affinity may be given once
/// (ValidatePersistentVolumeUpdate).
bool IsImmutableOfVolume(std::string_view path, const Json* live) {
  if (IsUnder(path, "spec.nodeAffinity"))
    return live == nullptr || live->contains(Json::json_pointer("/spec/nodeAffinity"));
  return !IsUnderAny(path, {"spec.capacity", "spec.accessModes", "spec.claimRef",
                            "spec.persistentVolumeReclaimPolicy", "spec.storageClassName",
                            "spec.mountOptions", "spec.volumeAttributesClassName"});
}

/// A suspended Job that never started may be told where to run (KEP-2926;
/// ValidatePodTemplateUpdate's AllowMutableSchedulingDirectives).
bool MayBeScheduledAnew(std::string_view path, const Json* live) {
  if (live == nullptr || live->contains(Json::json_pointer("/status/startTime"))) return false;
  const Json::json_pointer suspend("/spec/suspend");
  if (!live->contains(suspend) || (*live)[suspend] != Json(true)) return false;
  return IsUnderAny(path,
                    {"spec.template.spec.nodeSelector", "spec.template.spec.affinity.nodeAffinity",
                     "spec.template.spec.tolerations", "spec.template.spec.schedulingGates",
                     "spec.template.metadata.labels", "spec.template.metadata.annotations"});
}

bool IsImmutableOfJob(std::string_view path, const Json* live) {
  if (MayBeScheduledAnew(path, live)) return false;
  return IsUnderAny(path, {"spec.template", "spec.selector", "spec.completions",
                           "spec.completionMode", "spec.manualSelector", "spec.podFailurePolicy",
                           "spec.successPolicy", "spec.backoffLimitPerIndex", "spec.managedBy"});
}

bool IsImmutableInSpec(std::string_view kind, const FieldChange& field, const Json* live) {
  const std::string_view path = field.path;
  if (kind == "StatefulSet") return !IsMutableOfStatefulSet(path);
  if (IsOneOf(kind, {"Deployment", "DaemonSet", "ReplicaSet"}))
    return IsUnder(path, "spec.selector");
  if (kind == "Job") return IsImmutableOfJob(path, live);
  if (kind == "PersistentVolumeClaim") return IsImmutableOfClaim(path, live);
  if (kind == "PersistentVolume") return IsImmutableOfVolume(path, live);
  if (kind == "Service") return path == "spec.clusterIP" && field.op == FieldOp::Changed;
  if (kind == "Pod")
    return !path.ends_with("].image") &&
           !IsUnderAny(path, {"spec.tolerations", "spec.activeDeadlineSeconds",
                              "spec.terminationGracePeriodSeconds", "spec.schedulingGates"});
  if (kind == "CustomResourceDefinition")
    return IsUnderAny(path, {"spec.scope", "spec.names.kind", "spec.names.plural", "spec.group"});
  if (kind == "IngressClass") return IsUnder(path, "spec.controller");
  if (kind == "ResourceQuota") return IsUnder(path, "spec.scopes");
  return false;
}

bool IsImmutableAtTop(std::string_view kind, std::string_view path) {
  if (IsOneOf(kind, {"RoleBinding", "ClusterRoleBinding"})) return IsUnder(path, "roleRef");
  if (kind == "StorageClass")
    return IsUnderAny(path, {"parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"});
  if (kind == "PriorityClass") return IsUnderAny(path, {"value", "preemptionPolicy"});
  if (kind == "RuntimeClass") return path == "handler";
  if (kind == "EndpointSlice") return path == "addressType";
  return kind == "Secret" && path == "type";
}

}  // namespace

bool IsUnder(std::string_view path, std::string_view root) {
  if (!path.starts_with(root)) return false;
  return path.size() == root.size() || path[root.size()] == '.' || path[root.size()] == '[';
}

bool IsUnderAny(std::string_view path, std::initializer_list<std::string_view> roots) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](std::string_view root) { return IsUnder(path, root); });
}

bool IsImmutable(std::string_view kind, const FieldChange& field, const Json* live) {
  const std::string_view path = field.path;
  if (IsUnder(path, "spec")) return IsImmutableInSpec(kind, field, live);
  if (IsImmutableAtTop(kind, path)) return true;
  if (!IsOneOf(kind, {"Secret", "ConfigMap"}) || live == nullptr || !live->is_object())
    return false;
  const auto immutable = live->find("immutable");
  return immutable != live->end() && *immutable == Json(true) &&
         IsUnderAny(path, {"data", "binaryData", "immutable"});
}

}  // namespace datafly::diff

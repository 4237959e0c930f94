#include "common/core/checks/removed_apis.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace datafly::checks {

namespace {

constexpr std::array kRemoved = {
    RemovedApi{"apps/v1beta1", "ControllerRevision", 16, "apps/v1"},
    RemovedApi{"apps/v1beta1", "Deployment", 16, "apps/v1"},
    RemovedApi{"apps/v1beta1", "ReplicaSet", 16, "apps/v1"},
    RemovedApi{"apps/v1beta1", "StatefulSet", 16, "apps/v1"},
    RemovedApi{"apps/v1beta2", "ControllerRevision", 16, "apps/v1"},
    RemovedApi{"apps/v1beta2", "DaemonSet", 16, "apps/v1"},
    RemovedApi{"apps/v1beta2", "Deployment", 16, "apps/v1"},
    RemovedApi{"apps/v1beta2", "ReplicaSet", 16, "apps/v1"},
    RemovedApi{"apps/v1beta2", "StatefulSet", 16, "apps/v1"},
    RemovedApi{"extensions/v1beta1", "DaemonSet", 16, "apps/v1"},
    RemovedApi{"extensions/v1beta1", "Deployment", 16, "apps/v1"},
    RemovedApi{"extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"},
    RemovedApi{"extensions/v1beta1", "PodSecurityPolicy", 16, "policy/v1beta1"},
    RemovedApi{"extensions/v1beta1", "ReplicaSet", 16, "apps/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 22,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 22,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 22,
               "apiextensions.k8s.io/v1"},
    RemovedApi{"apiregistration.k8s.io/v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"},
    RemovedApi{"authentication.k8s.io/v1beta1", "TokenReview", 22, "authentication.k8s.io/v1"},
    RemovedApi{"authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", 22,
               "authorization.k8s.io/v1"},
    RemovedApi{"authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", 22,
               "authorization.k8s.io/v1"},
    RemovedApi{"authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", 22,
               "authorization.k8s.io/v1"},
    RemovedApi{"authorization.k8s.io/v1beta1", "SubjectAccessReview", 22,
               "authorization.k8s.io/v1"},
    RemovedApi{"certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22,
               "certificates.k8s.io/v1"},
    RemovedApi{"coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"},
    RemovedApi{"extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"},
    RemovedApi{"networking.k8s.io/v1beta1", "Ingress", 22, "networking.k8s.io/v1"},
    RemovedApi{"networking.k8s.io/v1beta1", "IngressClass", 22, "networking.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1beta1", "ClusterRole", 22,
               "rbac.authorization.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", 22,
               "rbac.authorization.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1beta1", "Role", 22, "rbac.authorization.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1beta1", "RoleBinding", 22,
               "rbac.authorization.k8s.io/v1"},
    RemovedApi{"scheduling.k8s.io/v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1beta1", "CSIDriver", 22, "storage.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1beta1", "CSINode", 22, "storage.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1beta1", "StorageClass", 22, "storage.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1beta1", "VolumeAttachment", 22, "storage.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1alpha1", "ClusterRole", 23,
               "rbac.authorization.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1alpha1", "ClusterRoleBinding", 23,
               "rbac.authorization.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1alpha1", "Role", 23, "rbac.authorization.k8s.io/v1"},
    RemovedApi{"rbac.authorization.k8s.io/v1alpha1", "RoleBinding", 23,
               "rbac.authorization.k8s.io/v1"},
    RemovedApi{"scheduling.k8s.io/v1alpha1", "PriorityClass", 23, "scheduling.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1alpha1", "CSIStorageCapacity", 24, "storage.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1alpha1", "VolumeAttachment", 24, "storage.k8s.io/v1"},
    RemovedApi{"autoscaling/v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"},
    RemovedApi{"batch/v1beta1", "CronJob", 25, "batch/v1"},
    RemovedApi{"discovery.k8s.io/v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"},
    RemovedApi{"events.k8s.io/v1beta1", "Event", 25, "events.k8s.io/v1"},
    RemovedApi{"node.k8s.io/v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"},
    RemovedApi{"policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"},
    RemovedApi{"policy/v1beta1", "PodSecurityPolicy", 25, ""},
    RemovedApi{"autoscaling/v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"},
    RemovedApi{"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 26,
               "flowcontrol.apiserver.k8s.io/v1"},
    RemovedApi{"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", 26,
               "flowcontrol.apiserver.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"},
    RemovedApi{"flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 29,
               "flowcontrol.apiserver.k8s.io/v1"},
    RemovedApi{"flowcontrol.apiserver.k8s.io/v1beta2", "PriorityLevelConfiguration", 29,
               "flowcontrol.apiserver.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicy", 32,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicyBinding", 32,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32,
               "flowcontrol.apiserver.k8s.io/v1"},
    RemovedApi{"flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", 32,
               "flowcontrol.apiserver.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 34,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBinding", 34,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1alpha1", "VolumeAttributesClass", 35, "storage.k8s.io/v1"},
    RemovedApi{"certificates.k8s.io/v1alpha1", "ClusterTrustBundle", 37,
               "certificates.k8s.io/v1beta1"},
    RemovedApi{"networking.k8s.io/v1beta1", "IPAddress", 37, "networking.k8s.io/v1"},
    RemovedApi{"networking.k8s.io/v1beta1", "ServiceCIDR", 37, "networking.k8s.io/v1"},
    RemovedApi{"storage.k8s.io/v1beta1", "VolumeAttributesClass", 37, "storage.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicy", 38,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1alpha1", "MutatingAdmissionPolicyBinding", 38,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta1", "DeviceClass", 38, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta1", "ResourceClaim", 38, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta1", "ResourceClaimTemplate", 38, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta1", "ResourceSlice", 38, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta2", "DeviceClass", 39, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta2", "ResourceClaim", 39, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta2", "ResourceClaimTemplate", 39, "resource.k8s.io/v1"},
    RemovedApi{"resource.k8s.io/v1beta2", "ResourceSlice", 39, "resource.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", 40,
               "admissionregistration.k8s.io/v1"},
    RemovedApi{"admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicyBinding", 40,
               "admissionregistration.k8s.io/v1"},
};

}  // namespace

std::span<const RemovedApi> RemovedApis() { return kRemoved; }

const RemovedApi* FindRemovedApi(std::string_view group_version, std::string_view kind) {
  auto found = std::find_if(kRemoved.begin(), kRemoved.end(), [&](const RemovedApi& api) {
    return api.group_version == group_version && api.kind == kind;
  });
  return found == kRemoved.end() ? nullptr : &*found;
}

std::optional<int> KubernetesMinor(std::string_view git_version) {
  if (git_version.starts_with('v')) git_version.remove_prefix(1);
  if (!git_version.starts_with("1.")) return std::nullopt;
  int minor = 0;
  const char* begin = git_version.data() + 2;
  auto [end, error] = std::from_chars(begin, git_version.data() + git_version.size(), minor);
  if (error != std::errc() || end == begin || minor < 0) return std::nullopt;
  return minor;
}

std::vector<MissingKind> MissingKindsIn(std::string_view helm_error) {
  constexpr std::string_view kKind = "no matches for kind \"";
  constexpr std::string_view kVersion = "\" in version \"";
  std::vector<MissingKind> missing;
  for (auto at = helm_error.find(kKind); at != std::string_view::npos;
       at = helm_error.find(kKind, at)) {
    at += kKind.size();
    auto between = helm_error.find(kVersion, at);
    if (between == std::string_view::npos) break;
    auto version = between + kVersion.size();
    auto end = helm_error.find('"', version);
    if (end == std::string_view::npos) break;
    missing.push_back({std::string(helm_error.substr(version, end - version)),
                       std::string(helm_error.substr(at, between - at))});
    at = end;
  }
  return missing;
}

bool IsAboutTodaysManifest(std::string_view helm_error) {
  return helm_error.find("current release manifest") != std::string_view::npos;
}

}  // namespace datafly::checks
